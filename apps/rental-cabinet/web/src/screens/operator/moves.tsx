import type { OperatorMoveView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  DataTable,
  EmptyState,
  QueryView,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../../links';
import { operatorTexts } from './texts';
import { useOperatorMoves } from './use-operator';

const looks = {
  draining: { tone: 'info', shape: 'diamond' },
  registering: { tone: 'info', shape: 'diamond' },
  done: { tone: 'good', shape: 'circle' },
  cancelled: { tone: 'mute', shape: 'cross' },
} as const;

/** Changes of operator; with `withRegister` of several registers. */
export function MoveTable(props: {
  moves: readonly OperatorMoveView[];
  caption: string;
  none: string;
  hint?: string;
  withRegister?: boolean;
}): ReactNode {
  const { moves, caption, none, hint, withRegister = false } = props;
  const say = useTexts(operatorTexts);
  const formats = useFormats();
  return (
    <DataTable
      caption={caption}
      rows={moves}
      rowKey={({ id }) => id}
      empty={<EmptyState title={none}>{hint}</EmptyState>}
      columns={[
        { key: 'when', title: say('col.when'), render: ({ createdAt }) => formats.date(createdAt) },
        ...(withRegister
          ? [
              {
                key: 'register',
                title: say('col.register'),
                render: ({ registerId, serial }: OperatorMoveView) => (
                  <AppLink href={links.operator(registerId)}>{serial}</AppLink>
                ),
              },
            ]
          : []),
        { key: 'from', title: say('col.from'), render: ({ fromName }) => fromName },
        { key: 'to', title: say('col.to'), render: ({ toName }) => toName },
        {
          key: 'state',
          title: say('col.state'),
          render: ({ state }) => <StateBadge {...looks[state]}>{say(`state.${state}`)}</StateBadge>,
        },
        { key: 'by', title: say('col.by'), render: ({ askedBy }) => askedBy },
        {
          key: 'application',
          title: say('col.application'),
          render: ({ applicationId, state }) =>
            applicationId === null ? (
              state === 'done' ? (
                say('applicationSoon')
              ) : (
                '—'
              )
            ) : (
              <AppLink href={links.registration(applicationId)}>{say('application')}</AppLink>
            ),
        },
      ]}
    />
  );
}

/** Changes of operator of all registers in sight. */
export function OperatorMoves(): ReactNode {
  const say = useTexts(operatorTexts);
  return (
    <Card title={say('moves')} flush>
      <QueryView query={useOperatorMoves()}>
        {({ moves }) => (
          <MoveTable
            moves={moves}
            caption={say('moves')}
            none={say('movesNone')}
            hint={say('movesHint')}
            withRegister
          />
        )}
      </QueryView>
    </Card>
  );
}
