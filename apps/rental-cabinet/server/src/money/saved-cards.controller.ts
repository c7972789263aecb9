import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { IsEmail, IsIn, IsInt, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { CardPaymentStore, SavedCardStore } from '@kkt/storage';
import type { AutoTopUpView } from '@kkt/web-contract';
import { moment, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { noteOf } from '../session/audit-note';
import { type Caller, CallerOf } from '../session/session.guard';
import { agreed, autoConsent, cardConsent } from './consents';
import { PaymentParams } from './money-dtos';

const leastKop = 10_000;
const mostKop = 60_000_000;

class AutoBody {
  @IsUUID()
  cardId!: string;

  @IsInt()
  @Min(0)
  @Max(mostKop)
  belowKop!: number;

  @IsInt()
  @Min(leastKop, { message: 'не меньше 100 ₽' })
  @Max(mostKop, { message: 'не больше 600 000 ₽' })
  amountKop!: number;

  @IsInt()
  @Min(leastKop)
  @Max(mostKop * 10)
  monthLimitKop!: number;

  @IsEmail({}, { message: 'адрес почты для чека' })
  @MaxLength(64)
  receiptEmail!: string;

  /** The version of the words the person saw and agreed to. */
  @IsIn([autoConsent.version], { message: 'нужно согласие на списания' })
  consent!: string;
}

/** Cards the bank remembers for a client, and top-ups the farm asks for by itself. */
@Controller('api/money')
export class SavedCardsController {
  private readonly store: SavedCardStore;

  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {
    this.store = new SavedCardStore(parts.database);
  }

  @Get('auto')
  async read(@CallerOf() caller: Caller): Promise<AutoTopUpView> {
    caller.access.must('money:read');
    const { clientId } = caller;
    const [cards, auto, monthKop] = await Promise.all([
      this.store.list(clientId),
      this.store.auto(clientId),
      new CardPaymentStore(this.parts.database).autoMonthKop(clientId),
    ]);
    return {
      cards: cards.map(({ id, mask, system, expiresOn, consentBy, consentAt }) => ({
        id,
        mask,
        system,
        expiresOn,
        savedBy: consentBy,
        savedAt: moment(consentAt),
      })),
      auto: auto
        ? {
            cardId: auto.cardId,
            belowKop: auto.belowKop,
            amountKop: auto.amountKop,
            monthLimitKop: auto.monthLimitKop,
            receiptEmail: auto.receiptEmail,
            isOn: auto.enabled,
            agreedBy: auto.consentBy,
            agreedAt: moment(auto.consentAt),
            failures: auto.failures,
            lastFailure: auto.lastFailure,
          }
        : null,
      monthKop,
      consents: { card: cardConsent, auto: autoConsent },
    };
  }

  @Put('auto')
  @HttpCode(204)
  async set(@CallerOf() caller: Caller, @Body() body: AutoBody): Promise<void> {
    caller.access.must('money:write');
    const { cardId, belowKop, amountKop, monthLimitKop, receiptEmail } = body;
    if (amountKop > monthLimitKop)
      throw new FarmError('CLIENT-AUTO', 'Лимит месяца меньше одной суммы', { field: 'monthLimitKop' });
    if (!this.parts.acquirer)
      throw new FarmError('CLIENT-NO-CARDS', 'Картой сейчас не принимаем: закажите счёт');
    await this.parts.database.transaction(async (sql) => {
      const store = new SavedCardStore(sql);
      if (!(await store.read(caller.clientId, cardId))) throw notFound('card');
      await store.setAuto({
        clientId: caller.clientId,
        cardId,
        belowKop,
        amountKop,
        monthLimitKop,
        receiptEmail,
        consent: agreed(autoConsent),
        consentBy: caller.name,
      });
      await noteOf(sql, caller, 'auto-top-up.on', caller.clientId, { ...body });
    });
  }

  @Delete('auto')
  @HttpCode(204)
  async stop(@CallerOf() caller: Caller): Promise<void> {
    caller.access.must('money:write');
    await this.parts.database.transaction(async (sql) => {
      await new SavedCardStore(sql).stopAuto(caller.clientId);
      await noteOf(sql, caller, 'auto-top-up.off', caller.clientId, {});
    });
  }

  /** Also switches off the top-ups that use it; the bank is told to forget it by the worker. */
  @Delete('saved-cards/:id')
  @HttpCode(204)
  async remove(@CallerOf() caller: Caller, @Param() { id }: PaymentParams): Promise<void> {
    caller.access.must('money:write');
    await this.parts.database.transaction(async (sql) => {
      if (!(await new SavedCardStore(sql).remove(caller.clientId, id))) throw notFound('card');
      await noteOf(sql, caller, 'saved-card.remove', id, {});
    });
  }
}
