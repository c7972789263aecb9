import { Button, Group, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RackView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  ConfirmDanger,
  DataTable,
  EmptyState,
  ErrorState,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { plantTexts } from './texts-plant';
import { rackTexts } from './texts-rack';
import './ops.css';

const looks = {
  ok: { tone: 'good', shape: 'circle' },
  degraded: { tone: 'warn', shape: 'triangle' },
  down: { tone: 'bad', shape: 'cross' },
} as const;

export const rackPath = ({ dc, rack }: Pick<RackView, 'dc' | 'rack'>): string =>
  `racks/${encodeURIComponent(dc)}/${encodeURIComponent(rack)}`;

/** Whether the one who looks may act. */
export function useMayAct(): boolean {
  const { role } = useMember().staff;
  return role === 'engineer' || role === 'lead';
}

interface Move {
  assembly: number | undefined;
  to: 'pause' | 'resume';
}

/** Buttons that pause or resume the rack or an assembly, with the question before it. */
export function PlaceMoves({ view, assembly }: { view: RackView; assembly?: number }): ReactNode {
  const say = useTexts(rackTexts);
  const queries = useQueryClient();
  const may = useMayAct();
  const [move, setMove] = useState<Move>();
  const here = view.cells.filter((cell) => assembly === undefined || cell.assembly === assembly);
  const paused = here.some(({ condition }) => condition === 'paused');
  const running = here.some(({ condition }) => ['works', 'attention', 'offline'].includes(condition));
  if (!may) return null;
  const place = assembly === undefined ? view.rack : `${view.rack}/${assembly}`;
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        {running && (
          <Button size="xs" variant="default" onClick={() => setMove({ assembly, to: 'pause' })}>
            {say(assembly === undefined ? 'rack.pauseAll' : 'rack.pause')}
          </Button>
        )}
        {paused && (
          <Button size="xs" variant="light" onClick={() => setMove({ assembly, to: 'resume' })}>
            {say(assembly === undefined ? 'rack.resumeAll' : 'rack.resume')}
          </Button>
        )}
      </Group>
      {move && (
        <ConfirmDanger
          title={say(`rack.${move.to}Title`, { place })}
          word={place}
          wordLabel={say('rack.word')}
          action={say(`rack.${move.to}`)}
          onConfirm={async ({ word, reason }) => {
            await api.post(`${rackPath(view)}/${move.to}`, {
              ...(move.assembly !== undefined && { assembly: move.assembly }),
              word,
              reason,
            });
            await queries.invalidateQueries({ queryKey: ['live', `rack:${view.dc}/${view.rack}`] });
          }}
          onClose={() => setMove(undefined)}
        >
          {say(`rack.${move.to}Hint`)}
        </ConfirmDanger>
      )}
    </>
  );
}

/** How each assembly is reached and powered, and what could cut it off alone. */
export function Assemblies({ view }: { view: RackView }): ReactNode {
  const say = useTexts(rackTexts);
  const plant = useTexts(plantTexts);
  const count = (assembly: number, works: boolean): number =>
    view.cells.filter((cell) => cell.assembly === assembly && (!works || cell.condition === 'works')).length;
  const rows = Array.from({ length: view.assemblies }, (_, index) => index + 1).filter(
    (assembly) => count(assembly, false) > 0 || view.around.links.some((one) => one.assembly === assembly),
  );
  const linksOf = (assembly: number): RackView['around']['links'][number] | undefined =>
    view.around.links.find((one) => one.assembly === assembly);
  return (
    <Card title={say('rack.assemblies')} flush>
      {view.around.links.length === 0 && (
        <EmptyState title={say('rack.noLinks')}>{say('rack.noLinksHint')}</EmptyState>
      )}
      <DataTable
        caption={say('rack.assemblies')}
        rows={rows}
        rowKey={(assembly) => assembly}
        columns={[
          { key: 'n', title: say('rack.assembly'), render: (assembly) => assembly },
          {
            key: 'count',
            title: say('rack.registers'),
            align: 'right',
            render: (assembly) => `${count(assembly, true)} / ${count(assembly, false)}`,
          },
          ...(['network', 'power'] as const).map((kind) => ({
            key: kind,
            title: say(`rack.${kind}`),
            render: (assembly: number): ReactNode => {
              const links = linksOf(assembly);
              if (!links) return '—';
              const names = kind === 'network' ? links.uplinks : links.feeds;
              return (
                <span>
                  <StateBadge {...looks[links[kind]]}>{say(`rack.${links[kind]}`)}</StateBadge>{' '}
                  <span className="kit-mono kit-soft">{names.join(' ')}</span>
                </span>
              );
            },
          })),
          {
            key: 'alone',
            title: say('rack.alone'),
            render: (assembly) => {
              const points = linksOf(assembly)?.singlePoints;
              if (!points) return '—';
              return points.length === 0 ? (
                say('rack.aloneNone')
              ) : (
                <StateBadge tone="warn" shape="triangle">
                  {points.map(({ kind, code }) => `${plant(`kind.${kind}`)} ${code}`).join(', ')}
                </StateBadge>
              );
            },
          },
          {
            key: 'moves',
            title: '',
            align: 'right',
            render: (assembly) => <PlaceMoves view={view} assembly={assembly} />,
          },
        ]}
      />
    </Card>
  );
}

