import { useQuery } from '@tanstack/react-query';
import { Tabs } from '@mantine/core';
import type { AlertView } from '@kkt/web-contract';
import {
  Ago,
  api,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  useFormats,
  useLiveQuery,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { objectLink } from '../links';
import { AlertObject, Priority } from '../parts/alert-line';
import { texts } from '../texts';

/** E10: open alerts by urgency, and the closed ones. */
export function AlertsScreen(): ReactNode {
  const say = useTexts(texts);
  const [state, setState] = useUrlState();
  const isClosed = state.state === 'closed';
  const open = useLiveQuery<{ alerts: AlertView[] }>('alerts', 'alerts');
  const closed = useQuery({
    queryKey: ['alerts', 'closed'],
    queryFn: ({ signal }) => api.get<{ alerts: AlertView[] }>('alerts?state=closed', signal),
    enabled: isClosed,
  });
  return (
    <>
      <PageHead title={say('alerts.title')} live={!isClosed} />
      <Tabs
        value={isClosed ? 'closed' : 'open'}
        onChange={(tab) => setState({ state: tab === 'closed' ? 'closed' : undefined })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="open">
            {say('alerts.open')}{' '}
            {open.data && open.data.alerts.length > 0 ? `(${open.data.alerts.length})` : ''}
          </Tabs.Tab>
          <Tabs.Tab value="closed">{say('alerts.closed')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="open">
          <QueryView query={open}>
            {({ alerts }) => (
              <Card flush>
                <AlertTable
                  alerts={alerts}
                  empty={<EmptyState title={say('alerts.none')}>{say('alerts.noneHint')}</EmptyState>}
                />
              </Card>
            )}
          </QueryView>
        </Tabs.Panel>
        <Tabs.Panel value="closed">
          <QueryView query={closed}>
            {({ alerts }) => (
              <Card flush>
                <AlertTable
                  alerts={alerts}
                  isClosed
                  empty={<EmptyState title={say('alerts.noneClosed')} />}
                />
              </Card>
            )}
          </QueryView>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function AlertTable({
  alerts,
  empty,
  isClosed = false,
}: {
  alerts: readonly AlertView[];
  empty: ReactNode;
  isClosed?: boolean;
}): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  return (
    <DataTable
      caption={say('alerts.title')}
      rows={alerts}
      rowKey={(row) => row.id}
      empty={empty}
      columns={[
        {
          key: 'priority',
          title: say('alerts.priority'),
          render: (row) => <Priority severity={row.severity} />,
        },
        {
          key: 'what',
          title: say('alerts.what'),
          render: (row) => <strong style={{ fontWeight: 600 }}>{row.text}</strong>,
        },
        {
          key: 'object',
          title: say('alerts.object'),
          render: (row) => <AlertObject alert={row} href={objectLink(row)} />,
        },
        { key: 'opened', title: say('alerts.opened'), render: (row) => <DateTime at={row.openedAt} short /> },
        isClosed
          ? {
              key: 'closed',
              title: say('alerts.closedAt'),
              render: (row) => (row.closedAt === null ? '—' : <DateTime at={row.closedAt} short />),
            }
          : {
              key: 'age',
              title: say('alerts.age'),
              align: 'right',
              render: (row) => <Ago at={row.openedAt} />,
            },
        {
          key: 'times',
          title: say('alerts.times'),
          align: 'right',
          render: (row) => formats.number(row.times),
        },
      ]}
    />
  );
}
