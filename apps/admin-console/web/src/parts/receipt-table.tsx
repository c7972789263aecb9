import type { ReceiptBrief } from '@kkt/web-contract';
import {
  AppLink,
  DataTable,
  type DataTableProps,
  DateTime,
  Money,
  ReceiptBadge,
  useFormats,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';

type Props = Pick<DataTableProps<ReceiptBrief>, 'rows' | 'empty' | 'more'> & {
  caption: string;
  withRegister?: boolean;
};

/** Receipts, each leading to its inspector. */
export function ReceiptTable({ rows, empty, more, caption, withRegister = true }: Props): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  return (
    <DataTable
      caption={caption}
      rows={rows}
      rowKey={(row) => row.id}
      empty={empty}
      more={more}
      columns={[
        {
          key: 'at',
          title: say('receipt.accepted'),
          render: (row) => <DateTime at={row.acceptedAt} short />,
        },
        {
          key: 'id',
          title: say('receipt.externalId'),
          render: (row) => <AppLink href={links.receipt(row.id)}>{row.externalId}</AppLink>,
        },
        { key: 'op', title: say('receipt.operation'), render: (row) => words.operation(row.operation) },
        { key: 'group', title: say('receipt.group'), render: (row) => row.groupCode },
        {
          key: 'total',
          title: say('receipt.total'),
          align: 'right',
          render: (row) => <Money kop={row.totalKop} />,
        },
        {
          key: 'state',
          title: say('receipt.state'),
          render: (row) => (
            <span>
              <ReceiptBadge state={row.state} />
              {row.state !== 'done' && (row.errorText ?? row.waitReason) && (
                <span className="kit-soft" style={{ display: 'block', maxWidth: '28rem' }}>
                  {row.errorText ?? words.problem(row.waitReason)}
                </span>
              )}
            </span>
          ),
        },
        {
          key: 'took',
          title: say('receipt.took'),
          align: 'right',
          render: (row) =>
            row.finishedAt === null
              ? '—'
              : formats.duration(Date.parse(row.finishedAt) - Date.parse(row.acceptedAt)),
        },
        ...(withRegister
          ? [
              {
                key: 'register',
                title: say('receipt.register'),
                render: (row: ReceiptBrief) =>
                  row.registerId === null ? (
                    '—'
                  ) : (
                    <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>
                  ),
              },
            ]
          : []),
      ]}
    />
  );
}
