import type { CardPaymentView, CardRefundView } from '@kkt/web-contract';
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
import { autoTexts } from './auto-texts';
import { moneyTexts } from './texts';
import { paperHref, useCards } from './use-money';

export const cardLooks: Record<CardPaymentView['state'], { tone: Tone; shape: ShapeName }> = {
  paid: { tone: 'good', shape: 'circle' },
  pending: { tone: 'info', shape: 'ring' },
  new: { tone: 'mute', shape: 'ring' },
  failed: { tone: 'mute', shape: 'cross' },
};

/** Payments by card with our receipts for them. */
export function CardPayments(): ReactNode {
  const say = useTexts(moneyTexts);
  const auto = useTexts(autoTexts);
  const { data } = useCards();
  if (!data || data.payments.length === 0) return null;
  return (
    <>
      {data.refunds.length > 0 && <Refunds refunds={data.refunds} />}
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
              render: ({ state, payUrl, isAuto }) => (
                <StateBadge {...cardLooks[state]}>
                  {payUrl ? <a href={payUrl}>{say(`cards.${state}`)}</a> : say(`cards.${state}`)}
                  {isAuto && `, ${auto('auto')}`}
                </StateBadge>
              ),
            },
            { key: 'receipt', title: say('col.receipt'), render: (row) => <OwnReceipt payment={row} /> },
          ]}
        />
      </Card>
    </>
  );
}

const refundLooks: Record<CardRefundView['state'], { tone: Tone; shape: ShapeName }> = {
  pending: { tone: 'info', shape: 'ring' },
  done: { tone: 'good', shape: 'circle' },
  failed: { tone: 'warn', shape: 'triangle' },
};

/** Money on its way back to cards. */
function Refunds({ refunds }: { refunds: readonly CardRefundView[] }): ReactNode {
  const say = useTexts(moneyTexts);
  return (
    <Card title={say('refunds')} flush>
      <DataTable
        caption={say('refunds')}
        rows={refunds}
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
            key: 'reason',
            title: say('col.reason'),
            render: ({ reason }) => (
              <a href={paperHref(reason)} download className="kit-num">
                {reason}
              </a>
            ),
          },
          {
            key: 'state',
            title: say('col.state'),
            render: ({ state }) => <StateBadge {...refundLooks[state]}>{say(`refunds.${state}`)}</StateBadge>,
          },
          { key: 'receipt', title: say('col.receipt'), render: (row) => <OwnReceipt payment={row} /> },
        ]}
      />
    </Card>
  );
}

/** How far our receipt for a payment or a refund is. */
export function OwnReceipt({
  payment: { receipt, receiptUrl },
}: {
  payment: Pick<CardPaymentView, 'receipt' | 'receiptUrl'>;
}): ReactNode {
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
