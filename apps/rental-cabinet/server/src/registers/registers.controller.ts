import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Press, printedForm } from '@kkt/documents';
import { DocumentStore } from '@kkt/storage';
import type { ClientRegisterPage, ClientRegisters, DocumentView } from '@kkt/web-contract';
import { documentView, type HttpReply, notFound } from '@kkt/web-server';
import { type Caller, CallerOf, seesContacts, sightOf } from '../session/session.guard';
import { maskContactTags } from '../receipts/mask';
import { RegistersService } from './registers.service';

class RegisterParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  id!: number;
}

class RegisterQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  before?: number;
}

class DocumentParams {
  @Matches(/^[0-9]{16}$/)
  fn!: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  fd!: number;
}

@Controller('api')
export class RegistersController {
  constructor(
    @Inject(RegistersService) private readonly registers: RegistersService,
    @Inject(DocumentStore) private readonly documents: DocumentStore,
    @Inject(Press) private readonly press: Press,
  ) {}

  @Get('registers')
  list(@CallerOf() caller: Caller): Promise<ClientRegisters> {
    return this.registers.list(sightOf(caller, 'registers:read'));
  }

  @Get('registers/:id')
  async one(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Query() { before }: RegisterQuery,
  ): Promise<ClientRegisterPage> {
    const page = await this.registers.page(sightOf(caller, 'registers:read'), id, before);
    if (!page) throw notFound('register');
    return page;
  }

  @Get('documents/:fn/:fd')
  async document(@CallerOf() caller: Caller, @Param() { fn, fd }: DocumentParams): Promise<DocumentView> {
    const { clientId, groupIds } = sightOf(caller, 'receipts:read');
    const found = await this.documents.find(fn, fd, clientId, groupIds);
    if (!found) throw notFound('document');
    const view = documentView(found);
    return seesContacts(caller) ? view : maskContactTags(view);
  }

  /** The printed form of a document of any kind: receipts, shift reports, registration reports. */
  @Get('documents/:fn/:fd/document.pdf')
  async pdf(
    @CallerOf() caller: Caller,
    @Param() { fn, fd }: DocumentParams,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer> {
    const { clientId, groupIds } = sightOf(caller, 'receipts:read');
    const found = await this.documents.find(fn, fd, clientId, groupIds);
    if (!found || found.tlv.length === 0) throw notFound('document');
    const personal = seesContacts(caller) ? 'shown' : 'masked';
    const paper = printedForm(found.tlv, { form: found.form, personal });
    const file = await this.press.print('pdf', paper, caller.personId);
    reply.type('application/pdf').header('content-disposition', `attachment; filename="fd-${fn}-${fd}.pdf"`);
    return file;
  }
}
