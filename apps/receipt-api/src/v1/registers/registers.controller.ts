import { Controller, Get, Header, Param, Query, UseGuards } from '@nestjs/common';
import { CabinetReadStore, type ClientRegisterRow, type ClientSight, PlanningStore } from '@kkt/storage';
import { conditionOf } from '@kkt/web-server';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { cursorOf, readCursorParts } from '../http/cursor';
import { notFound } from '../http/problem';
import { OwnApi } from '../own-api';
import { registerView } from './register-view';
import { type RegisterPageView, RegisterQuery, type RegisterView } from './views';

const usualPage = 100;

const isAfter = (row: ClientRegisterRow, group: string, serial: string): boolean =>
  row.groupCode === group ? row.serial > serial : row.groupCode > group;

/** Registers of the client: how they are, what the operator has not confirmed and why, how full their FNs are. */
@Controller('v1/registers')
@UseGuards(ApiKeyGuard)
export class RegistersController {
  private readonly store: CabinetReadStore;
  private readonly planning: PlanningStore;

  constructor(private readonly api: OwnApi) {
    this.store = new CabinetReadStore(api.database);
    this.planning = new PlanningStore(api.database);
  }

  @Get()
  @Needs('report:read')
  @Header('cache-control', 'no-store')
  async list(@Query() sent: Record<string, unknown>, @Caller() caller: Principal): Promise<RegisterPageView> {
    const query = mustBe(RegisterQuery, sent);
    const limit = query.limit ? Number(query.limit) : usualPage;
    const sight = await this.sightOf(caller, query.group);
    if (!sight) return { items: [], next: null };
    const [group = '', serial = ''] = query.cursor ? readCursorParts(query.cursor, 2) : [];
    const rows = (await this.store.registers(sight))
      // The database may sort by its locale; the cursor compares as here.
      .sort((one, other) => (isAfter(one, other.groupCode, other.serial) ? 1 : -1))
      .filter((row) => !query.cursor || isAfter(row, group, serial))
      .filter((row) => query.state === undefined || conditionOf(row) === query.state);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: await this.viewsOf(caller, shown),
      next: last ? cursorOf(last.groupCode, last.serial) : null,
    };
  }

  @Get(':serial')
  @Needs('report:read')
  @Header('cache-control', 'no-store')
  async one(@Param('serial') serial: string, @Caller() caller: Principal): Promise<RegisterView> {
    const sight = await this.sightOf(caller, undefined);
    const rows = sight ? await this.store.registers(sight) : [];
    const [view] = await this.viewsOf(
      caller,
      rows.filter((row) => row.serial === serial),
    );
    if (!view) throw notFound();
    return view;
  }

  /** What the key may see of the group asked for; undefined when that is nothing. */
  private async sightOf(
    { clientId, groupCode }: Principal,
    asked: string | undefined,
  ): Promise<ClientSight | undefined> {
    if (asked !== undefined && groupCode !== null && asked !== groupCode) return undefined;
    const code = groupCode ?? asked;
    if (code === undefined) return { clientId, groupIds: null };
    const known = await this.api.directory.group(code);
    return known?.group.clientId === clientId ? { clientId, groupIds: [known.group.id] } : undefined;
  }

  private async viewsOf(
    { clientId }: Principal,
    rows: readonly ClientRegisterRow[],
  ): Promise<RegisterView[]> {
    if (rows.length === 0) return [];
    const only = rows.length === 1 ? rows[0]?.id : undefined;
    const forecasts = new Map(
      (await this.planning.forecasts({ clientId, registerId: only })).map((one) => [one.fnNumber, one]),
    );
    return rows.map((row) => registerView(row, forecasts.get(row.fnNumber ?? ''), this.api.wall.today()));
  }
}
