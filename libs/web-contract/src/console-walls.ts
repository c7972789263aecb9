import type { Condition, Moment } from './common';
import type { MinutePoint, QueueView } from './console';

/** `GET /api/wall/service` and the live topic `wall-service`. */
export interface ServiceWall {
  health: 'ok' | 'attention' | 'trouble';
  minutes: MinutePoint[];
  queue: QueueView;
  /** The last test receipt; null when none was sent. */
  test: {
    at: Moment;
    outcome: 'ok' | 'failed';
    acceptMs: number | null;
    registerMs: number | null;
    error: string | null;
  } | null;
  operators: { name: string; unsent: number; ready: number; oldestS: number }[];
  /** Open alerts of the two highest priorities. */
  urgent: {
    id: string;
    severity: 1 | 2;
    text: string;
    openedAt: Moment;
    /** Who has it; null: nobody yet. */
    owner: string | null;
    registers: number;
  }[];
}

/** `GET /api/wall/hardware` and the live topic `wall-hardware`. */
export interface HardwareWall {
  racks: {
    dc: string;
    rack: string;
    up: number;
    total: number;
    worst: Condition;
    /** Null: the rack has no network in the inventory. */
    network: 'ok' | 'degraded' | 'down' | null;
    power: 'ok' | 'degraded' | 'down' | null;
  }[];
  registers: Partial<Record<Condition, number>>;
  /** Installed FNs whose term ends within so many days. */
  fnEnding: { days: number; drives: number }[];
  fnNearlyFull: number;
  duty: { role: 'duty' | 'second' | 'head'; name: string; until: Moment }[];
}
