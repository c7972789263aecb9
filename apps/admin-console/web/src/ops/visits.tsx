import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { VisitsView, VisitView } from '@kkt/web-contract';
import {
  Ago,
  api,
  Card,
  DateTime,
  EmptyState,
  ErrorState,
  PageHead,
  QueryView,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { AuditRows } from './audit-rows';
import { deskTexts } from './texts-desk';
import './ops.css';

/** Who went to the hall, why, and what was done to hardware there. */
export function VisitsScreen(): ReactNode {
  const say = useTexts(deskTexts);
  const { staff } = useMember();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['visits'],
    queryFn: ({ signal }) => api.get<VisitsView>('visits', signal),
    refetchInterval: 15_000,
  });
  const run = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['visits'] }),
  });
  const may = staff.role === 'engineer' || staff.role === 'lead';
  return (
    <>
      <PageHead title={say('visits.title')} />
      {run.isError && <ErrorState error={run.error} />}
      <QueryView query={query}>
        {({ centres, visits }) => {
          const mine = visits.find((one) => one.closedAt === null && one.staffId === staff.id);
          return (
            <>
              {may && mine && <CloseVisit visit={mine} run={(act) => run.mutate(act)} />}
              {may && !mine && <OpenVisit centres={centres} run={(act) => run.mutate(act)} />}
              {visits.length === 0 ? (
                <Card>
                  <EmptyState title={say('visits.none')}>{say('visits.noneHint')}</EmptyState>
                </Card>
              ) : (
                visits.map((visit) => <Visit key={visit.id} visit={visit} />)
              )}
            </>
          );
        }}
      </QueryView>
    </>
  );
}

type Run = (act: () => Promise<unknown>) => void;

function OpenVisit({ centres, run }: { centres: readonly string[]; run: Run }): ReactNode {
  const say = useTexts(deskTexts);
  const [dc, setDc] = useState(centres[0] ?? '');
  const [rack, setRack] = useState('');
  const [purpose, setPurpose] = useState('');
  const [companion, setCompanion] = useState('');
  if (centres.length === 0)
    return (
      <Card>
        <EmptyState title={say('visits.nowhere')} />
      </Card>
    );
  const body = {
    dc,
    purpose: purpose.trim(),
    ...(rack.trim() !== '' && { rack: rack.trim() }),
    ...(companion.trim() !== '' && { companion: companion.trim() }),
  };
  return (
    <Card title={say('visits.open')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(() => api.post('visits', body));
        }}
      >
        <Group align="end">
          <NativeSelect
            label={say('visits.dc')}
            value={dc}
            onChange={(event) => setDc(event.currentTarget.value)}
            data={[...centres]}
          />
          <TextInput
            label={say('visits.rack')}
            value={rack}
            maxLength={64}
            onChange={(event) => setRack(event.currentTarget.value)}
          />
          <TextInput
            label={say('visits.purpose')}
            placeholder={say('visits.purposeHint')}
            value={purpose}
            maxLength={500}
            style={{ flex: '1 1 18rem' }}
            onChange={(event) => setPurpose(event.currentTarget.value)}
          />
          <TextInput
            label={say('visits.companion')}
            value={companion}
            maxLength={200}
            onChange={(event) => setCompanion(event.currentTarget.value)}
          />
          <Button type="submit" disabled={purpose.trim().length < 3}>
            {say('visits.open')}
          </Button>
        </Group>
      </form>
    </Card>
  );
}

function CloseVisit({ visit, run }: { visit: VisitView; run: Run }): ReactNode {
  const say = useTexts(deskTexts);
  const [result, setResult] = useState('');
  return (
    <Card title={say('visits.mine')} side={<Ago at={visit.openedAt} />}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(() => api.post(`visits/${visit.id}/close`, { result: result.trim() }));
        }}
      >
        <Textarea
          label={say('visits.result')}
          value={result}
          maxLength={2_000}
          minRows={2}
          autosize
          onChange={(event) => setResult(event.currentTarget.value)}
        />
        <Button type="submit" mt="sm" disabled={result.trim().length < 3}>
          {say('visits.close')}
        </Button>
      </form>
    </Card>
  );
}

function Visit({ visit }: { visit: VisitView }): ReactNode {
  const say = useTexts(deskTexts);
  const formats = useFormats();
  const place = visit.rack === null ? visit.dc : `${visit.dc}/${visit.rack}`;
  return (
    <Card
      title={`${place}: ${visit.purpose}`}
      side={
        visit.closedAt === null ? (
          <StateBadge tone="info" shape="diamond">
            <Ago at={visit.openedAt} />
          </StateBadge>
        ) : (
          formats.duration(Date.parse(visit.closedAt) - Date.parse(visit.openedAt))
        )
      }
    >
      <p style={{ marginTop: 0 }}>
        {visit.staffName}, <DateTime at={visit.openedAt} />
        {visit.companion !== null && ` · ${say('visits.with', { who: visit.companion })}`}
      </p>
      {visit.result !== null && <p style={{ whiteSpace: 'pre-wrap' }}>{visit.result}</p>}
      {visit.actions.length === 0 ? (
        <p className="kit-soft" style={{ marginBottom: 0 }}>
          {say('visits.noActions')}
        </p>
      ) : (
        <details>
          <summary>{say('visits.actions', { n: visit.actions.length })}</summary>
          <AuditRows rows={visit.actions} />
        </details>
      )}
    </Card>
  );
}
