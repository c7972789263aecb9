import type { FnWorkflowView } from '@kkt/web-contract';
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
import { fnTexts } from './texts';
import { useWorkflows } from './use-fn';

const isOpen = ({ status }: FnWorkflowView): boolean => status !== 'done' && status !== 'cancelled';

/** Work on the client's registers: which step, whose turn, until when, how long without receipts. */
export function Works(): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  return (
    <Card title={say('works')} flush>
      <QueryView query={useWorkflows()}>
        {({ workflows }) => (
          <DataTable
            caption={say('works')}
            rows={workflows.filter(isOpen)}
            rowKey={({ id }) => id}
            empty={<EmptyState title={say('worksNone')} />}
            columns={[
              { key: 'work', title: say('col.work'), render: ({ kind }) => say(`kind.${kind}`) },
              {
                key: 'register',
                title: say('col.register'),
                render: ({ registerId, serial }) => (
                  <AppLink href={links.register(registerId)}>{serial}</AppLink>
                ),
              },
              {
                key: 'step',
                title: say('col.step'),
                render: ({ step, steps }) =>
                  say('stepOf', {
                    step: say.maybe(`step.${step}`, step),
                    n: steps.findIndex(({ name }) => name === step) + 1,
                    total: steps.length,
                  }),
              },
              {
                key: 'whose',
                title: say('col.whose'),
                render: ({ turn, status }) => (
                  <StateBadge
                    tone={status === 'failed' ? 'bad' : turn === 'client' ? 'warn' : 'info'}
                    shape={status === 'failed' ? 'cross' : turn === 'client' ? 'triangle' : 'diamond'}
                  >
                    {say(`turn.${turn}`)}
                  </StateBadge>
                ),
              },
              {
                key: 'due',
                title: say('col.due'),
                render: ({ dueAt, downtimeS }) =>
                  `${say('due', { date: formats.date(dueAt) })}, ${
                    downtimeS === null
                      ? say('noDowntime')
                      : say('downtime', { time: formats.duration(downtimeS * 1_000) })
                  }`,
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
