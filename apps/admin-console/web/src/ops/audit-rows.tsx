import type { AuditView } from '@kkt/web-contract';
import { AppLink, DataTable, type DataTableProps, DateTime, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { objectLink } from '../links';
import { texts } from '../texts';
import { deskTexts } from './texts-desk';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  value === undefined || value === null
    ? '—'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean);

/** What is longer is opened by a press. */
const shortLength = 160;

function Value({ value }: { value: unknown }): ReactNode {
  const say = useTexts(deskTexts);
  const text = shown(value);
  if (text.length <= shortLength) return text;
  return (
    <details>
      <summary>{say('audit.long', { n: text.length })}</summary>
      {text}
    </details>
  );
}

/** Fields that differ, each before and after. */
function Change({ row }: { row: AuditView }): ReactNode {
  const before = isRecord(row.before) ? row.before : {};
  const after = isRecord(row.after) ? row.after : {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return '—';
  return (
    <dl className="ops-change">
      {names.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {name in before && (
              <del>
                <Value value={before[name]} />
              </del>
            )}
            {name in before && name in after && ' → '}
            {name in after && (
              <ins>
                <Value value={after[name]} />
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Rows of the journal with what changed in each. */
export function AuditRows({
  rows,
  empty,
  more,
}: Pick<DataTableProps<AuditView>, 'rows' | 'empty' | 'more'>): ReactNode {
  const say = useTexts(deskTexts);
  const words = useTexts(texts);
  return (
    <DataTable
      caption={say('audit.title')}
      rows={rows}
      rowKey={(row) => row.seq}
      empty={empty}
      more={more}
      columns={[
        {
          key: 'seq',
          title: '№',
          align: 'right',
          render: (row) => <span className="kit-num">{row.seq}</span>,
        },
        { key: 'at', title: say('audit.when'), render: (row) => <DateTime at={row.at} /> },
        { key: 'who', title: say('audit.person'), render: (row) => row.actorName },
        {
          key: 'what',
          title: say('audit.what'),
          render: (row) => words.maybe(`action.${row.action}`, row.action),
        },
        {
          key: 'object',
          title: say('audit.object'),
          render: (row) => {
            const href = objectLink(row);
            const name = `${words.maybe(`object.${row.objectKind}`, row.objectKind)} ${row.objectId}`;
            return href === undefined ? name : <AppLink href={href}>{name}</AppLink>;
          },
        },
        { key: 'change', title: say('audit.change'), render: (row) => <Change row={row} /> },
        { key: 'reason', title: say('audit.reason'), render: (row) => row.reason ?? '—' },
      ]}
    />
  );
}
