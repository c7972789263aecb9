import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsString, IsUUID, Length, ValidateNested } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import {
  AuditStore,
  type ExportFormat,
  type ReceiptExport,
  ReceiptExportStore,
  SavedFilterStore,
} from '@kkt/storage';
import type { ReceiptExportView, SavedFilterView } from '@kkt/web-contract';
import { type HttpReply, moment, momentOrNull, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, seesContacts } from '../session/session.guard';
import { FilterQuery } from './receipt-query';
import { ReceiptSearchService } from './receipt-search.service';

class ExportDto {
  @IsIn(['csv', 'xlsx'])
  format!: ExportFormat;

  @ValidateNested()
  @Type(() => FilterQuery)
  filter!: FilterQuery;
}

class SavedFilterDto {
  @IsString()
  @Length(1, 60)
  name!: string;

  @IsString()
  @Length(0, 1_000)
  query!: string;
}

class IdParam {
  @IsUUID()
  id!: string;
}

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const viewOf = (row: ReceiptExport): ReceiptExportView => ({
  ...row,
  createdAt: moment(row.createdAt),
  finishedAt: momentOrNull(row.finishedAt),
  expiresAt: moment(row.expiresAt),
});

/** What a person keeps of his searches: names for them, and files of what they find. Everybody sees his own only. */
@Controller('api')
export class ExportsController {
  private readonly exports: ReceiptExportStore;
  private readonly filters: SavedFilterStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(ReceiptSearchService) private readonly searches: ReceiptSearchService,
  ) {
    this.exports = new ReceiptExportStore(parts.database);
    this.filters = new SavedFilterStore(parts.database);
  }

  @Get('receipt-filters')
  savedFilters(@CallerOf() { clientId, personId }: Caller): Promise<SavedFilterView[]> {
    return this.filters.list(clientId, personId);
  }

  @Post('receipt-filters')
  async saveFilter(
    @CallerOf() caller: Caller,
    @Body() { name, query }: SavedFilterDto,
  ): Promise<{ id: string }> {
    const id = this.parts.ids.uuid();
    await this.filters.add(caller.clientId, caller.personId, { id, name: name.trim(), query });
    return { id };
  }

  @Delete('receipt-filters/:id')
  @HttpCode(204)
  async dropFilter(@CallerOf() { clientId, personId }: Caller, @Param() { id }: IdParam): Promise<void> {
    if (!(await this.filters.remove(clientId, personId, id))) throw notFound('filter');
  }

  @Get('exports')
  async list(@CallerOf() { clientId, personId }: Caller): Promise<ReceiptExportView[]> {
    return (await this.exports.list(clientId, personId)).map(viewOf);
  }

  /** Written by the worker; buyers' contacts are in it for those only who see them on the pages. */
  @Post('exports')
  @HttpCode(202)
  async order(@CallerOf() caller: Caller, @Body() { format, filter }: ExportDto): Promise<{ id: string }> {
    if (!caller.access.canSomewhere('receipts:read')) caller.access.must('receipts:read');
    const id = this.parts.ids.uuid();
    const { clientId, personId } = caller;
    const query = await this.searches.queryOf(caller, filter);
    await this.parts.database.transaction(async (sql) => {
      const withContacts = seesContacts(caller);
      const isTaken = await new ReceiptExportStore(sql).add({
        id,
        clientId,
        personId,
        format,
        query,
        withContacts,
      });
      if (!isTaken) throw new FarmError('CLIENT-SLOW-DOWN', 'Дождитесь выгрузок, которые уже идут');
      await AuditStore.write(sql, {
        actorKind: 'person',
        actorId: personId,
        actorName: caller.name,
        clientId,
        action: 'receipts.export',
        objectKind: 'export',
        objectId: id,
        after: { format, withContacts },
      });
    });
    return { id };
  }

  @Get('exports/:id')
  async one(
    @CallerOf() { clientId, personId }: Caller,
    @Param() { id }: IdParam,
  ): Promise<ReceiptExportView> {
    const found = await this.exports.one(clientId, personId, id);
    if (!found) throw notFound('export');
    return viewOf(found);
  }

  /** Ends one under way, deletes one that is written. */
  @Delete('exports/:id')
  @HttpCode(204)
  async drop(@CallerOf() { clientId, personId }: Caller, @Param() { id }: IdParam): Promise<void> {
    if (!(await this.exports.drop(clientId, personId, id))) throw notFound('export');
  }

  @Get('exports/:id/file')
  async file(
    @CallerOf() { clientId, personId }: Caller,
    @Param() { id }: IdParam,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const found = await this.exports.one(clientId, personId, id);
    if (found?.state !== 'done') throw notFound('export');
    const day = found.createdAt.toISOString().slice(0, 10);
    void reply
      .type(contentTypes[found.format])
      .header('content-disposition', `attachment; filename="receipts-${day}-${id.slice(-4)}.${found.format}"`)
      .header('content-length', String(found.bytes))
      .send(Readable.from(this.partsOf(id), { objectMode: false }));
  }

  private async *partsOf(id: string): AsyncGenerator<Buffer> {
    for (let seq = 0; ; seq += 1) {
      const part = await this.exports.part(id, seq);
      if (!part) return;
      yield part;
    }
  }
}
