import { Readable } from 'node:stream';
import { Controller, Get, Header, Inject, Query, StreamableFile } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { type RegisterListFilter, type RegisterListRow, RegisterListStore } from '@kkt/storage';
import type { Page, RegisterRowView } from '@kkt/web-contract';
import { conditionRank, momentOrNull, placeOf } from '@kkt/web-server';
import { csvLine, csvMark } from '../csv';

class ListQuery {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  dc?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  rack?: string;

  @IsOptional()
  @IsIn(conditionRank)
  condition?: RegisterListRow['condition'];

  @IsOptional()
  @IsString()
  @Length(1, 200)
  client?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  group?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  model?: string;

  @IsOptional()
  @Matches(/^[A-Za-z0-9.-]{1,253}:[0-9]{1,5}$/)
  operator?: string;

  @IsOptional()
  @IsIn(['1'])
  unsent?: '1';

  @IsOptional()
  @Matches(/^[0-9]{3,20}$/)
  number?: string;

  @IsOptional()
  @Matches(/^[0-9]{1,9}$/)
  after?: string;
}

const pageSize = 50;
const filePageSize = 2_000;
const head = [
  'serial',
  'model',
  'dc',
  'rack',
  'assembly',
  'slot',
  'condition',
  'problem',
  'client',
  'group',
  'rnm',
  'fn',
  'fn_documents_left',
  'fn_valid_until',
  'operator',
  'unsent',
  'first_unsent_at',
];

/** The registers of the farm as a list: by place, state, client, model, operator; on the screen and as a file. */
@Controller('api/registers')
export class RegisterListController {
  constructor(@Inject(RegisterListStore) private readonly store: RegisterListStore) {}

  @Get()
  async list(@Query() query: ListQuery): Promise<Page<RegisterRowView>> {
    const rows = await this.store.list(filterOf(query), pageSize + 1, Number(query.after ?? 0));
    const page = rows.slice(0, pageSize);
    return {
      rows: page.map((row) => ({
        ...row,
        place: placeOf(row.place),
        firstUnsentAt: momentOrNull(row.firstUnsentAt),
      })),
      next: rows.length > pageSize ? String(page.at(-1)?.id ?? '') : null,
    };
  }

  /** The same registers, all of them. */
  @Get('export.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="registers.csv"')
  export(@Query() query: ListQuery): StreamableFile {
    return new StreamableFile(Readable.from(this.lines(filterOf(query))));
  }

  private async *lines(filter: RegisterListFilter): AsyncGenerator<string> {
    yield `${csvMark}${csvLine(head)}`;
    for (let after = 0; ;) {
      const rows = await this.store.list(filter, filePageSize, after);
      if (rows.length > 0) yield rows.map((row) => csvLine(cellsOf(row))).join('');
      if (rows.length < filePageSize) return;
      after = rows.at(-1)?.id ?? after;
    }
  }
}

const filterOf = ({ unsent, after: _, ...query }: ListQuery): RegisterListFilter => ({
  ...query,
  unsent: unsent === '1',
});

function cellsOf(row: RegisterListRow): unknown[] {
  const { dc, rack, assembly, slot } = placeOf(row.place);
  return [
    row.serial,
    row.model,
    dc,
    rack,
    assembly,
    slot,
    row.condition,
    row.problem,
    row.clientName,
    row.groupCode,
    row.rnm,
    row.fnNumber,
    row.documentsLeft,
    row.validUntil,
    row.operatorName,
    row.unsent,
    row.firstUnsentAt?.toISOString(),
  ];
}
