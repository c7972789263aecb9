import { randomInt } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { OrderDesk, OrderRun } from '@kkt/rental-desk';
import { RentalOrderStore } from '@kkt/storage';
import type { OrderView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { noteOf } from '../session/audit-note';
import { PaymentParams, QuoteDto } from '../money/money-dtos';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';
import { orderView } from './order-view';

/** OSN, USN, USN less expenses, ESHN, patent. */
const allTaxSystems = 1 | 2 | 4 | 16 | 32;
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

class NewGroupDto {
  @IsIn([4, 5])
  protocol!: 4 | 5;

  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(256)
  site!: string;

  @IsInt()
  @Min(1)
  @Max(allTaxSystems)
  taxSystems!: number;

  @IsOptional()
  @IsEmail()
  @MaxLength(64)
  senderEmail?: string;
}

class OrderDto extends QuoteDto {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  groupCode?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => NewGroupDto)
  newGroup?: NewGroupDto;

  @IsBoolean()
  renewsItself!: boolean;

  @IsIn(['farm', 'client'])
  registeredBy!: 'farm' | 'client';
}

class ExtendDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsInt({ each: true })
  registerIds!: number[];

  @IsString()
  @Length(1, 64)
  tariffId!: string;

  @IsInt()
  @Min(1)
  @Max(1_096)
  termDays!: number;

  @IsOptional()
  @IsString()
  @MaxLength(40)
  promoCode?: string;

  @IsBoolean()
  renewsItself!: boolean;
}

/** Orders of registers, from the wish to working registers. */
@Controller('api')
export class OrdersController {
  private readonly desk: OrderDesk;
  private readonly run: OrderRun;

  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {
    this.desk = new OrderDesk(parts);
    this.run = new OrderRun(parts, parts.operator.registry);
  }

  @Get('orders')
  async list(@CallerOf() { clientId, access }: Caller): Promise<{ orders: OrderView[] }> {
    if (!access.canEverywhere('registers:read')) access.must('registers:order');
    const rows = await new RentalOrderStore(this.parts.database).list(clientId);
    return { orders: rows.map(orderView) };
  }

  @Get('orders/:id')
  async one(@CallerOf() { clientId, access }: Caller, @Param() { id }: PaymentParams): Promise<OrderView> {
    if (!access.canEverywhere('registers:read')) access.must('registers:order');
    const [row] = await new RentalOrderStore(this.parts.database).list(clientId, id);
    if (!row) throw notFound('order');
    return orderView(row);
  }

  /** Takes registers from the stock, pays them from the balance and begins to register them. */
  @Post('orders')
  async order(@CallerOf() caller: Caller, @Body() wish: OrderDto): Promise<{ id: string }> {
    caller.access.must('registers:order');
    caller.access.must('money:write');
    const { groupCode, newGroup, drives, ...plain } = wish;
    if (drives && drives.length > 0)
      throw new FarmError('CLIENT-ORDER', 'ФН заказывается на странице замены ФН', { field: 'drives' });
    const group = await this.groupWish(caller.clientId, groupCode, newGroup);
    const { registers, termDays, tariffId, registeredBy } = plain;
    const id = await this.parts.database.transaction(async (sql) => {
      const made = await this.desk.order(sql, {
        ...plain,
        clientId: caller.clientId,
        clientInn: caller.clientInn,
        group,
        orderedBy: caller.name,
        operatorInn: this.parts.operator.inn,
      });
      await noteOf(sql, caller, 'order.make', made, { registers, termDays, tariffId, registeredBy });
      return made;
    });
    await this.run.turn();
    return { id };
  }

  /** Another term for registers the client has. */
  @Post('rentals')
  @HttpCode(200)
  async extend(@CallerOf() caller: Caller, @Body() wish: ExtendDto): Promise<{ rentals: number }> {
    caller.access.must('money:write');
    return this.parts.database.transaction(async (sql) => {
      const rentals = await this.desk.extend(sql, { ...wish, clientId: caller.clientId });
      for (const { id, registerId, termDays, priceKop } of rentals)
        await noteOf(sql, caller, 'rental.extend', id, { registerId, termDays, priceKop });
      return { rentals: rentals.length };
    });
  }

  private async groupWish(clientId: string, groupCode?: string, made?: NewGroupDto) {
    if (made && groupCode === undefined)
      return {
        code: `shop-${Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')}`,
        made: { ...made, senderEmail: made.senderEmail ?? null },
      };
    const [group] = await this.parts.database.query<{ id: number }>(
      'select id from register_groups where client_id = $1 and code = $2',
      [clientId, groupCode ?? ''],
    );
    if (!group) throw new FarmError('CLIENT-ORDER', 'Выберите группу касс', { field: 'groupCode' });
    return { id: group.id };
  }
}
