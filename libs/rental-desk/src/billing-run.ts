import { addDays, type Day, daysBetween, type KeptRental, lastDay, type RenewalAdvice } from '@kkt/billing';
import { notify } from '@kkt/notifications';
import { isUniqueViolation, MoneyReadStore } from '@kkt/storage';
import { billingOf, todayOf } from './billing';
import type { RentalPorts } from './ports';
import { graceDays, RentalEnds, serialsOf } from './rental-ends';

const roubles = new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' });
const money = (kop: number): string => roubles.format(kop / 100);

const date = (day: Day): string => day.split('-').reverse().join('.');

/** The month before the one of a day. */
export function monthBefore(day: Day): { from: Day; to: Day } {
  const to = addDays(`${day.slice(0, 7)}-01`, -1);
  return { from: `${to.slice(0, 7)}-01`, to };
}

/**
 * All that money does by itself: days are earned, rentals renewed, clients reminded, acts made, unpaid registers
 * stopped. May be run at any time, any number of times, by several workers.
 */
export class BillingRun {
  private readonly ends: RentalEnds;

  constructor(
    private readonly ports: RentalPorts,
    private readonly cabinetUrl: string,
  ) {
    this.ends = new RentalEnds(ports, cabinetUrl);
  }

  async turn(): Promise<void> {
    const today = todayOf(this.ports);
    const billing = billingOf(this.ports);
    const { days, sumKop } = await billing.earnDays(today);
    if (days > 0) this.ports.log.info({ days, sumKop }, 'register-days were earned');
    await this.remind(await billing.renewals(today), today);
    await this.ends.turn(today);
    await this.acts(today);
    await this.lowBalances(today);
  }

  /** One message for all rentals of a client that end on the same day. */
  private async remind(
    told: readonly { rental: KeptRental; advice: RenewalAdvice }[],
    today: Day,
  ): Promise<void> {
    const heaps = new Map<string, { advice: RenewalAdvice; rentals: KeptRental[] }>();
    for (const { rental, advice } of told) {
      if (advice === 'ended' || advice === 'not_yet') continue;
      const key = [advice, rental.clientId, lastDay(rental), rental.isTrial].join('/');
      const heap = heaps.get(key) ?? { advice, rentals: [] };
      heap.rentals.push(rental);
      heaps.set(key, heap);
    }
    for (const { advice, rentals } of heaps.values()) await this.tell(advice, rentals, today);
  }

  private async tell(advice: RenewalAdvice, rentals: readonly KeptRental[], today: Day): Promise<void> {
    const [first] = rentals;
    if (!first) return;
    const { clientId, isTrial } = first;
    const end = lastDay(first);
    const sql = this.ports.database;
    const common = {
      to: { kind: 'client', id: clientId },
      channel: 'email',
      clientId,
    } as const;
    const params = {
      registers: rentals.length,
      serials: await serialsOf(
        sql,
        rentals.map(({ registerId }) => registerId),
      ),
      end: date(end),
      url: `${this.cabinetUrl}/money`,
    };
    const days = Math.max(0, daysBetween(today, end));
    if (advice === 'remind' && isTrial)
      await notify(sql, {
        ...common,
        kind: 'money.trial-ends',
        params: { ...params, days, grace: graceDays.trial },
        event: `trial-ends:${clientId}:${end}:${days}`,
      });
    else if (advice === 'remind')
      await notify(sql, {
        ...common,
        kind: 'money.rental-ends',
        params: { ...params, days },
        event: `rental-ends:${clientId}:${end}:${days}`,
      });
    else
      await notify(sql, {
        ...common,
        kind: advice === 'renew' ? 'money.renewed' : 'money.too-little',
        params,
        event: `rental-${advice}:${clientId}:${end}`,
      });
  }

  /** Acts of the month that ended, once its last day is earned. */
  private async acts(today: Day): Promise<void> {
    const { from, to } = monthBefore(today);
    const store = new MoneyReadStore(this.ports.database);
    for (const clientId of await store.clientsWithoutAct(from, to)) {
      const act = await billingOf(this.ports)
        .act(clientId, from, to, to)
        .catch((error: unknown) => {
          // Another worker has just made it.
          if (isUniqueViolation(error, 'papers_one_act')) return undefined;
          throw error;
        });
      if (!act) continue;
      await notify(this.ports.database, {
        kind: 'money.act',
        to: { kind: 'client', id: clientId },
        channel: 'email',
        clientId,
        event: `act:${act.number}`,
        params: {
          number: act.number,
          total: money(act.totalKop),
          from: date(from),
          to: date(to),
          url: `${this.cabinetUrl}/money`,
        },
      });
    }
  }

  /** At most once a week for each client. */
  private async lowBalances(today: Day): Promise<void> {
    const week = Math.floor(daysBetween('2026-01-05', today) / 7);
    for (const { clientId, balanceKop, warnBelowKop } of await new MoneyReadStore(
      this.ports.database,
    ).clientsBelow())
      await notify(this.ports.database, {
        kind: 'money.balance-low',
        to: { kind: 'client', id: clientId },
        channel: 'email',
        clientId,
        event: `balance-low:${clientId}:${week}`,
        params: {
          balance: money(balanceKop),
          threshold: money(warnBelowKop),
          url: `${this.cabinetUrl}/money`,
        },
      });
  }
}
