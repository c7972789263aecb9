import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { FLEET_KEYS, HISTORY, metricByKey, METRICS, prometheusName, prometheusText } from '@kkt/readings';
import { type HistoryPoint, ReadingStore } from '@kkt/storage';
import type { ReadingsView } from '@kkt/web-contract';
import { type HttpReply, type HttpRequest, notFound, oneHeader } from '@kkt/web-server';
import { Open } from '../session/session.guard';
import { RegisterParams } from '../registers/registers.controller';

class ScrapeQuery {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  dc?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  rack?: string;

  /** `fleet`: only the sixteen that alerts need. */
  @IsOptional()
  @IsIn(['all', 'fleet'])
  set?: 'all' | 'fleet';
}

class HistoryParams extends RegisterParams {
  @Matches(/^[a-z0-9_]{1,40}$/)
  key!: string;
}

class HistoryQuery {
  @IsOptional()
  @IsIn(['minute', 'hour'])
  resolution?: 'minute' | 'hour';

  /** Unix seconds. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(4_102_444_800)
  since?: number;
}

/** Readings of registers: for Prometheus, for pages. */
@Controller()
export class ReadingsController {
  constructor(@Inject(ReadingStore) private readonly readings: ReadingStore) {}

  /** Text for Prometheus, all registers or one rack (`?dc=dc1&rack=1`), all readings or `?set=fleet`. */
  @Get('metrics/registers')
  @Open()
  async scrape(
    @Query() query: ScrapeQuery,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const rows = await this.readings.last({ dc: query.dc, rack: query.rack });
    const registers = rows.map(({ dc, rack, assembly, slot, serial, readings }) => ({
      labels: { dc, rack, assembly, slot, serial },
      values: readings,
    }));
    const lines = Readable.from(prometheusText(registers, query.set === 'fleet' ? FLEET_KEYS : undefined));
    reply.type('text/plain; version=0.0.4; charset=utf-8').header('cache-control', 'no-store');
    if (!/\bgzip\b/.test(oneHeader(request, 'accept-encoding') ?? '')) return void reply.send(lines);
    reply.header('content-encoding', 'gzip').send(lines.pipe(createGzip({ level: 1 })));
  }

  /** Every reading of a register with its meaning, null where the device does not say. */
  @Get('api/registers/:id/readings')
  async ofRegister(@Param() { id }: RegisterParams): Promise<ReadingsView> {
    const [row] = await this.readings.last({ registerId: id });
    return {
      readAt: row?.readAt.toISOString() ?? null,
      readings: METRICS.map((metric) => {
        const { key, kind, unit, period, source, ru, en, values } = metric;
        const value = row?.readings[key] ?? null;
        const meaning = typeof value === 'number' ? values?.[value] : undefined;
        return {
          ...{ key, kind, unit, period, source, ru, en, value },
          name: prometheusName(metric),
          meaning: meaning ?? null,
          hasHistory: HISTORY.includes(key),
        };
      }),
    };
  }

  /** One reading over time: minutes of the last 24 hours (the default), or hours of 13 months. */
  @Get('api/registers/:id/readings/:key')
  async history(
    @Param() { id, key }: HistoryParams,
    @Query() query: HistoryQuery,
  ): Promise<{ points: HistoryPoint[] }> {
    if (!metricByKey(key) || !HISTORY.includes(key)) throw notFound('reading with a history');
    const resolution = query.resolution ?? 'minute';
    return { points: await this.readings.history(id, key, resolution, query.since ?? 0) };
  }
}
