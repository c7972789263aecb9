import type { DocumentBrief } from '@kkt/web-contract';
import {
  AppLink,
  type Column,
  DataTable,
  type DataTableProps,
  LocalTime,
  Money,
  StateBadge,
  useFormats,
  useFormName,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';

type Props = Pick<DataTableProps<DocumentBrief>, 'rows' | 'empty' | 'more'> & {
  caption: string;
  /** Documents of several registers: say which. */
  withRegister?: boolean;
};

/** Fiscal documents, each leading to all of its requisites. */
export function DocumentTable({ rows, empty, more, caption, withRegister = false }: Props): ReactNode {
  const say = useTexts(texts);
  const formName = useFormName();
  const formats = useFormats();
  const columns: Column<DocumentBrief>[] = [
    {
      key: 'fd',
      title: say('doc.fd'),
      render: (row) => (
        <AppLink className="kit-num" href={links.document(row.fnNumber, row.fdNumber)}>
          {row.fdNumber}
        </AppLink>
      ),
    },
    {
      key: 'form',
      title: say('doc.form'),
      render: (row) => (
        <>
          {formName(row.form)}
          {row.adopted && <span className="kit-soft"> · {say('doc.adopted')}</span>}
        </>
      ),
    },
    ...(withRegister
      ? [
          {
            key: 'register',
            title: say('doc.register'),
            render: (row: DocumentBrief) => (
              <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>
            ),
          },
          {
            key: 'fn',
            title: say('doc.fn'),
            render: (row: DocumentBrief) => <span className="kit-num">{row.fnNumber}</span>,
          },
        ]
      : []),
    { key: 'at', title: say('doc.at'), render: (row) => <LocalTime at={row.at} /> },
    {
      key: 'total',
      title: say('doc.total'),
      align: 'right',
      render: (row) => (row.totalKop === null ? '—' : <Money kop={row.totalKop} />),
    },
    { key: 'fp', title: say('doc.fp'), render: (row) => <span className="kit-num">{row.fiscalSign}</span> },
    {
      key: 'ofd',
      title: say('doc.ofd'),
      render: (row) =>
        row.confirmedAt === null ? (
          <StateBadge tone="warn" shape="ring">
            {say('doc.unsent')}
          </StateBadge>
        ) : (
          <StateBadge tone="good" shape="circle">
            {say('doc.sent', { time: formats.time(row.confirmedAt) })}
          </StateBadge>
        ),
    },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.fnNumber}/${row.fdNumber}`}
      empty={empty}
      more={more}
    />
  );
}
