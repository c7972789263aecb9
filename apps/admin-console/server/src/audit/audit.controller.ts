import { Readable } from 'node:stream';
import { Controller, Get, Header, Inject, Query, StreamableFile } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Length, Matches, Min } from 'class-validator';
import { type AuditFilter, AuditStore } from '@kkt/storage';
import type { AuditPage, ChainCheck } from '@kkt/web-contract';
import { type ConsoleParts, PARTS } from '../parts';
import { auditView } from '../views';
import { auditCsv } from './audit-csv';
import { hardwareActions } from './hardware-actions';

class JournalQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  before?: number;

  /** Part of a name. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  who?: string;

  /** An action, or its first word. */
  @IsOptional()
  @Matches(/^[a-z][a-z_.-]{0,63}$/)
  action?: string;

  @IsOptional()
  @Matches(/^[a-z][a-z_]{0,31}$/)
  kind?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  object?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  /** Only what touched hardware. */
  @IsOptional()
  @IsIn(['1'])
  hardware?: '1';
}

const pageSize = 50;
const checkKeptMs = 60_000;

/** The journal of what people did: read, filtered, verified as a chain, taken away as a file. */
@Controller('api/audit')
export class AuditController {
  private check: { atMs: number; result: Promise<ChainCheck> } | undefined;

  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(AuditStore) private readonly audit: AuditStore,
  ) {}

  @Get()
  async list(@Query() query: JournalQuery): Promise<AuditPage> {
    const rows = await this.audit.list({ ...filterOf(query), limit: pageSize + 1, before: query.before });
    const page = rows.slice(0, pageSize);
    return { rows: page.map(auditView), next: rows.length > pageSize ? (page.at(-1)?.seq ?? null) : null };
  }

  /** Walks the whole chain; one walk serves everybody for a minute. */
  @Get('check')
  verify(): Promise<ChainCheck> {
    const atMs = this.parts.clock.monotonicMs();
    if (!this.check || atMs - this.check.atMs > checkKeptMs) {
      const result = this.walk();
      this.check = { atMs, result };
      result.catch(() => (this.check = undefined));
    }
    return this.check.result;
  }

  @Get('export.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="audit.csv"')
  export(@Query() query: JournalQuery): StreamableFile {
    return new StreamableFile(Readable.from(auditCsv(this.audit, filterOf(query)), { objectMode: false }));
  }

  private async walk(): Promise<ChainCheck> {
    const { clock } = this.parts;
    const beganMs = clock.monotonicMs();
    const [result, [last]] = await Promise.all([this.audit.verify(), this.audit.listChained({ limit: 1 })]);
    return {
      ...result,
      checkedAt: new Date(clock.nowMs()).toISOString(),
      tookMs: Math.round(clock.monotonicMs() - beganMs),
      head: last?.hash ?? null,
    };
  }
}

const filterOf = (query: JournalQuery): Omit<AuditFilter, 'limit' | 'before'> => ({
  ...(query.who !== undefined && { actorName: query.who }),
  ...(query.action !== undefined
    ? { actions: [query.action] }
    : query.hardware !== undefined && { actions: hardwareActions }),
  ...(query.kind !== undefined &&
    query.object !== undefined && { object: { kind: query.kind, id: query.object } }),
  ...(query.from !== undefined && { from: new Date(query.from) }),
  ...(query.to !== undefined && { to: new Date(query.to) }),
});
