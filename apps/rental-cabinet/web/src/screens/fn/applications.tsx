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
import type { FnApplicationView } from '@kkt/web-contract';
import type { ReactNode } from 'react';
import { links } from '../../links';
import { fnTexts } from './texts';
import { useApplications } from './use-fn';

/** Applications to the tax service with their states. */
export function Applications(): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  return (
    <Card title={say('applications')} flush>
      <QueryView query={useApplications()}>
        {({ applications }) => (
          <DataTable
            caption={say('applications')}
            rows={applications}
            rowKey={({ id }) => id}
            empty={<EmptyState title={say('applicationsNone')}>{say('applicationsHint')}</EmptyState>}
            columns={[
              {
                key: 'application',
                title: say('col.application'),
                render: ({ id, kind }) => (
                  <AppLink href={links.registration(id)}>{say(`app.${kind}`)}</AppLink>
                ),
              },
              { key: 'register', title: say('col.register'), render: ({ serial }) => serial },
              {
                key: 'rnm',
                title: say('col.rnm'),
                render: ({ rnm }) => <span className="kit-num">{rnm ?? '—'}</span>,
              },
              {
                key: 'state',
                title: say('col.state'),
                render: (row) => <ApplicationState application={row} />,
              },
              {
                key: 'due',
                title: say('col.due'),
                render: ({ dueAt, state }) =>
                  state === 'card' || state === 'cancelled' ? '—' : say('due', { date: formats.date(dueAt) }),
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}

export function ApplicationState({ application }: { application: FnApplicationView }): ReactNode {
  const say = useTexts(fnTexts);
  const { state, isOverdue } = application;
  const tone = isOverdue ? 'bad' : state === 'card' ? 'good' : state === 'cancelled' ? 'mute' : 'info';
  const shape = isOverdue
    ? 'triangle'
    : state === 'card'
      ? 'circle'
      : state === 'cancelled'
        ? 'cross'
        : 'diamond';
  return (
    <StateBadge tone={tone} shape={shape}>
      {say(`app.state.${state}`)}
      {isOverdue && `, ${say('overdue')}`}
    </StateBadge>
  );
}
