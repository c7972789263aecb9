import type { Moment, Place } from './common';

/** What may be done to a module of the emulated hall. */
export type ModuleFaultWord =
  'unplug' | 'power-off' | 'hang' | 'slow' | 'clock' | 'fn-fault' | 'fn-full' | 'lose-answer';

/** Something that was broken by hand. */
export interface DemoFault {
  /** `dc1:switch:r1-a`, `module:<serial>`. */
  key: string;
  kind: 'switch' | 'link' | 'port' | 'feed' | 'module';
  dc: string;
  /** Of an element of the hall; the serial number of a module. */
  code: string;
  /** Of a module: names of its faults. */
  faults: string[];
  registerId: number | null;
  place: Place | null;
  /** Null when it was not thrown from this panel. */
  thrownAt: Moment | null;
  thrownBy: string | null;
  mendedAt: Moment | null;
  /** What the watch made of it; null while it has not. */
  incident: {
    id: string;
    severity: 1 | 2 | 3 | 4;
    title: string;
    text: string;
    openedAt: Moment;
    closedAt: Moment | null;
    registers: number;
    told: { who: string; channel: string; at: Moment; state: string }[];
  } | null;
}

/** `GET /api/demo` and the live topic `demo`. */
export interface DemoView {
  /** False: the hall is real, nothing can be broken from here. */
  panel: boolean;
  now: DemoFault[];
  /** Thrown and mended within the last hours. */
  past: DemoFault[];
}

/** A register that a newcomer may break: online and well. */
export interface DemoCandidate {
  registerId: number;
  serial: string;
  place: Place;
  clientName: string | null;
}
