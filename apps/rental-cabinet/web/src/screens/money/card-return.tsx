import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CardPaymentView } from '@kkt/web-contract';
import { api, useFormats, useTexts } from '@kkt/web-kit';
import { type ReactNode, useEffect } from 'react';
import { OwnReceipt } from './card-payments';
import { moneyTexts } from './texts';
import { useMoneyChanged } from './use-money';

const lookAgainMs = 1_500;

/** Something is still to come of a payment: the bank's word, or our receipt. */
const isOpen = ({ state, receipt }: CardPaymentView): boolean =>
  state === 'new' || state === 'pending' || receipt === 'awaited' || receipt === 'sent';

/** The payer is back from the bank: what became of the payment, and its receipt. */
export function CardReturn({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const changed = useMoneyChanged();
  const { data } = useQuery({
    queryKey: ['card-payment', id],
    queryFn: ({ signal }) => api.get<CardPaymentView>(`money/cards/${encodeURIComponent(id)}`, signal),
    refetchInterval: ({ state }) => (!state.data || isOpen(state.data) ? lookAgainMs : false),
  });
  const state = data?.state;
  const receipt = data?.receipt;
  useEffect(() => {
    if (state === 'paid') void changed();
    // Once for each state: the balance has changed. The receipt's states come some seconds later: what was being read when
    // the payment was settled is read again then.
  }, [state, receipt]);
  const word = state === 'paid' || state === 'failed' ? state : 'pending';
  return (
    <div
      className="kit-banner"
      data-tone={word === 'paid' ? 'good' : word === 'failed' ? 'bad' : 'info'}
      role="status"
    >
      <strong>{say(`return.${word}`, { sum: formats.money(data?.amountKop ?? 0) })}</strong>
      {data && word === 'paid' && (
        <span>{data.receiptUrl ? <OwnReceipt payment={data} /> : say('return.receiptSoon')}</span>
      )}
      <Button size="compact-sm" variant="default" onClick={onClose}>
        {say('return.close')}
      </Button>
    </div>
  );
}
