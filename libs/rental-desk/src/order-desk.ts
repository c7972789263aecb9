import { addDays, type KeptRental, quote } from '@kkt/billing';
import { FarmError } from '@kkt/contracts';
import { makeRnm } from '@kkt/ffd';
import { type FreeRegister, type RegisteredBy, RentalOrderStore, SandboxStore, type Sql } from '@kkt/storage';
import { billingIn, todayOf } from './billing';
import type { RentalPorts } from './ports';

/** ATOL Online v4 speaks FFD 1.05, v5 speaks FFD 1.2; values of tag 1209. */
const ffdOf = { 4: 2, 5: 4 } as const;

export interface NewGroup {
  protocol: 4 | 5;
  /** Place of settlements (tag 1187): the shop's site. */
  site: string;
  /** Bits of tag 1062. */
  taxSystems: number;
  senderEmail: string | null;
}

export interface RegisterOrder {
  clientId: string;
  clientInn: string;
  /** A group of the client's, or what a new one is to be. */
  group: { id: number } | { code: string; made: NewGroup };
  tariffId: string;
  registers: number;
  termDays: number;
  promoCode?: string;
  renewsItself: boolean;
  /** `farm`: by a power of attorney; `client`: he gets the RNM himself, step by step. */
  registeredBy: RegisteredBy;
  orderedBy: string;
  /** INN of the operator whom new groups report to. */
  operatorInn: string;
}

export interface Extension {
  clientId: string;
  registerIds: readonly number[];
  tariffId: string;
  termDays: number;
  promoCode?: string;
  renewsItself: boolean;
}

interface GroupRow {
  id: number;
  ffd: number;
  operatorId: number;
}

/** Orders of registers: reserved, paid from the balance and given to the client in one commit, or not at all. */
export class OrderDesk {
  constructor(private readonly ports: RentalPorts) {}

  /** Pays another term of registers the client has: from the day after the last paid one, or from today. */
  async extend(sql: Sql, wish: Extension): Promise<KeptRental[]> {
    const today = todayOf(this.ports);
    const known = await new RentalOrderStore(sql).paidTo(wish.clientId, wish.registerIds);
    if (known.length !== new Set(wish.registerIds).size)
      throw new FarmError('CLIENT-NOT-FOUND', 'Такой кассы в аренде нет');
    const byDay = new Map<string, number[]>();
    for (const { registerId, lastDay } of known) {
      const firstDay = lastDay && lastDay >= today ? addDays(lastDay, 1) : today;
      byDay.set(firstDay, [...(byDay.get(firstDay) ?? []), registerId]);
    }
    const billing = billingIn(sql, this.ports);
    const rentals: KeptRental[] = [];
    for (const [firstDay, registerIds] of byDay)
      rentals.push(...(await billing.order({ ...wish, registerIds, firstDay }, today)));
    return rentals;
  }

  /**
   * Needs a transaction: a refusal in the middle must leave nothing.
   * @returns the order's id
   * @throws FarmError CLIENT-NO-STOCK with how many are free, CLIENT-BALANCE with `missingKop`, CLIENT-ORDER
   */
  async order(sql: Sql, wish: RegisterOrder): Promise<string> {
    const today = todayOf(this.ports);
    // A wish that cannot be is refused before anything is taken.
    quote({ tariffId: wish.tariffId, registers: wish.registers, termDays: wish.termDays }, today);
    const stock = new SandboxStore(sql);
    const orders = new RentalOrderStore(sql);
    let group = 'id' in wish.group ? await this.groupOf(sql, wish.clientId, wish.group.id) : undefined;
    const ffd = group?.ffd ?? ffdOf['made' in wish.group ? wish.group.made.protocol : 5];
    const taken: FreeRegister[] = [];
    for (let n = 0; n < wish.registers; n++) {
      const free = await stock.lockFree(ffd);
      if (!free)
        throw new FarmError('CLIENT-NO-STOCK', `Свободно касс с таким форматом: ${taken.length}`, {
          field: 'registers',
          free: taken.length,
        });
      group ??= await this.makeGroup(stock, wish, free);
      if (wish.registeredBy === 'farm') {
        const rnm = makeRnm(await orders.rnmNumber(), wish.clientInn, free.serial);
        const { clientId } = wish;
        await stock.take(free, { clientId, groupId: group.id, rnm, ffd, operatorId: group.operatorId });
      } else await orders.reserve(free.id, wish.clientId);
      taken.push(free);
    }
    if (!group) throw new FarmError('CLIENT-ORDER', 'Нужна хотя бы одна касса', { field: 'registers' });
    const rentals = await billingIn(sql, this.ports).order(
      {
        clientId: wish.clientId,
        tariffId: wish.tariffId,
        registerIds: taken.map(({ id }) => id),
        termDays: wish.termDays,
        firstDay: today,
        renewsItself: wish.renewsItself,
        ...(wish.promoCode && { promoCode: wish.promoCode }),
      },
      today,
    );
    const id = this.ports.ids.uuid();
    await orders.add(
      {
        id,
        clientId: wish.clientId,
        groupId: group.id,
        tariffId: wish.tariffId,
        registers: wish.registers,
        termDays: wish.termDays,
        firstDay: today,
        totalKop: rentals.reduce((sum, { priceKop }) => sum + priceKop, 0),
        registeredBy: wish.registeredBy,
        createdBy: wish.orderedBy,
      },
      rentals.map(({ registerId, id: rentalId }) => ({ registerId, rentalId })),
    );
    return id;
  }

  private async groupOf(sql: Sql, clientId: string, id: number): Promise<GroupRow> {
    const rows = await sql.query<GroupRow>(
      `select g.id, g.ffd, o.id as "operatorId" from register_groups g
       join lateral (select id from operators where inn = g.ofd_inn and enabled order by id limit 1) o on true
       where g.id = $2 and g.client_id = $1 for share of g`,
      [clientId, id],
    );
    const found = rows[0];
    if (!found) throw new FarmError('CLIENT-ORDER', 'Такой группы касс нет', { field: 'groupCode' });
    return found;
  }

  private async makeGroup(
    stock: SandboxStore,
    { clientId, group, operatorInn }: RegisterOrder,
    near: FreeRegister,
  ): Promise<GroupRow> {
    if (!('made' in group))
      throw new FarmError('CLIENT-ORDER', 'Такой группы касс нет', { field: 'groupCode' });
    const { protocol, site, taxSystems, senderEmail } = group.made;
    const operator = await stock.operator(operatorInn);
    if (!operator) throw new FarmError('SYS-OPERATOR', 'The operator of new groups is not in the directory');
    const ffd = ffdOf[protocol];
    const id = await stock.addGroup({
      clientId,
      code: group.code,
      protocol,
      ffd,
      taxSystems,
      paymentAddress: site,
      address: await stock.addressOf(near.id),
      senderEmail,
      operatorId: operator.id,
    });
    if (id === undefined) throw new FarmError('SYS-ORDER', 'The group was not made', { clientId });
    return { id, ffd, operatorId: operator.id };
  }
}
