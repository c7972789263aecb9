import type { AuditView } from '@kkt/web-contract';
import { AppLink, DataTable, type DataTableProps, DateTime, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { objectLink } from '../links';
import { texts } from '../texts';

type Props = Pick<DataTableProps<AuditView>, 'rows' | 'empty' | 'more'> & { withObject?: boolean };

/** What people did, the newest first. */
export function AuditTable({ rows, empty, more, withObject = true }: Props): ReactNode {
  const say = useTexts(texts);
  return (
    <DataTable
      caption={say('audit.title')}
      rows={rows}
      rowKey={(row) => row.seq}
      empty={empty}
      more={more}
      columns={[
        { key: 'at', title: say('audit.when'), render: (row) => <DateTime at={row.at} /> },
        { key: 'who', title: say('audit.who'), render: (row) => row.actorName },
        {
          key: 'what',
          title: say('audit.what'),
          render: (row) => say.maybe(`action.${row.action}`, row.action),
        },
        ...(withObject
          ? [
              {
                key: 'object',
                title: say('audit.object'),
                render: (row: AuditView) => {
                  const href = objectLink(row);
                  const name = `${say.maybe(`object.${row.objectKind}`, row.objectKind)} ${row.objectId}`;
                  return href === undefined ? name : <AppLink href={href}>{name}</AppLink>;
                },
              },
            ]
          : []),
        { key: 'reason', title: say('audit.reason'), render: (row) => row.reason ?? '—' },
      ]}
    />
  );
}
