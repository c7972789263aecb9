import { useQuery } from '@tanstack/react-query';
import type { IntegrationView, RequestLogRow } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  QueryView,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../../links';
import { integrationTexts } from './texts';

/** What was refused, each with its field; above it the errors that matter most and how to mend them. */
export function Requests({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(integrationTexts);
  const query = useQuery({
    queryKey: ['requests'],
    queryFn: ({ signal }) => api.get<RequestLogRow[]>('requests', signal),
    refetchInterval: 10_000,
  });
  return (
    <>
      <Health view={view} />
      <Card title={say('requests')} flush side={<span className="kit-soft">{say('requestsNote')}</span>}>
        <QueryView query={query}>
          {(rows) => (
            <DataTable
              caption={say('requests')}
              rows={rows}
              rowKey={(row) => row.receiptId ?? `${row.at}/${row.groupCode}/${row.code}/${row.field}`}
              empty={<EmptyState title={say('requestsNone')}>{say('requestsNoneHint')}</EmptyState>}
              columns={[
                { key: 'at', title: say('state'), render: (row) => <DateTime at={row.at} short /> },
                {
                  key: 'order',
                  title: say('order'),
                  render: (row) =>
                    row.receiptId === null ? (
                      say('atDoor')
                    ) : (
                      <AppLink href={links.receipt(row.receiptId)}>{row.externalId}</AppLink>
                    ),
                },
                { key: 'group', title: say('keyGroup'), render: (row) => row.groupCode ?? '—' },
                { key: 'code', title: '№', align: 'right', render: (row) => row.code },
                {
                  key: 'field',
                  title: say('field'),
                  render: (row) => (row.field === null ? '—' : <code className="kit-mono">{row.field}</code>),
                },
                { key: 'text', title: say('reason'), render: (row) => row.text },
                { key: 'n', title: say('times'), align: 'right', render: (row) => row.times },
              ]}
            />
          )}
        </QueryView>
      </Card>
    </>
  );
}

function Health({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(integrationTexts);
  const formats = useFormats();
  if (view.topErrors.length === 0) return null;
  return (
    <Card title={say('health')} flush>
      <DataTable
        caption={say('health')}
        rows={view.topErrors}
        rowKey={(row) => `${row.type}/${row.code}`}
        columns={[
          { key: 'code', title: '№', render: (row) => row.code },
          { key: 'text', title: say('reason'), render: (row) => row.text },
          { key: 'n', title: say('times'), align: 'right', render: (row) => formats.number(row.receipts) },
          {
            key: 'fix',
            title: say('fix'),
            render: (row) => say.maybe(`fix.${row.code}`, say.maybe(`fix.${row.type}`, say('fix.none'))),
          },
        ]}
      />
    </Card>
  );
}
