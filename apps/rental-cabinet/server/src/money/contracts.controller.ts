import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { IsBase64, MaxLength } from 'class-validator';
import { fileName } from '@kkt/papers';
import { ContractDesk } from '@kkt/rental-desk';
import { ClientDocumentStore } from '@kkt/storage';
import type { ContractView, SignatureChecksView } from '@kkt/web-contract';
import { contractView, type HttpReply, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';
import { noteOf } from '../session/audit-note';
import { PaymentParams } from './money-dtos';

class SignatureBody {
  /** The detached signature's file in Base64. */
  @IsBase64()
  @MaxLength(120_000)
  signature!: string;
}

/** Contracts: made from the requisites, signed with a detached signature file, archived. */
@Controller('api/contracts')
export class ContractsController {
  private readonly desk: ContractDesk;

  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {
    this.desk = new ContractDesk(parts);
  }

  @Get()
  async list(@CallerOf() caller: Caller): Promise<{ contracts: ContractView[]; maySign: boolean }> {
    caller.access.must('documents:read');
    const rows = await new ClientDocumentStore(this.parts.database).list(caller.clientId);
    return {
      contracts: rows.map(contractView),
      maySign: caller.access.can('documents:sign', caller.access.rootId),
    };
  }

  @Post()
  async make(@CallerOf() caller: Caller): Promise<{ id: string }> {
    caller.access.must('documents:sign');
    return this.parts.database.transaction(async (sql) => {
      const { id, number } = await this.desk.make(sql, caller.clientId, `${this.parts.cabinetUrl}/offer`);
      await noteOf(sql, caller, 'contract.make', id, { number });
      return { id };
    });
  }

  @Get(':id/contract.pdf')
  async pdf(
    @CallerOf() caller: Caller,
    @Param() { id }: PaymentParams,
    @Res() reply: HttpReply,
  ): Promise<void> {
    caller.access.must('documents:read');
    const file = await new ClientDocumentStore(this.parts.database).file(id, caller.clientId);
    if (!file) throw notFound('contract');
    reply.header('content-disposition', `attachment; filename="${fileName(file.number)}"`);
    reply.type('application/pdf').send(file.pdf);
  }

  @Get(':id/contract.sig')
  async signature(
    @CallerOf() caller: Caller,
    @Param() { id }: PaymentParams,
    @Res() reply: HttpReply,
  ): Promise<void> {
    caller.access.must('documents:read');
    const file = await new ClientDocumentStore(this.parts.database).file(id, caller.clientId);
    if (!file?.signature) throw notFound('signature');
    reply.header('content-disposition', `attachment; filename="${fileName(file.number)}.sig"`);
    reply.type('application/pkcs7-signature').send(file.signature);
  }

  @Post(':id/signature')
  @HttpCode(200)
  async sign(
    @CallerOf() caller: Caller,
    @Param() { id }: PaymentParams,
    @Body() { signature }: SignatureBody,
  ): Promise<{ signer: string; checks: SignatureChecksView }> {
    caller.access.must('documents:sign');
    const client = { id: caller.clientId, inn: caller.clientInn };
    return this.parts.database.transaction(async (sql) => {
      const { signer, ...checks } = await this.desk.sign(sql, id, client, Buffer.from(signature, 'base64'));
      await noteOf(sql, caller, 'contract.sign', id, { signer, ...checks });
      return { signer, checks };
    });
  }

  @Post(':id/archive')
  @HttpCode(204)
  async archive(@CallerOf() caller: Caller, @Param() { id }: PaymentParams): Promise<void> {
    caller.access.must('documents:sign');
    await this.parts.database.transaction(async (sql) => {
      await this.desk.archive(sql, id, caller.clientId, caller.name);
      await noteOf(sql, caller, 'contract.archive', id, {});
    });
  }
}
