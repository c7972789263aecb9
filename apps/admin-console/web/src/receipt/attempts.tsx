import type { IntentView } from '@kkt/web-contract';
import {
  AppLink,
  DataTable,
  DateTime,
  EmptyState,
  StateBadge,
  useFormats,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';
import { receiptTexts } from './texts';

const looks = {
  open: { tone: 'info', shape: 'diamond' },
  stuck: { tone: 'bad', shape: 'question' },
  done: { tone: 'good', shape: 'circle' },
  void: { tone: 'warn', shape: 'cross' },
} as const;

/** Every claim of a receipt by a register, with its fence and how long its outcome was not known. */
export function Attempts({ intents }: { intents: readonly IntentView[] }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(receiptTexts);
  const words = useWords();
  const formats = useFormats();
  const lasted = (from: string, to: string | null): string =>
    to === null ? '…' : formats.duration(Date.parse(to) - Date.parse(from));
  return (
    <DataTable
      caption={say('tab.attempts')}
      rows={intents}
      rowKey={(row) => row.id}
      empty={<EmptyState title={say('attempt.none')} />}
      columns={[
        { key: 'n', title: say('attempt.number'), render: (row) => intents.indexOf(row) + 1 },
        {
          key: 'state',
          title: say('attempt.state'),
          render: (row) => <StateBadge {...looks[row.state]}>{say(`attempt.${row.state}`)}</StateBadge>,
        },
        {
          key: 'register',
          title: say('receipt.register'),
          render: (row) => <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>,
        },
        {
          key: 'fn',
          title: say('receipt.fn'),
          render: (row) => <span className="kit-num">{row.fnNumber}</span>,
        },
        {
          key: 'fd',
          title: say('receipt.fd'),
          render: (row) => (
            <span className="kit-num">
              {row.fdBefore} → {row.fdNumber ?? '…'}
            </span>
          ),
        },
        { key: 'at', title: say('attempt.began'), render: (row) => <DateTime at={row.createdAt} short /> },
        {
          key: 'took',
          title: say('attempt.took'),
          align: 'right',
          render: (row) => lasted(row.createdAt, row.resolvedAt),
        },
        { key: 'fence', title: say('attempt.fence'), align: 'right', render: (row) => row.fence },
        {
          key: 'doubt',
          title: own('attempt.doubt'),
          render: (row) =>
            row.doubtedAt === null
              ? '—'
              : own('proof.doubtValue', {
                  time: lasted(row.doubtedAt, row.resolvedAt),
                  reason: words.problem(row.doubtReason),
                }),
        },
        {
          key: 'note',
          title: say('attempt.note'),
          render: (row) => (row.note === null ? '—' : words.problem(row.note)),
        },
      ]}
    />
  );
}
