import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { drivePriceOn, drivePrices, longestTermDays, shortestTermDays, tariffsOn } from '@kkt/billing';
import { loadFnModels } from '@kkt/fn-desk';
import { BillingStore } from '@kkt/storage';
import type { QuoteView, TariffsView } from '@kkt/web-contract';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';
import { QuoteDto } from './money-dtos';
import { MoneyService } from './money.service';

/** What renting costs, before anything is ordered. */
@Controller('api')
export class TariffsController {
  private readonly models = loadFnModels();

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(MoneyService) private readonly money: MoneyService,
  ) {}

  @Get('tariffs')
  tariffs(): TariffsView {
    const { today } = this.money;
    return {
      tariffs: tariffsOn(today).map(({ id, name, pricePerDayKop, isOperatorIncluded, discounts }) => ({
        id,
        name,
        pricePerDayKop,
        isOperatorIncluded,
        discounts: [...discounts],
      })),
      drives: drivePrices
        .filter((price) => drivePriceOn(price.model, today) === price)
        .map(({ model, priceKop }) => ({ model, priceKop, name: this.models.get(model)?.name ?? model })),
      shortestTermDays,
      longestTermDays,
    };
  }

  @Post('quote')
  @HttpCode(200)
  async quote(@CallerOf() caller: Caller, @Body() wish: QuoteDto): Promise<QuoteView> {
    const found = await this.money.billing.quote(wish, this.money.today);
    // Who may not see the balance is not told what it lacks.
    const seesBalance = caller.access.canEverywhere('money:read');
    const balanceKop = seesBalance
      ? await new BillingStore(this.parts.database).balanceKop(`client:${caller.clientId}`)
      : found.totalKop;
    return {
      ...found,
      lines: found.lines.map((line) => ({ ...line, detail: line.detail ?? null })),
      missingKop: Math.max(0, found.rentPerRegisterKop * wish.registers - balanceKop),
    };
  }
}
