import type { Clock } from '@kkt/contracts';

/** One exchange with a device as it went over its wire; nothing of a buyer is in it. */
export interface TraceLine {
  /** Wall time at which it ended, Unix milliseconds. */
  atMs: number;
  /** Name of the command or the path of the request; `abort` and `settle` are the driver's own. */
  name: string;
  /** May have made a fiscal document. */
  fiscal: boolean;
  /** What was sent, hex or JSON text; a masked byte is `**`. */
  out: string;
  /** What came back; null: nothing, or it is not known which command of a series it belongs to. */
  in: string | null;
  /** Both in words. */
  words: string;
  refused: boolean;
  /** Absent for the commands of a series but the last one. */
  tookMs: number | null;
  /** Code of the failure when no answer came. */
  error: string | null;
}

/** Lines that are kept when nobody fetches them. */
const keptLines = 500;
const maxText = 4_096;

const cut = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText)}…` : text);

/** What goes between the driver and one device, kept only while somebody looks: a bounded ring, off by default. */
export class DeviceTrace {
  private lines: TraceLine[] = [];
  private untilMs = -Infinity;
  private lost = 0;

  constructor(private readonly clock: Clock) {}

  get isOn(): boolean {
    return this.clock.monotonicMs() < this.untilMs;
  }

  /** Keeps lines for so long from now; 0 stops and forgets. */
  keepFor(ms: number): void {
    this.untilMs = ms > 0 ? this.clock.monotonicMs() + ms : -Infinity;
    if (ms <= 0) this.lines = [];
  }

  add(line: Omit<TraceLine, 'atMs'>): void {
    if (!this.isOn) return;
    if (this.lines.length >= keptLines) {
      this.lines.shift();
      this.lost += 1;
    }
    const { out, words } = line;
    this.lines.push({
      ...line,
      atMs: this.clock.nowMs(),
      out: cut(out),
      in: line.in === null ? null : cut(line.in),
      words: cut(words),
    });
  }

  /** Gives the kept lines away, and how many were pushed out before anybody came. */
  take(): { lines: TraceLine[]; lost: number } {
    const taken = { lines: this.lines, lost: this.lost };
    this.lines = [];
    this.lost = 0;
    return taken;
  }
}
