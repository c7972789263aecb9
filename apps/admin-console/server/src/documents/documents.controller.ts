import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { maskContact } from '@kkt/security';
import { type DocumentCursor, DocumentStore } from '@kkt/storage';
import type { DocumentBrief, DocumentView, Page } from '@kkt/web-contract';
import { documentBrief, documentView, notFound } from '@kkt/web-server';

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

class DocumentParams {
  @Matches(/^[0-9]{16}$/)
  fn!: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  fd!: number;
}

class DocumentsQuery {
  @IsOptional()
  @Matches(/^[0-9]{16}$/)
  fn?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  fd?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(0xffffffff)
  fp?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(99)
  form?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  register?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  shift?: number;

  @IsOptional()
  @Matches(date)
  from?: string;

  @IsOptional()
  @Matches(date)
  to?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  after?: string;
}

const pageSize = 50;

/** Our copy of the FNs' archives. */
@Controller('api/documents')
export class DocumentsController {
  constructor(@Inject(DocumentStore) private readonly documents: DocumentStore) {}

  @Get()
  async search(@Query() query: DocumentsQuery): Promise<Page<DocumentBrief>> {
    const { rows, next } = await this.documents.search(
      {
        fnNumber: query.fn,
        fdNumber: query.fd,
        fiscalSign: query.fp,
        form: query.form,
        shiftNumber: query.shift,
        registerId: query.register,
        from: query.from,
        to: query.to,
      },
      pageSize,
      query.after === undefined ? undefined : readCursor(query.after),
    );
    return {
      rows: rows.map(documentBrief),
      next: next && `${next.recordedAt}|${next.fnNumber}|${next.fdNumber}`,
    };
  }

  @Get(':fn/:fd')
  async read(@Param() { fn, fd }: DocumentParams): Promise<DocumentView> {
    const found = await this.documents.find(fn, fd);
    if (!found) throw notFound('document');
    return documentView(found, { mask: maskContact });
  }
}

function readCursor(text: string): DocumentCursor {
  const match = /^([0-9:. +-]{19,40})\|([0-9]{16})\|([0-9]{1,10})$/.exec(text);
  if (!match?.[1] || !match[2]) throw new FarmError('CLIENT-CURSOR', 'The page mark is damaged');
  return { recordedAt: match[1], fnNumber: match[2], fdNumber: Number(match[3]) };
}
