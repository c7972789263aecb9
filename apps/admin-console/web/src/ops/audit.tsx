import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AuditView, ChainCheck } from '@kkt/web-contract';
import {
  api,
  Card,
  EmptyState,
  ErrorState,
  FilterBar,
  IdChip,
  PageHead,
  Paged,
  queryOf,
  StateBadge,
  useFormats,
  usePages,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { AuditRows } from './audit-rows';
import { deskTexts } from './texts-desk';
import './ops.css';

const parts = [
  'register',
  'slot',
  'fn',
  'workflow',
  'alert',
  'silence',
  'duty',
  'visit',
  'operator',
  'inventory',
  'demo',
  'account',
] as const;

/** What people did, as a chain of hashes: read, verified, taken away. */
export function AuditScreen(): ReactNode {
  const say = useTexts(deskTexts);
  const [state] = useUrlState();
  const filter = {
    who: state.who,
    action: state.action,
    hardware: state.hardware,
    // Whole days of the reader's own calendar.
    from: dayStart(state.from, 0),
    to: dayStart(state.to, 1),
  };
  const pages = usePages<AuditView>('audit', filter, 'before');
  return (
    <>
      <PageHead
        title={say('audit.title')}
        actions={
          <Button component="a" variant="default" href={`/api/audit/export.csv${queryOf(filter)}`} download>
            {say('audit.export')}
          </Button>
        }
      />
      <Chain />
      <FilterBar
        fields={[
          { name: 'who', label: say('audit.who'), kind: 'text', width: '14rem' },
          {
            name: 'action',
            label: say('audit.action'),
            kind: 'choice',
            choices: [
              { value: '', label: say('audit.anyAction') },
              ...parts.map((value) => ({ value, label: say(`part.${value}`) })),
            ],
          },
          {
            name: 'hardware',
            label: say('audit.hardware'),
            kind: 'choice',
            choices: [
              { value: '', label: say('audit.all') },
              { value: '1', label: say('audit.hardware') },
            ],
          },
          { name: 'from', label: say('audit.from'), kind: 'date' },
          { name: 'to', label: say('audit.to'), kind: 'date' },
        ]}
      />
      <Card flush>
        <Paged pages={pages}>
          <AuditRows
            rows={pages.rows}
            more={pages.more}
            empty={<EmptyState title={say('audit.none')}>{say('audit.noneHint')}</EmptyState>}
          />
        </Paged>
      </Card>
    </>
  );
}

function dayStart(day: string | undefined, plusDays: number): string | undefined {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + plusDays);
  return at.toISOString();
}

/** The walk of the whole chain: its result, when it was made and how long it took. */
function Chain(): ReactNode {
  const say = useTexts(deskTexts);
  const formats = useFormats();
  const check = useQuery({
    queryKey: ['audit-check'],
    queryFn: ({ signal }) => api.get<ChainCheck>('audit/check', signal),
    staleTime: 60_000,
  });
  return (
    <Card>
      {check.isError && <ErrorState error={check.error} retry={() => void check.refetch()} />}
      <div className="ops-chain" role="status">
        {check.data && (
          <>
            {check.data.firstBad === null ? (
              <StateBadge tone="good" shape="circle">
                {say('audit.good', { n: check.data.rows })}
              </StateBadge>
            ) : (
              <StateBadge tone="bad" shape="cross">
                {say('audit.bad', { n: String(check.data.firstBad) })}
              </StateBadge>
            )}
            <span className="kit-soft">
              {say('audit.checkedAt', {
                time: formats.time(check.data.checkedAt),
                ms: formats.duration(check.data.tookMs),
              })}
            </span>
            {check.data.head !== null && (
              <span title={say('audit.headHint')}>
                {say('audit.head')}: <IdChip id={check.data.head} label={say('audit.head')} short={12} />
              </span>
            )}
          </>
        )}
        <Button size="xs" variant="default" loading={check.isFetching} onClick={() => void check.refetch()}>
          {say(check.data ? 'audit.again' : 'audit.verify')}
        </Button>
      </div>
    </Card>
  );
}
