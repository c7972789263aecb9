import type { Clock } from '@kkt/contracts';
import type { ApiReceiptStore, GroupPace, ReceiptReport } from '@kkt/storage';
import { TtlCache } from '../../access/ttl-cache';
import type { Directory } from '../../access/directory';
import type { WaitingView } from '../dto/views';
import { obstacleText, waitText } from './wait-texts';

const paceTtlMs = 3_000;
const maxGroups = 10_000;
/** What one receipt takes when nothing was registered lately, seconds. Ours: an emulated register's order of size. */
const usualReceiptS = 2;

/** Why a receipt waits, its place, and when it will be registered as things go now. */
export class Explainer {
  private readonly pace: TtlCache<GroupPace | undefined>;

  constructor(
    private readonly store: Pick<ApiReceiptStore, 'queuePlace' | 'groupPace'>,
    private readonly directory: Pick<Directory, 'group'>,
    private readonly clock: Clock,
  ) {
    this.pace = new TtlCache(clock, paceTtlMs, maxGroups, (id) => store.groupPace(Number(id)));
  }

  /** Null when the receipt has ended. */
  async explain(report: ReceiptReport): Promise<WaitingView | null> {
    if (report.state === 'done' || report.state === 'failed') return null;
    const none = { place: null, estimate_s: null, deadline_at: null };
    if (report.state === 'in_doubt') return { ...waitText('in_doubt'), ...none };
    const group = await this.directory.group(report.groupCode);
    const pace = group && (await this.pace.get(String(group.group.id)));
    const receiptS = pace?.receiptS ?? usualReceiptS;
    if (report.state === 'working') {
      const opens = pace !== undefined && pace.workable > 0 && pace.shiftClosed === pace.workable;
      const reason = opens ? 'shift_opening' : 'registering';
      return { ...waitText(reason), ...none, place: 0, estimate_s: Math.ceil(receiptS) };
    }
    const queued = await this.store.queuePlace(report.id);
    if (!queued || !pace) return { ...waitText('in_line'), ...none };
    const place = { place: queued.place, deadline_at: queued.deadlineAt.toISOString() };
    if (pace.paused) return { ...waitText('group_paused'), ...place, estimate_s: null };
    if (pace.registers === 0) return { ...waitText('no_registers'), ...place, estimate_s: null };
    if (pace.workable === 0)
      return {
        ...obstacleText(pace.waitReason === 'registers_busy' ? null : pace.waitReason),
        ...place,
        estimate_s: null,
      };
    const rounds = Math.ceil(queued.place / pace.workable);
    const estimateS = Math.ceil(rounds * receiptS);
    const leftS = (queued.deadlineAt.getTime() - this.clock.nowMs()) / 1000;
    const inLine = estimateS > leftS ? 'over_limit' : 'in_line';
    const why = queued.place === 1 && wasTried(report) ? 'retry' : inLine;
    return { ...waitText(why), ...place, estimate_s: estimateS };
  }
}

/** A reason of the receipt's own, not of its group, is left by an attempt that made no document. */
const wasTried = (report: ReceiptReport): boolean =>
  report.registerSerial === null && report.waitReason !== null && report.waitReason !== 'registers_busy';
