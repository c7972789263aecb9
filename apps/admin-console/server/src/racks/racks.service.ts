import { Inject, Injectable } from '@nestjs/common';
import { type CellRow, ConsoleReadStore } from '@kkt/storage';
import type { Cell, RackPatch, RackTile, RackView } from '@kkt/web-contract';
import { conditionOf } from '@kkt/web-server';
import { rackTiles } from '../overview/overview.service';

/** A rack of the data centre: 12 assemblies of 48 modules. */
const assemblies = 12;
const slots = 48;

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
  constructor(@Inject(ConsoleReadStore) private readonly console: ConsoleReadStore) {}

  async tiles(): Promise<RackTile[]> {
    return rackTiles(await this.console.rackStates());
  }

  /** Undefined when nothing stands there. */
  async rack(dc: string, rack: string): Promise<RackView | undefined> {
    const rows = await this.console.cells({ dc, rack });
    if (rows.length === 0) return undefined;
    return {
      dc,
      rack,
      assemblies: Math.max(assemblies, ...rows.map((row) => row.assembly)),
      slots: Math.max(slots, ...rows.map((row) => row.slot)),
      cells: rows.map(cellOf),
    };
  }
}

/** Cells that differ; null when none does. */
export function rackChanges(before: RackView | undefined, after: RackView | undefined): RackPatch | null {
  const earlier = new Map((before?.cells ?? []).map((cell) => [cell.registerId, JSON.stringify(cell)]));
  const cells = (after?.cells ?? []).filter((cell) => earlier.get(cell.registerId) !== JSON.stringify(cell));
  const present = new Set((after?.cells ?? []).map((cell) => cell.registerId));
  const gone = [...earlier.keys()].filter((id) => !present.has(id));
  return cells.length + gone.length === 0 ? null : { cells, gone };
}
