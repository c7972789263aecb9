import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FnEndView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  type Column,
  DataTable,
  EmptyState,
  PageHead,
  QueryView,
  StateBadge,
  Tile,
  useFormats,
  useLanguage,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { useMember } from '../app';
import { Failure, FnTabs, useDoing } from './parts';
import { fnTexts } from './texts';

const buckets = [60, 30, 14, 7, 1] as const;
/** From here on a swap can no longer be put off. */
const urgentDays = 14;
const looks = {
  offer: ['info', 'ring'],
  accepted: ['good', 'circle'],
  declined: ['mute', 'cross'],
  silent: ['warn', 'triangle'],
  closed: ['mute', 'ring'],
} as const;

/** E8: FNs by the day they end, with the cases of their renewal. */
export function EndsScreen(): ReactNode {
  const say = useTexts(fnTexts);
  const query = useQuery({
    queryKey: ['fn', 'ends'],
    queryFn: ({ signal }) => api.get<{ ends: FnEndView[] }>('fn/ends', signal),
    refetchInterval: 60_000,
  });
  return (
    <>
      <PageHead title={say('ends.title')} />
      <FnTabs at="ends" />
      <QueryView query={query}>{({ ends }) => <Ends ends={ends} />}</QueryView>
    </>
  );
}

function Ends({ ends }: { ends: readonly FnEndView[] }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const { staff } = useMember();
  const answer = useDoing(({ id, state }: { id: string; state: 'accepted' | 'declined' }) =>
    api.post(`fn/renewals/${id}/answer`, { state }),
  );
  const columns: Column<FnEndView>[] = [
    {
      key: 'register',
      title: say('work.register'),
      render: (row) => (
        <>
          <AppLink href={`/registers/${row.registerId}`}>{row.serial}</AppLink>
          <br />
          <small className="kit-mono">{row.fnNumber}</small>
        </>
      ),
    },
    {
      key: 'client',
      title: say('ends.client'),
      render: (row) => (
        <>
          {row.clientName}
          <br />
          <small>{row.groupCode}</small>
        </>
      ),
    },
    {
      key: 'end',
      title: say('ends.end'),
      render: (row) => (
        <>
          <strong>{formats.date(row.endDate)}</strong>
          <br />
          <small>{say('ends.days', { n: row.daysLeft })}</small>
        </>
      ),
    },
    {
      key: 'cause',
      title: say('ends.cause'),
      render: (row) => (language === 'en' ? row.reasonEn : row.reason),
    },
    {
      key: 'case',
      title: say('ends.case'),
      render: ({ renewal }) => {
        if (!renewal) return say('ends.noCase');
        const [tone, shape] = looks[renewal.state];
        return (
          <StateBadge tone={tone} shape={shape}>
            {say(`case.${renewal.state}`)}
          </StateBadge>
        );
      },
    },
    {
      key: 'next',
      title: say('ends.next'),
      render: (row) => {
        const { renewal } = row;
        const isOpen = renewal && renewal.state !== 'closed' && renewal.state !== 'accepted';
        return (
          <>
            {renewal?.nextAt && (
              <div>
                {formats.date(renewal.nextAt)},{' '}
                {say.maybe(`person.${renewal.nextPerson}`, renewal.nextPerson ?? '')}
              </div>
            )}
            <Group gap="xs">
              {isOpen && staff.role !== 'viewer' && (
                <>
                  <Button
                    size="compact-sm"
                    onClick={() => answer.mutate({ id: renewal.id, state: 'accepted' })}
                  >
                    {say('ends.accept')}
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => answer.mutate({ id: renewal.id, state: 'declined' })}
                  >
                    {say('ends.decline')}
                  </Button>
                </>
              )}
              <AppLink href={`/fn/work?register=${row.registerId}&serial=${row.serial}`}>
                {say('ends.swap')}
              </AppLink>
            </Group>
          </>
        );
      },
    },
  ];
  return (
    <>
      <CardGrid min={9}>
        {buckets.map((days) => {
          const ending = ends.filter(({ daysLeft }) => daysLeft <= days).length;
          return (
            <Tile
              key={days}
              name={say('ends.bucket', { n: days })}
              value={formats.number(ending)}
              tone={ending === 0 ? 'good' : days <= urgentDays ? 'bad' : 'warn'}
            />
          );
        })}
      </CardGrid>
      <Failure error={answer.error} />
      <Card flush>
        <DataTable
          caption={say('ends.title')}
          rows={ends}
          rowKey={(row) => row.fnNumber}
          columns={columns}
          empty={<EmptyState title={say('ends.none')}>{say('ends.noneHint')}</EmptyState>}
        />
      </Card>
    </>
  );
}
