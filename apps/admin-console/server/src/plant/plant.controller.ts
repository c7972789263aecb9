import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { audited, PlantStore } from '@kkt/storage';
import { affectedBy, type Element, elementKey, reach, singlePoints } from '@kkt/topology';
import type { PlantView, RegisterPlantView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { RegisterParams } from '../registers/registers.controller';
import { type Caller, CallerOf, Roles } from '../session/session.guard';

class FaultBody {
  @IsIn(['switch', 'link', 'port', 'feed'])
  kind!: Element['kind'];

  @Matches(/^[A-Za-z0-9._:>-]{1,64}$/)
  code!: string;
}

class HealQuery {
  @IsOptional()
  @IsIn(['switch', 'link', 'port', 'feed'])
  kind?: Element['kind'];

  @IsOptional()
  @Matches(/^[A-Za-z0-9._:>-]{1,64}$/)
  code?: string;
}

class ModuleFaultBody {
  @IsString()
  @Matches(/^[0-9]{8,20}$/)
  serial!: string;

  @IsIn(['unplug', 'replug', 'power-off', 'power-on', 'slow', 'clock', 'heal'])
  fault!: 'unplug' | 'replug' | 'power-off' | 'power-on' | 'slow' | 'clock' | 'heal';
}

const emulatorTimeoutMs = 5_000;

/** What each fault of the panel is at the emulator's control port. */
const moduleFaults: Readonly<
  Record<ModuleFaultBody['fault'], { method: string; path: string; body?: object }>
> = {
  unplug: { method: 'POST', path: 'unplug' },
  replug: { method: 'POST', path: 'replug' },
  'power-off': { method: 'POST', path: 'power', body: { on: false } },
  'power-on': { method: 'POST', path: 'power', body: { on: true } },
  slow: { method: 'POST', path: 'faults', body: { name: 'delay', ms: 600 } },
  clock: { method: 'POST', path: 'faults', body: { name: 'clockJump', byMs: 3_600_000 } },
  heal: { method: 'DELETE', path: 'faults' },
};

/** Network and power of the halls, and in a demonstration the panel that breaks them. */
@Controller('api')
export class PlantController {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(PlantStore) private readonly plant: PlantStore,
  ) {}

  @Get('plant')
  async read(): Promise<PlantView> {
    const [plants, down, reports] = await Promise.all([
      this.plant.plants(),
      this.plant.down(),
      this.plant.reports(),
    ]);
    return {
      panel: this.parts.emulatorControlUrl !== undefined,
      centres: plants.map((plant) => {
        const keys = new Set(down.filter(({ dc }) => dc === plant.dc).map(elementKey));
        const said = reports.find(({ report }) => report.dc === plant.dc);
        return {
          dc: plant.dc,
          feeds: plant.feeds.map((code) => ({ code, up: !keys.has(`feed:${code}`) })),
          switches: plant.switches.map(({ code, role, rack, uplinks, feeds }) => ({
            code,
            role,
            rack: rack ?? null,
            up: !keys.has(`switch:${code}`),
            uplinks: uplinks.map((to) => ({ to, up: !keys.has(`link:${code}>${to}`) })),
            feeds: [...feeds],
            ports: [...(said?.report.switches.find((one) => one.code === code)?.ports ?? [])],
          })),
          assemblies: reach(plant, keys).map((one) => ({
            ...one,
            singlePoints: singlePoints(plant, one.rack, one.number),
          })),
          down: down
            .filter(({ dc }) => dc === plant.dc)
            .map(({ dc: _, since, ...element }) => ({
              ...element,
              since: since.toISOString(),
              assemblies: affectedBy(plant, element),
            })),
          seenAt: said?.seenAt.toISOString() ?? null,
        };
      }),
    };
  }

  /** By what a register is reached and powered, and what alone could cut it off. */
  @Get('registers/:id/plant')
  async ofRegister(@Param() { id }: RegisterParams): Promise<RegisterPlantView> {
    const [row] = await this.parts.database.query<{ place: Record<string, string | number> }>(
      'select place from registers where id = $1',
      [id],
    );
    if (!row) throw notFound('register');
    const [dc, rack, number] = [String(row.place.dc), String(row.place.rack), Number(row.place.assembly)];
    const plant = (await this.plant.plants()).find((one) => one.dc === dc);
    const assembly = plant?.assemblies.find((one) => one.rack === rack && one.number === number);
    if (!plant || !assembly)
      return { uplinks: {}, feeds: {}, network: null, power: null, singlePoints: null };
    const keys = new Set((await this.plant.down()).filter((one) => one.dc === dc).map(elementKey));
    const now = reach({ ...plant, assemblies: [assembly] }, keys)[0];
    return {
      uplinks: assembly.uplinks,
      feeds: assembly.feeds,
      network: now?.network ?? null,
      power: now?.power ?? null,
      singlePoints: singlePoints(plant, rack, number),
    };
  }

  @Post('demo/faults')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  async break(@CallerOf() caller: Caller, @Body() body: FaultBody): Promise<void> {
    await this.emulator(caller, 'POST', '/plant/faults', `${body.kind} ${body.code}`, {
      kind: body.kind,
      code: body.code,
    });
  }

  /** Mends one element, or everything when none is named. */
  @Delete('demo/faults')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  async mend(@CallerOf() caller: Caller, @Query() { kind, code }: HealQuery): Promise<void> {
    const query = kind && code ? `?${new URLSearchParams({ kind, code }).toString()}` : '';
    await this.emulator(
      caller,
      'DELETE',
      `/plant/faults${query}`,
      kind && code ? `${kind} ${code}` : 'everything',
    );
  }

  @Post('demo/module-faults')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  async breakModule(@CallerOf() caller: Caller, @Body() { serial, fault }: ModuleFaultBody): Promise<void> {
    const { method, path, body } = moduleFaults[fault];
    await this.emulator(caller, method, `/modules/${serial}/${path}`, `module ${serial}: ${fault}`, body);
  }

  private async emulator(
    caller: Caller,
    method: string,
    path: string,
    what: string,
    body?: object,
  ): Promise<void> {
    const url = this.parts.emulatorControlUrl;
    if (!url)
      throw new FarmError('CLIENT-STATE', 'The hall is not emulated: nothing can be broken from here');
    let answer: Response;
    try {
      answer = await fetch(`${url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(emulatorTimeoutMs),
      });
    } catch (error) {
      throw new FarmError('SYS-EMULATOR', `The emulated hall does not answer: ${(error as Error).message}`);
    }
    if (answer.status === 404) throw notFound('element');
    if (!answer.ok) throw new FarmError('SYS-EMULATOR', `The emulated hall refused: ${await answer.text()}`);
    await audited(this.parts.database, () =>
      Promise.resolve({
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: null,
          action: method === 'DELETE' ? 'demo.mend' : 'demo.break',
          objectKind: 'plant',
          objectId: what.slice(0, 200),
          requestId: correlationId(),
        },
      }),
    );
  }
}
