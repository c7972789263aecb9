import type { Moment } from './common';
import type { Cell, PlantElementView } from './console';

/** `GET /api/racks/:dc/:rack` and the live topic `rack:<dc>/<rack>`. */
export interface RackView {
  dc: string;
  rack: string;
  assemblies: number;
  slots: number;
  cells: Cell[];
  around: RackAround;
}

/** What belongs to a rack besides its registers. */
export interface RackAround {
  /** Empty: the rack has no network in the inventory. */
  links: {
    assembly: number;
    network: 'ok' | 'degraded' | 'down';
    power: 'ok' | 'degraded' | 'down';
    uplinks: string[];
    feeds: string[];
    /** Empty: no single point of failure. */
    singlePoints: PlantElementView[];
  }[];
  /** Slots kept for a client. */
  reserved: {
    assembly: number;
    slot: number;
    clientName: string | null;
    until: Moment;
    reason: string;
    by: string | null;
  }[];
  /** Work on FNs that is under way here. */
  work: {
    id: string;
    kind: string;
    step: string;
    turn: string;
    serial: string;
    assembly: number;
    slot: number;
    dueAt: Moment;
  }[];
}

/** Patch of a rack: cells by register, those that left it, and what is around them when that changed. */
export interface RackPatch {
  cells: Cell[];
  gone: number[];
  around?: RackAround;
}
