import {
  AppLink,
  Card,
  DataTable,
  EmptyState,
  Money,
  QueryView,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../../links';
import { orderTexts } from './texts';
import { useOrders } from './use-order';

/** What was ordered before. */
export function OrderList(): ReactNode {
  const say = useTexts(orderTexts);
  const formats = useFormats();
  return (
    <Card title={say('myOrders')} flush>
      <QueryView query={useOrders()}>
        {({ orders }) => (
          <DataTable
            caption={say('myOrders')}
            rows={orders}
            rowKey={({ id }) => id}
            empty={<EmptyState title={say('ordersNone')} />}
            columns={[
              {
                key: 'order',
                title: say('col.order'),
                render: ({ id, createdAt }) => (
                  <AppLink href={links.order(id)}>{formats.date(createdAt)}</AppLink>
                ),
              },
              {
                key: 'registers',
                title: say('col.registers'),
                align: 'right',
                render: ({ registers }) => formats.number(registers),
              },
              { key: 'term', title: say('col.term'), render: ({ termDays }) => say('days', { n: termDays }) },
              {
                key: 'sum',
                title: say('col.sum'),
                align: 'right',
                render: ({ totalKop }) => <Money kop={totalKop} />,
              },
              {
                key: 'state',
                title: say('col.state'),
                render: ({ isReady }) => (
                  <StateBadge tone={isReady ? 'good' : 'info'} shape={isReady ? 'circle' : 'diamond'}>
                    {say(isReady ? 'ready' : 'underWay')}
                  </StateBadge>
                ),
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
