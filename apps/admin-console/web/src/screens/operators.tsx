import type { OperatorsView, OperatorView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  StateBadge,
  useFormats,
  useLiveQuery,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { OperatorDirectory } from '../parts/operator-directory';
import { texts } from '../texts';

/** 54-FZ: an FN makes no documents after 30 days without the operator's confirmation. */
const blockAfterMs = 30 * 86_400_000;

/** E11: operators and what has not reached them. */
export function OperatorsScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useLiveQuery<OperatorsView>('operators', 'operators');
  return (
    <>
      <PageHead title={say('operators.title')} live />
      <QueryView query={query}>
        {(view) => (
          <>
            <Card flush>
              <Operators operators={view.operators} />
            </Card>
            <Card flush title={say('ofd.longest')} side={say('ofd.longestNote')}>
              <Longest rows={view.oldest} />
            </Card>
            <OperatorDirectory />
          </>
        )}
      </QueryView>
    </>
  );
}

/** Minutes until nothing waits at the present speed; undefined when it does not shrink. */
const drainMs = ({ unsent, confirmed5m }: OperatorView): number | undefined =>
  unsent === 0 || confirmed5m === 0 ? undefined : (unsent / confirmed5m) * 300_000;

function Operators({ operators }: { operators: readonly OperatorView[] }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const words = useWords();
  return (
    <DataTable
      caption={say('operators.title')}
      rows={operators}
      rowKey={(row) => `${row.inn}/${row.host}:${row.port}`}
      empty={<EmptyState title={say('ofd.none')}>{say('ofd.noneHint')}</EmptyState>}
      columns={[
        {
          key: 'name',
          title: say('ofd.name'),
          render: (row) => (
            <span>
              {row.name}
              <span className="kit-soft" style={{ display: 'block' }}>
                ИНН {row.inn}
              </span>
            </span>
          ),
        },
        {
          key: 'host',
          title: say('ofd.host'),
          render: (row) => <span className="kit-mono">{`${row.host}:${row.port}`}</span>,
        },
        {
          key: 'registers',
          title: say('ofd.registers'),
          align: 'right',
          render: (row) => formats.number(row.registers),
        },
        {
          key: 'unsent',
          title: say('ofd.unsent'),
          align: 'right',
          render: (row) => formats.number(row.unsent),
        },
        {
          key: 'inflight',
          title: say('ofd.inflight'),
          align: 'right',
          render: (row) => formats.number(row.ready + row.answered),
        },
        {
          key: 'oldest',
          title: say('ofd.oldest'),
          align: 'right',
          render: (row) => (row.oldestS === 0 ? '—' : formats.duration(row.oldestS * 1000)),
        },
        {
          key: 'speed',
          title: say('ofd.speed'),
          align: 'right',
          render: (row) => formats.number(row.confirmed5m),
        },
        {
          key: 'drain',
          title: say('ofd.drain'),
          align: 'right',
          render: (row) => {
            const ms = drainMs(row);
            return ms === undefined ? '—' : formats.duration(ms);
          },
        },
        {
          key: 'causes',
          title: say('ofd.causes'),
          render: (row) =>
            row.causes.length === 0 ? (
              <StateBadge tone="good" shape="circle">
                {say('ofd.noCauses')}
              </StateBadge>
            ) : (
              <span>
                {row.causes.map(({ cause, text, messages }) => (
                  <span key={cause} style={{ display: 'block', color: 'var(--kit-bad)' }}>
                    <strong>{words.cause(cause)}</strong>: {formats.number(messages)}
                    <span className="kit-soft" style={{ display: 'block' }}>
                      {text}
                    </span>
                  </span>
                ))}
              </span>
            ),
        },
      ]}
    />
  );
}

function Longest({ rows }: { rows: OperatorsView['oldest'] }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  return (
    <DataTable
      caption={say('ofd.longest')}
      rows={rows}
      rowKey={(row) => row.registerId}
      empty={<EmptyState title={say('ofd.allSent')} />}
      columns={[
        {
          key: 'register',
          title: say('doc.register'),
          render: (row) => <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>,
        },
        { key: 'client', title: say('register.client'), render: (row) => row.clientName ?? '—' },
        { key: 'group', title: say('register.group'), render: (row) => row.groupCode ?? '—' },
        { key: 'ofd', title: say('ofd.name'), render: (row) => row.ofdName },
        {
          key: 'unsent',
          title: say('register.ofd'),
          align: 'right',
          render: (row) => formats.number(row.unsent),
        },
        { key: 'since', title: say('ofd.since'), render: (row) => <DateTime at={row.firstUnsentAt} short /> },
        {
          key: 'block',
          title: say('ofd.blockIn'),
          align: 'right',
          render: (row) => {
            const leftMs = Date.parse(row.firstUnsentAt) + blockAfterMs - Date.now();
            const tone = leftMs < 3 * 86_400_000 ? 'bad' : leftMs < 10 * 86_400_000 ? 'warn' : 'good';
            return (
              <span data-tone={tone} style={{ color: 'var(--kit-tone)' }}>
                {formats.duration(Math.max(0, leftMs))}
              </span>
            );
          },
        },
      ]}
    />
  );
}
