import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { IsBoolean, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { correlationId } from '@kkt/observability';
import { fileName } from '@kkt/papers';
import { billingIn, ContractDesk } from '@kkt/rental-desk';
import {
  AuditStore,
  type AuditValue,
  BillingStore,
  ClientDocumentStore,
  MoneyReadStore,
  type Sql,
} from '@kkt/storage';
import type { ContractView, FarmMoneyView, StatementImportView } from '@kkt/web-contract';
import { contractView, type HttpReply, notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { type Caller, CallerOf, Roles } from '../session/session.guard';

const mostStatementChars = 2_000_000;
const shownParked = 200;
const shownClients = 500;

class StatementBody {
  /** The file's text, decoded already. */
  @IsString()
  @Length(20, mostStatementChars)
  text!: string;
}

class SettleBody {
  @IsString()
  @Length(1, 200)
  reference!: string;

  @IsUUID()
  clientId!: string;
}

class ContractParams {
  @IsUUID()
  id!: string;
}

class DecisionBody {
  @IsBoolean()
  isAccepted!: boolean;

  @IsOptional()
  @IsString()
  @Length(3, 500)
  note?: string;
}

/** The farm's side of money: bank statements, payments that nobody is known for, balances of clients. */
@Controller('api/money')
export class MoneyController {
  constructor(@Inject(PARTS) private readonly parts: ConsoleParts) {}

  @Get()
  @Roles('lead')
  async read(): Promise<FarmMoneyView> {
    const { database } = this.parts;
    const [parked, clients, sumOfEverythingKop] = await Promise.all([
      new MoneyReadStore(database).parked(shownParked),
      database.query<FarmMoneyView['clients'][number]>(
        `select c.id, c.name, c.inn, coalesce(b.balance_kop, 0)::float8 as "balanceKop"
         from clients c left join ledger_balances b on b.account = 'client:' || c.id
         order by b.balance_kop is null, c.name limit $1`,
        [shownClients],
      ),
      new BillingStore(database).sumOfEverythingKop(),
    ]);
    return { parked, clients, sumOfEverythingKop };
  }

  /** Books the incoming payments of a bank statement in the exchange format of 1C. */
  @Post('statements')
  @Roles('lead')
  @HttpCode(200)
  async statement(@CallerOf() caller: Caller, @Body() { text }: StatementBody): Promise<StatementImportView> {
    const { booked, ...counts } = await this.parts.database.transaction(async (sql) => {
      const result = await billingIn(sql, this.parts).importStatement(text);
      const { booked: lines, ...rest } = result;
      await this.note(sql, caller, 'bank-statement.import', 'bank', { booked: lines.length, ...rest });
      return result;
    });
    const names = await this.parts.database.query<{ id: string; name: string }>(
      'select id, name from clients where id = any ($1::uuid[])',
      [booked.map(({ clientId }) => clientId)],
    );
    const nameOf = new Map(names.map(({ id, name }) => [id, name]));
    return {
      ...counts,
      booked: booked.map(({ clientId, amountKop, reference, invoice }) => ({
        clientName: nameOf.get(clientId) ?? '',
        amountKop,
        reference,
        invoice: invoice ?? null,
      })),
    };
  }

  /** Gives a parked payment to a client. */
  @Post('parked')
  @Roles('lead')
  @HttpCode(204)
  async settle(@CallerOf() caller: Caller, @Body() { reference, clientId }: SettleBody): Promise<void> {
    await this.parts.database.transaction(async (sql) => {
      await billingIn(sql, this.parts).settleParked(reference, clientId);
      await this.note(sql, caller, 'bank-payment.settle', reference, { clientId });
    });
  }

  /** Contracts that clients have signed and the farm has not. */
  @Get('contracts')
  @Roles('lead')
  async contracts(): Promise<{ contracts: ContractView[] }> {
    const rows = await new ClientDocumentStore(this.parts.database).list(null);
    return { contracts: rows.map(contractView) };
  }

  @Get('contracts/:id/contract.pdf')
  @Roles('lead')
  async contract(@Param() { id }: ContractParams, @Res() reply: HttpReply): Promise<void> {
    const file = await new ClientDocumentStore(this.parts.database).file(id, null);
    if (!file) throw notFound('contract');
    reply.header('content-disposition', `attachment; filename="${fileName(file.number)}"`);
    reply.type('application/pdf').send(file.pdf);
  }

  @Get('contracts/:id/contract.sig')
  @Roles('lead')
  async contractSignature(@Param() { id }: ContractParams, @Res() reply: HttpReply): Promise<void> {
    const file = await new ClientDocumentStore(this.parts.database).file(id, null);
    if (!file?.signature) throw notFound('signature');
    reply.header('content-disposition', `attachment; filename="${fileName(file.number)}.sig"`);
    reply.type('application/pkcs7-signature').send(file.signature);
  }

  @Post('contracts/:id')
  @Roles('lead')
  @HttpCode(204)
  async decide(
    @CallerOf() caller: Caller,
    @Param() { id }: ContractParams,
    @Body() { isAccepted, note }: DecisionBody,
  ): Promise<void> {
    await this.parts.database.transaction(async (sql) => {
      await new ContractDesk(this.parts).decide(sql, id, isAccepted, caller.name, note ?? null);
      const action = isAccepted ? 'contract.accept' : 'contract.reject';
      await this.note(sql, caller, action, id, { note: note ?? null });
    });
  }

  private async note(
    sql: Sql,
    caller: Caller,
    action: string,
    objectId: string,
    after: AuditValue,
  ): Promise<void> {
    await AuditStore.write(sql, {
      actorKind: 'staff',
      actorId: caller.staffId,
      actorName: caller.name,
      clientId: null,
      action,
      objectKind: 'money',
      objectId,
      after,
      requestId: correlationId(),
    });
  }
}