/** Work on FNs under way in this rack. */
export function RackWork({ view }: { view: RackView }): ReactNode {
  const say = useTexts(rackTexts);
  const formats = useFormats();
  const { work, reserved } = view.around;
  return (
    <Card title={say('rack.work')}>
      {work.length === 0 ? (
        <EmptyState title={say('rack.workNone')}>{say('rack.workNoneHint')}</EmptyState>
      ) : (
        work.map((one) => (
          <p key={one.id} style={{ margin: '0 0 0.375rem' }}>
            <AppLink href={`/fn/work/${one.id}`}>
              {one.assembly}/{one.slot}, {one.serial}: {one.kind}
            </AppLink>{' '}
            <span className="kit-soft">
              {one.step}, {say('rack.due', { time: formats.time(one.dueAt) })}
            </span>
          </p>
        ))
      )}
      {reserved.length > 0 && (
        <>
          <h3 style={{ margin: '0.75rem 0 0.25rem', fontSize: '1rem' }}>{say('rack.reserved')}</h3>
          {reserved.map((one) => (
            <p key={`${one.assembly}/${one.slot}`} style={{ margin: '0 0 0.25rem' }}>
              <AppLink href={`?at=${one.assembly}-${one.slot}`}>
                {one.assembly}/{one.slot}
              </AppLink>{' '}
              {say('rack.reservedFor', { client: one.clientName ?? '—', time: formats.date(one.until) })}
            </p>
          ))}
        </>
      )}
    </Card>
  );
}

/** An empty slot: kept for a client, or to be kept. */
export function SlotReservation({
  view,
  assembly,
  slot,
}: {
  view: RackView;
  assembly: number;
  slot: number;
}): ReactNode {
  const say = useTexts(rackTexts);
  const formats = useFormats();
  const queries = useQueryClient();
  const may = useMayAct();
  const [inn, setInn] = useState('');
  const [days, setDays] = useState<string | number>(14);
  const [why, setWhy] = useState('');
  const path = `${rackPath(view)}/${assembly}/${slot}/reservation`;
  const run = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['live', `rack:${view.dc}/${view.rack}`] }),
  });
  const kept = view.around.reserved.find((one) => one.assembly === assembly && one.slot === slot);
  if (kept)
    return (
      <>
        <p>{say('rack.reservedFor', { client: kept.clientName ?? '—', time: formats.date(kept.until) })}</p>
        <p className="kit-soft">{say('rack.reservedBy', { by: kept.by ?? '—', reason: kept.reason })}</p>
        {may && (
          <Button
            variant="default"
            loading={run.isPending}
            onClick={() => run.mutate(() => api.remove(path))}
          >
            {say('rack.free')}
          </Button>
        )}
      </>
    );
  if (!may || view.around.links.length === 0) return null;
  const isInn = /^(\d{10}|\d{12})$/.test(inn.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate(() => api.post(path, { inn: inn.trim(), days: Number(days), reason: why.trim() }));
      }}
    >
      <h3 style={{ margin: '0 0 0.5rem', fontSize: '1rem' }}>{say('rack.reserve')}</h3>
      <TextInput
        label={say('rack.inn')}
        inputMode="numeric"
        value={inn}
        error={inn !== '' && !isInn && say('rack.badInn')}
        onChange={(event) => setInn(event.currentTarget.value)}
      />
      <NumberInput label={say('rack.days')} min={1} max={365} value={days} onChange={setDays} />
      <TextInput
        label={say('rack.why')}
        value={why}
        maxLength={500}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      {run.isError && <ErrorState error={run.error} />}
      <Button type="submit" mt="sm" disabled={!isInn || why.trim().length < 3} loading={run.isPending}>
        {say('rack.reserveDo')}
      </Button>
    </form>
  );
}

/** On paper only: what to look at when walking to the rack. */
export function RackSheet({ view, words }: { view: RackView; words(condition: string): string }): ReactNode {
  const say = useTexts(rackTexts);
  const rows = view.cells.filter(({ condition }) => condition !== 'works' && condition !== 'stock');
  return (
    <section className="ops-sheet">
      <h2>{say('rack.sheet', { rack: `${view.dc} ${view.rack}` })}</h2>
      <table>
        <tbody>
          {rows.map((cell) => (
            <tr key={cell.registerId}>
              <td>☐</td>
              <td>
                {cell.assembly}/{cell.slot}
              </td>
              <td>{cell.serial}</td>
              <td>{words(cell.condition)}</td>
              <td>{cell.problem}</td>
              <td>{cell.fnNumber}</td>
            </tr>
          ))}
          {view.around.work.map((one) => (
            <tr key={one.id}>
              <td>☐</td>
              <td>
                {one.assembly}/{one.slot}
              </td>
              <td>{one.serial}</td>
              <td>{one.kind}</td>
              <td>{one.step}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
