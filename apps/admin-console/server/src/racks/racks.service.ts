import { Inject, Injectable } from '@nestjs/common';
import { type CellRow, ConsoleReadStore, PlantStore, type Sql } from '@kkt/storage';
import { ASSEMBLIES_IN_RACK, elementKey, reach, singlePoints, SLOTS_IN_ASSEMBLY } from '@kkt/topology';
import type { Cell, RackPatch, RackTile, RackView } from '@kkt/web-contract';
import { conditionOf, moment } from '@kkt/web-server';
import { rackTiles } from '../overview/overview.service';
import { type ConsoleParts, PARTS } from '../parts';

const cellOf = (row: CellRow): Cell => ({
  registerId: row.registerId,
  assembly: row.assembly,
  slot: row.slot,
  serial: row.serial,
  condition: conditionOf(row),
  problem: row.problem,
  clientName: row.clientName,
  groupCode: row.groupCode,
  fnNumber: row.fnNumber,
  fnFill:
    row.documentsLeft === null || !row.capacityDocuments
      ? null
      : Math.round((1 - row.documentsLeft / row.capacityDocuments) * 1000) / 1000,
  documentsLeft: row.documentsLeft,
  capacityDocuments: row.capacityDocuments,
  validUntil: row.validUntil,
  unsent: row.unsent,
  shiftOpen: row.shiftOpen,
});

/** Racks and what stands in them. */
@Injectable()
export class RacksService {
  private readonly sql: Sql;

  constructor(
    @Inject(PARTS) parts: ConsoleParts,
    @Inject(ConsoleReadStore) private readonly console: ConsoleReadStore,
    @Inject(PlantStore) private readonly plant: PlantStore,
  ) {
    this.sql = parts.database;
  }

  async tiles(): Promise<RackTile[]> {
    return rackTiles(await this.console.rackStates());
  }

  /** Undefined when nothing stands there. */
  async rack(dc: string, rack: string): Promise<RackView | undefined> {
    const [rows, links, reserved, work] = await Promise.all([
      this.console.cells({ dc, rack }),
      this.links(dc, rack),
      this.reserved(dc, rack),
      this.work(dc, rack),
    ]);
    if (rows.length === 0 && links.length === 0) return undefined;
    return {
      dc,
      rack,
      assemblies: Math.max(ASSEMBLIES_IN_RACK, ...rows.map((row) => row.assembly)),
      slots: Math.max(SLOTS_IN_ASSEMBLY, ...rows.map((row) => row.slot)),
      cells: rows.map(cellOf),
      around: { links, reserved, work },
    };
  }

  /** By what each assembly is reached and powered, and what alone could cut it off. */
  private async links(dc: string, rack: string): Promise<RackView['around']['links']> {
    const plant = await this.plant.rackPlant(dc, rack);
    if (!plant) return [];
    const down = new Set((await this.plant.down()).filter((one) => one.dc === dc).map(elementKey));
    const now = reach(plant, down);
    return plant.assemblies.map(({ number, uplinks, feeds }, index) => ({
      assembly: number,
      network: now[index]?.network ?? 'ok',
      power: now[index]?.power ?? 'ok',
      uplinks: Object.values(uplinks).map(({ switch: code, port }) => `${code}:${port}`),
      feeds: Object.values(feeds),
      singlePoints: singlePoints(plant, rack, number),
    }));
  }

  private async reserved(dc: string, rack: string): Promise<RackView['around']['reserved']> {
    const rows = await this.sql.query<
      Omit<RackView['around']['reserved'][number], 'until'> & { until: Date }
    >(
      `select s.assembly::integer, s.number::integer as slot, c.name as "clientName", s.reserved_until as until, s.reason, p.name as by
       from slots s left join clients c on c.id = s.reserved_for left join staff p on p.id = s.reserved_by
       where s.dc = $1 and s.rack = $2 and s.reserved_until > farm_now() order by 1, 2`,
      [dc, rack],
      'rack_reserved',
    );
    return rows.map((row) => ({ ...row, until: moment(row.until) }));
  }

  /** Work on FNs of registers that stand here and is not ended. */
  private async work(dc: string, rack: string): Promise<RackView['around']['work']> {
    const rows = await this.sql.query<Omit<RackView['around']['work'][number], 'dueAt'> & { dueAt: Date }>(
      `select w.id::text, w.kind, w.step, w.turn, k.serial, (k.place->>'assembly')::integer as assembly,
              (k.place->>'slot')::integer as slot, w.due_at as "dueAt"
       from fn_workflows w join registers k on k.id = w.register_id
       where w.finished_at is null and k.place->>'dc' = $1 and k.place->>'rack' = $2 order by w.due_at`,
      [dc, rack],
      'rack_work',
    );
    return rows.map((row) => ({ ...row, dueAt: moment(row.dueAt) }));
  }
}

/** Cells that differ; null when none does. */
export function rackChanges(before: RackView | undefined, after: RackView | undefined): RackPatch | null {
  const earlier = new Map((before?.cells ?? []).map((cell) => [cell.registerId, JSON.stringify(cell)]));
  const cells = (after?.cells ?? []).filter((cell) => earlier.get(cell.registerId) !== JSON.stringify(cell));
  const present = new Set((after?.cells ?? []).map((cell) => cell.registerId));
  const gone = [...earlier.keys()].filter((id) => !present.has(id));
  const isSame = JSON.stringify(before?.around) === JSON.stringify(after?.around);
  if (cells.length + gone.length === 0 && isSame) return null;
  return { cells, gone, ...(!isSame && after && { around: after.around }) };
}
