import type { CardPaymentView } from '@kkt/web-contract';
import {
  Card,
  DataTable,
  DateTime,
  Money,
  StateBadge,
  type ShapeName,
  type Tone,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { moneyTexts } from './texts';
import { useCards } from './use-money';

export const cardLooks: Record<CardPaymentView['state'], { tone: Tone; shape: ShapeName }> = {
  paid: { tone: 'good', shape: 'circle' },
  pending: { tone: 'info', shape: 'ring' },
  new: { tone: 'mute', shape: 'ring' },
  failed: { tone: 'mute', shape: 'cross' },
};

/** Payments by card with our receipts for them. */
export function CardPayments(): ReactNode {
  const say = useTexts(moneyTexts);
  const { data } = useCards();
  if (!data || data.payments.length === 0) return null;
  return (
    <Card title={say('cards')} flush>
      <DataTable
        caption={say('cards')}
        rows={data.payments}
        rowKey={({ id }) => id}
        columns={[
          { key: 'when', title: say('col.when'), render: (row) => <DateTime at={row.createdAt} short /> },
          {
            key: 'amount',
            title: say('col.amount'),
            align: 'right',
            render: (row) => <Money kop={row.amountKop} />,
          },
          {
            key: 'state',
            title: say('col.state'),
            render: ({ state, payUrl }) => (
              <StateBadge {...cardLooks[state]}>
                {payUrl ? <a href={payUrl}>{say(`cards.${state}`)}</a> : say(`cards.${state}`)}
              </StateBadge>
            ),
          },
          { key: 'receipt', title: say('col.receipt'), render: (row) => <OwnReceipt payment={row} /> },
        ]}
      />
    </Card>
  );
}

/** How far our receipt for a payment is. */
export function OwnReceipt({ payment: { receipt, receiptUrl } }: { payment: CardPaymentView }): ReactNode {
  const say = useTexts(moneyTexts);
  if (receipt === null) return '—';
  if (receiptUrl)
    return (
      <a href={receiptUrl} target="_blank" rel="noreferrer">
        {say('openReceipt')}
      </a>
    );
  return say(`receipt.${receipt}`);
}
