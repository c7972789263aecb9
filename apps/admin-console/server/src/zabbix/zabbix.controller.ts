import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { IsOptional, IsString, Length } from 'class-validator';
import { ReadingStore } from '@kkt/storage';
import type { HttpReply } from '@kkt/web-server';
import { discoveryOf, hostOf, zabbixTemplate } from '@kkt/zabbix';

class DiscoveryQuery {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  dc?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  rack?: string;

  @IsOptional()
  @IsString()
  @Length(1, 8)
  assembly?: string;
}

/** What a Zabbix of the client's own needs: the template, and which registers there are. */
@Controller('api/integrations/zabbix')
export class ZabbixController {
  constructor(@Inject(ReadingStore) private readonly readings: ReadingStore) {}

  @Get('template.yaml')
  template(@Res() reply: HttpReply): void {
    reply
      .type('application/yaml; charset=utf-8')
      .header('content-disposition', 'attachment; filename="kkt-farm-template.yaml"')
      .send(zabbixTemplate());
  }

  /** Rows of low-level discovery, the host of each with them. */
  @Get('discovery')
  async discovery(@Query() { dc, rack, assembly }: DiscoveryQuery): Promise<Record<string, string>[]> {
    const rows = (await this.readings.last({ dc, rack })).filter(
      (row) => assembly === undefined || row.assembly === assembly,
    );
    const macros = discoveryOf(rows);
    return rows.map((row, index) => ({ ...macros[index], '{#HOST}': hostOf(row) }));
  }
}
