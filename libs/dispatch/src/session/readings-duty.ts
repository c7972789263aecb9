import { type Clock, isDeviceRefusal } from '@kkt/contracts';
import type { DeviceProbe, FiscalDevice } from '@kkt/kkt-driver';
import { metricByKey, type MetricValue, type MetricValues } from '@kkt/readings';
import type { DispatchPorts } from '../ports';
import { fromLocal } from '../local-time';
import type { RegisterView } from './view';

const periodMs = { minute: 60_000, 'ten-minutes': 600_000, hour: 3_600_000 } as const;
/** While the register sells, a reading waits until so many of its periods have gone by. */
const lateWhileBusy = 10;
/** A reading that the device does not know is asked again after a day: a new firmware may. */
const unknownForMs = 86_400_000;
/** Readings of a fresh session are spread, so that a rack coming up does not ask everything at once. */
const spreadMs = 30_000;

const states = ['stock', 'registering', 'ready', 'paused', 'stopped', 'swap', 'closed'];

function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

/**
 * Readings of one register: one command at a time, only when the register has nothing else to do, seldom while it sells.
 * They decide nothing about receipts.
 */
export class ReadingsDuty {
  private readonly values: MetricValues = {};
  private readonly dueAtMs = new Map<DeviceProbe, number>();
  private seenAtMs: number | undefined;

  constructor(
    private readonly ports: Pick<DispatchPorts, 'clock' | 'settings' | 'readings'>,
    private readonly view: RegisterView,
    private readonly device: Pick<FiscalDevice, 'probes' | 'recentMs' | 'counters' | 'tasks' | 'commands'>,
  ) {
    const nowMs = ports.clock.monotonicMs();
    device.probes?.forEach((probe, index) =>
      this.dueAtMs.set(probe, nowMs + ((view.register.registerId * 7_919 + index * 977) % spreadMs)),
    );
  }

  /** The reading that has waited longest past its time; undefined when none is due. */
  next(underLoad: boolean): DeviceProbe | undefined {
    if (!this.ports.readings) return undefined;
    const nowMs = this.ports.clock.monotonicMs();
    let found: DeviceProbe | undefined;
    let mostLateMs = 0;
    for (const [probe, dueAtMs] of this.dueAtMs) {
      const lateMs = nowMs - dueAtMs - (underLoad ? (lateWhileBusy - 1) * periodMs[probe.period] : 0);
      if (lateMs < 0 || (found && lateMs <= mostLateMs)) continue;
      found = probe;
      mostLateMs = lateMs;
    }
    return found;
  }

  /** Rejects only when the link itself is broken. */
  async step(probe: DeviceProbe): Promise<void> {
    const { clock } = this.ports;
    try {
      const values = await probe.read();
      const nowMs = clock.nowMs();
      this.seenAtMs = nowMs;
      for (const [key, value] of Object.entries(values)) this.values[key] = this.plain(key, value);
      if (typeof values.clock === 'string')
        this.values.clock_offset = (this.secondsOf(values.clock) ?? 0) - Math.round(nowMs / 1_000);
      this.dueAtMs.set(probe, clock.monotonicMs() + periodMs[probe.period]);
    } catch (error) {
      if (!isDeviceRefusal(error)) {
        this.dueAtMs.set(probe, clock.monotonicMs() + periodMs[probe.period]);
        throw error;
      }
      this.dueAtMs.set(probe, clock.monotonicMs() + unknownForMs);
    }
  }

  /** Everything that is known now, with what the driver counts itself. Absent readings were never answered. */
  snapshot(clock: Clock = this.ports.clock): MetricValues {
    const { view, device } = this;
    const nowS = Math.round(clock.nowMs() / 1_000);
    const { counters, tasks } = device;
    const receipt = device.commands.get('receipt');
    const commands = [...device.commands].filter(([name]) => name !== 'receipt' && name !== 'document');
    const seconds = (ms: number | null): number | null =>
      ms === null ? null : Math.round(ms * 1_000) / 1_000_000;
    const own: MetricValues = {
      up: view.online,
      serving: view.serving && view.eligible(this.ports),
      state: states.indexOf(view.register.state),
      receipts: view.receiptsDone,
      seen: this.seenAtMs === undefined ? null : Math.round(this.seenAtMs / 1_000),
      command_p50: seconds(quantile(device.recentMs ?? [], 0.5)),
      command_p95: seconds(quantile(device.recentMs ?? [], 0.95)),
      commands: commands.reduce((sum, [, { count }]) => sum + count, 0),
      command_errors: commands.reduce((sum, [, { errors }]) => sum + errors, 0),
      receipt_duration: receipt && receipt.count > 0 ? seconds(receipt.totalMs / receipt.count) : null,
      receipt_duration_max: receipt ? seconds(receipt.maxMs) : null,
      frames_sent: counters.framesSent,
      frames_received: counters.framesReceived,
      crc_errors: counters.crcErrors,
      repeats_asked: counters.repeatsAsked,
      repeats_served: counters.repeatsServed,
      resends: counters.resends,
      stale_frames: counters.staleFrames,
      noise: counters.noiseBytes,
      reconnects: counters.reconnects,
      sent: counters.bytesSent,
      received: counters.bytesReceived,
      tasks_added: tasks.added,
      task_buffer_full: tasks.bufferFull,
    };
    // What a silent device said before is not what it says now.
    return view.online ? { ...this.values, ...this.fromView(), ...this.derived(nowS), ...own } : own;
  }

  /** What the session learns anyway while it works is newer than the last reading of it. */
  private fromView(): MetricValues {
    const { view } = this;
    const values: MetricValues = {};
    if (view.state) {
      values.fn_documents = view.lastFd;
      values.fn_phase = view.state.phase;
      values.fn_number = view.state.fnNumber;
    }
    if (view.shift) {
      values.shift_open = view.shift.open;
      values.shift_number = view.shift.number;
      values.shift_limit =
        view.shift.open && view.shift.expiresAt ? this.secondsOf(view.shift.expiresAt) : null;
    }
    return values;
  }

  private derived(nowS: number): MetricValues {
    const { values } = this;
    const { shift, life } = this.view;
    const limit = shift?.open && shift.expiresAt ? this.secondsOf(shift.expiresAt) : undefined;
    const validUntil = life?.validUntil ? this.secondsOf(`${life.validUntil}T00:00:00`) : undefined;
    const firstUnsent = values.ofd_first_unsent;
    return {
      shift_left: limit === undefined || limit === null ? null : limit - nowS,
      ofd_unsent_age: typeof firstUnsent === 'number' ? Math.max(0, nowS - firstUnsent) : 0,
      ...(validUntil === undefined || validUntil === null
        ? {}
        : { fn_valid_until: validUntil, fn_days_left: Math.floor((validUntil - nowS) / 86_400) }),
    };
  }

  private plain(key: string, value: MetricValue): MetricValue {
    return metricByKey(key)?.kind === 'moment' && typeof value === 'string' ? this.secondsOf(value) : value;
  }

  private secondsOf(localTime: string): number | null {
    const atMs = fromLocal(localTime, this.ports.settings.deviceUtcOffsetMin);
    return Number.isFinite(atMs) ? Math.round(atMs / 1_000) : null;
  }
}
