import type { Kop } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import { SavedCardStore, type Sql } from '@kkt/storage';

const dayS = 86_400;
/** Failures one after another that turn it off. */
export const mostFailures = 3;

const roubles = new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' });

/** What follows the bank's word of a top-up that the farm asked for; in the transaction that settles the payment. */
export async function autoTopUpSettled(
  sql: Sql,
  payment: { id: string; clientId: string; amountKop: Kop },
  outcome: { isPaid: boolean; note: string },
  url: string,
): Promise<void> {
  const store = new SavedCardStore(sql);
  const auto = await store.auto(payment.clientId);
  const card = auto && (await store.read(payment.clientId, auto.cardId));
  const common = {
    to: { kind: 'client', id: payment.clientId },
    channel: 'email',
    clientId: payment.clientId,
  } as const;
  const params = { amount: roubles.format(payment.amountKop / 100), card: card?.mask ?? '—', url };
  if (outcome.isPaid) {
    await store.worked(payment.clientId);
    await notify(sql, { ...common, kind: 'money.auto-paid', event: `auto-paid:${payment.id}`, params });
    return;
  }
  const failures = await store.failed(payment.clientId, outcome.note, dayS, mostFailures);
  await notify(sql, {
    ...common,
    kind: failures >= mostFailures ? 'money.auto-off' : 'money.auto-failed',
    event: `auto-failed:${payment.id}`,
    params: { ...params, reason: outcome.note },
  });
}
