import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { DemoCandidate, DemoView, ModuleFaultWord, PlantView } from '@kkt/web-contract';
import {
  api,
  Card,
  EmptyState,
  ErrorState,
  PageHead,
  QueryView,
  queryOf,
  useLiveQuery,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { texts } from '../texts';
import { FaultLine } from './demo-fault';
import { PlantMap } from './plant-map';
import { plantTexts } from './texts-plant';
import './ops.css';

const moduleFaults: readonly ModuleFaultWord[] = [
  'unplug',
  'power-off',
  'hang',
  'lose-answer',
  'slow',
  'clock',
  'fn-fault',
  'fn-full',
];

interface Element {
  dc: string;
  kind: 'switch' | 'port' | 'feed';
  code: string;
}

/** What a newcomer may throw at the hall: elements by rack, and one register. */
export function DemoScreen(): ReactNode {
  const say = useTexts(plantTexts);
  const words = useTexts(texts);
  const { staff } = useMember();
  const query = useLiveQuery<DemoView>('demo', 'demo');
  const plant = useLiveQuery<PlantView>('plant', 'plant');
  const may = staff.role === 'engineer' || staff.role === 'lead';
  const run = useMutation({ mutationFn: (act: () => Promise<unknown>) => act() });
  const mendAll = (): void => run.mutate(() => api.remove('demo/faults'));
  return (
    <>
      <PageHead
        title={say('demo.title')}
        live
        actions={
          may && (
            <Button
              color="green"
              variant="light"
              disabled={(query.data?.now.length ?? 0) === 0}
              loading={run.isPending}
              onClick={mendAll}
            >
              {say('demo.mendAll')}
            </Button>
          )
        }
      />
      <QueryView query={query}>
        {({ panel, now, past }) =>
          panel ? (
            <>
              <p style={{ marginTop: 0, maxWidth: '60rem' }}>{say('demo.intro')}</p>
              {!may && <p>{say('demo.role', { role: words(`role.${staff.role}`) })}</p>}
              {run.isError && <ErrorState error={run.error} />}
              <Card title={say('demo.now')}>
                {now.length === 0 ? (
                  <EmptyState title={say('demo.nowNone')}>{say('demo.nowNoneHint')}</EmptyState>
                ) : (
                  now.map((fault) => (
                    <FaultLine
                      key={fault.key}
                      fault={fault}
                      run={may ? (act) => run.mutate(act) : undefined}
                    />
                  ))
                )}
              </Card>
              {may && plant.data && (
                <>
                  <HallFaults plant={plant.data} run={(act) => run.mutate(act)} isBusy={run.isPending} />
                  <ModuleFaults run={(act) => run.mutate(act)} isBusy={run.isPending} />
                </>
              )}
              {plant.data?.centres.map((centre) => (
                <Card key={centre.dc} title={`${centre.dc}: ${say('plant.title')}`}>
                  <PlantMap centre={centre} />
                </Card>
              ))}
              {past.length > 0 && (
                <Card title={say('demo.past')}>
                  {past.map((fault) => (
                    <FaultLine key={`${fault.key}/${fault.thrownAt ?? ''}`} fault={fault} />
                  ))}
                </Card>
              )}
            </>
          ) : (
            <Card>
              <EmptyState title={say('demo.real')}>{say('demo.realHint')}</EmptyState>
            </Card>
          )
        }
      </QueryView>
    </>
  );
}

type Run = (act: () => Promise<unknown>) => void;

function HallFaults({ plant, run, isBusy }: { plant: PlantView; run: Run; isBusy: boolean }): ReactNode {
  const say = useTexts(plantTexts);
  const racks = plant.centres.flatMap(({ dc, assemblies }) =>
    [...new Set(assemblies.map(({ rack }) => rack))].map((rack) => ({ dc, rack, key: `${dc}/${rack}` })),
  );
  const [key, setKey] = useState<string>();
  const chosen = racks.find((one) => one.key === key) ?? racks[0];
  const centre = plant.centres.find(({ dc }) => dc === chosen?.dc);
  if (!chosen || !centre) return null;
  const { dc } = chosen;
  const own = centre.switches.filter(({ rack }) => rack === chosen.rack).map(({ code }) => code);
  const core = centre.switches.find(({ role }) => role === 'core')?.code;
  const port = centre.switches.find(({ code }) => code === own[0])?.ports[0]?.port ?? '1';
  const scenarios: { word: 'switch' | 'both' | 'port' | 'feed' | 'core'; elements: Element[] }[] = [
    { word: 'switch', elements: own.slice(0, 1).map((code) => ({ dc, kind: 'switch', code })) },
    { word: 'both', elements: own.map((code) => ({ dc, kind: 'switch', code })) },
    {
      word: 'port',
      elements: own.slice(0, 1).map((code) => ({ dc, kind: 'port', code: `${code}:${port}` })),
    },
    { word: 'feed', elements: centre.feeds.slice(0, 1).map(({ code }) => ({ dc, kind: 'feed', code })) },
    { word: 'core', elements: core === undefined ? [] : [{ dc, kind: 'switch', code: core }] },
  ];
  return (
    <Card title={say('demo.hall')}>
      <div className="ops-line">
        <NativeSelect
          label={say('demo.rackLabel')}
          value={chosen.key}
          onChange={(event) => setKey(event.currentTarget.value)}
          data={racks.map((one) => ({ value: one.key, label: one.key }))}
        />
      </div>
      <div className="ops-scenarios">
        {scenarios
          .filter(({ elements }) => elements.length > 0)
          .map(({ word, elements }) => (
            <Scenario
              key={word}
              title={say(`scenario.${word}`)}
              hint={say(`scenario.${word}Hint`)}
              isBusy={isBusy}
              onBreak={() => run(() => Promise.all(elements.map((one) => api.post('demo/faults', one))))}
            />
          ))}
      </div>
    </Card>
  );
}

function ModuleFaults({ run, isBusy }: { run: Run; isBusy: boolean }): ReactNode {
  const say = useTexts(plantTexts);
  const candidates = useQuery({
    queryKey: ['demo-candidates'],
    queryFn: ({ signal }) => api.get<{ registers: DemoCandidate[] }>(`demo/candidates${queryOf({})}`, signal),
    refetchInterval: 10_000,
  });
  const [serial, setSerial] = useState<string>();
  const registers = candidates.data?.registers ?? [];
  const chosen = serial ?? registers[0]?.serial;
  return (
    <Card title={say('demo.modules')}>
      <div className="ops-line">
        <NativeSelect
          label={say('demo.moduleLabel')}
          value={chosen ?? ''}
          onChange={(event) => setSerial(event.currentTarget.value)}
          data={[
            ...(serial !== undefined && !registers.some((one) => one.serial === serial)
              ? [{ value: serial, label: serial }]
              : []),
            ...registers.map((one) => ({
              value: one.serial,
              label: `${one.place.rack}/${one.place.assembly}/${one.place.slot} — ${one.serial}${one.clientName === null ? '' : `, ${one.clientName}`}`,
            })),
            ...(chosen === undefined ? [{ value: '', label: say('demo.moduleNone') }] : []),
          ]}
        />
      </div>
      <div className="ops-scenarios">
        {moduleFaults.map((fault) => (
          <Scenario
            key={fault}
            title={say(`fault.${fault}`)}
            hint={say(`fault.${fault}Hint`)}
            isBusy={isBusy || chosen === undefined}
            onBreak={() => run(() => api.post('demo/module-faults', { serial: chosen ?? '', fault }))}
          />
        ))}
      </div>
    </Card>
  );
}

function Scenario(props: { title: string; hint: string; isBusy: boolean; onBreak(): void }): ReactNode {
  const { title, hint, isBusy, onBreak } = props;
  const say = useTexts(plantTexts);
  return (
    <section className="ops-scenario" aria-label={title}>
      <strong>{title}</strong>
      <p className="kit-soft">{hint}</p>
      <Button
        variant="light"
        color="red"
        size="sm"
        disabled={isBusy}
        onClick={onBreak}
        aria-label={`${say('demo.break')}: ${title}`}
      >
        {say('demo.break')}
      </Button>
    </section>
  );
}
