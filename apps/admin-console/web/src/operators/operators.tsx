import type { OperatorsView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  useFormats,
  useLiveQuery,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { OperatorDirectory } from '../parts/operator-directory';
import { texts } from '../texts';
import { OperatorCard } from './operator-card';

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
            {view.operators.length === 0 ? (
              <Card>
                <EmptyState title={say('ofd.none')}>{say('ofd.noneHint')}</EmptyState>
              </Card>
            ) : (
              <CardGrid min={26}>
                {view.operators.map((operator) => (
                  <OperatorCard
                    key={`${operator.inn}/${operator.host}:${operator.port}`}
                    operator={operator}
                  />
                ))}
              </CardGrid>
            )}
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
