import { Inject, Injectable } from '@nestjs/common';
import {
  CabinetReadStore,
  type ClientSight,
  CompanyStore,
  type Figures,
  ReceiptHistoryStore,
} from '@kkt/storage';
import type { DayFigures, HomeView } from '@kkt/web-contract';
import { conditionOf, receiptBrief } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { checksOf, shopsOf, todoOf } from './checks';

/** A client with a thousand registers needs the worst of them, not a list without end. */
const maxTodo = 50;

const dayFigures = (figures: Figures): DayFigures => ({
  receipts: figures.receipts,
  failed: figures.failed,
  revenueKop: figures.revenueKop,
  averageKop: figures.incomeReceipts === 0 ? 0 : Math.round(figures.incomeKop / figures.incomeReceipts),
  returnsKop: figures.returnsKop,
});

/** The first screen of a client: does everything work, how is the day, what needs him. */
@Injectable()
export class HomeService {
  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
    @Inject(ReceiptHistoryStore) private readonly receipts: ReceiptHistoryStore,
  ) {}

  async read(sight: ClientSight): Promise<HomeView> {
    const [registers, groups, today, yesterday, hours, last, nodes] = await Promise.all([
      this.cabinet.registers(sight),
      this.cabinet.groups(sight),
      this.cabinet.day(sight, 0),
      this.cabinet.day(sight, 1),
      this.cabinet.hoursOfToday(sight),
      this.receipts.search({ ...sight, state: 'done' }, 1),
      new CompanyStore(this.parts.database).nodes(sight.clientId),
    ]);
    const facts = {
      registers,
      groups,
      today,
      nowMs: this.parts.clock.nowMs(),
      includedOperator: this.parts.operator.inn,
    };
    const checks = checksOf(facts);
    const rented = registers.filter(({ state }) => state !== 'stock');
    return {
      health:
        rented.length === 0
          ? 'empty'
          : checks.some(({ state }) => state === 'trouble')
            ? 'trouble'
            : checks.some(({ state }) => state === 'warning')
              ? 'warning'
              : 'ok',
      checks,
      shops: shopsOf(facts, nodes),
      todo: todoOf(facts).slice(0, maxTodo),
      today: dayFigures(today),
      yesterday: dayFigures(yesterday),
      hours,
      waiting: groups.reduce((sum, group) => sum + group.waiting, 0),
      lastReceipt: last.rows[0] ? receiptBrief(last.rows[0]) : null,
      registers: {
        total: rented.length,
        working: rented.filter((row) => conditionOf(row) === 'works').length,
      },
    };
  }
}
