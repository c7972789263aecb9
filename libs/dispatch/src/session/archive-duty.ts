import { FarmError, isDeviceRefusal } from '@kkt/contracts';
import type { DocumentRecord, FiscalDevice } from '@kkt/kkt-driver';
import type { ArchivePart, ArchiveReadRequest, ArchiveRecord } from '@kkt/storage';
import type { DispatchPorts } from '../ports';

/** Parts that may fail one after another before a reading is given up: it must not keep a register from its work. */
const mostFailures = 3;
const restAfterFailureMs = 2_000;

/**
 * Reads the FN's archive for whoever asked by a row: short records, a few at a time, when there is nothing else to do.
 * It reads only. A broken link costs the part in hand: the row says where a new session goes on.
 */
export class ArchiveDuty {
  private request: ArchiveReadRequest | undefined;
  private lastEndedId: string | undefined;
  private failures = 0;
  private restUntilMs = -Infinity;

  constructor(
    private readonly ports: Pick<DispatchPorts, 'archive' | 'clock' | 'log' | 'settings'>,
    private readonly device: Pick<FiscalDevice, 'fnState' | 'documentRecord'>,
  ) {}

  /** No reading is in hand. */
  get isFree(): boolean {
    return !this.request;
  }

  /** False when it is not taken: one is in hand, or this one has ended here and its row was looked at before that. */
  give(request: ArchiveReadRequest): boolean {
    if (this.request || request.id === this.lastEndedId) return false;
    this.request = request;
    this.failures = 0;
    return true;
  }

  due(underLoad: boolean): boolean {
    return !underLoad && this.request !== undefined && this.ports.clock.monotonicMs() >= this.restUntilMs;
  }

  /**
   * Reads one part, short enough for a receipt to wait for. Rejects only when the device does not answer as it should:
   * the link must be made anew.
   */
  async step(): Promise<void> {
    const { request } = this;
    if (!request) return;
    let part: ArchivePart;
    try {
      part = await this.read(request);
    } catch (error) {
      if (isDeviceRefusal(error)) return this.giveUp(request, error.code);
      await this.failed(request, error);
      throw error;
    }
    try {
      const isWanted = (await this.ports.archive?.put(request.id, part)) ?? false;
      this.failures = 0;
      if (part.isDone || !isWanted) this.end();
      else this.request = { ...request, nextFd: part.nextFd };
    } catch (error) {
      await this.failed(request, error);
    }
  }

  private async read(request: ArchiveReadRequest): Promise<ArchivePart> {
    const { clock, settings } = this.ports;
    const startedMs = clock.monotonicMs();
    const { fnNumber, lastFdNumber: lastFd } = await this.device.fnState();
    if (fnNumber !== request.fnNumber) {
      throw new FarmError('DEVICE-ANOTHER-FN', 'Another FN is inserted', {
        fnNumber,
        wanted: request.fnNumber,
      });
    }
    const end = Math.min(request.toFd ?? lastFd, lastFd);
    const records: ArchiveRecord[] = [];
    const missing: number[] = [];
    let nextFd = request.nextFd;
    while (
      nextFd <= end &&
      nextFd - request.nextFd < settings.archiveRecordsAtOnce &&
      clock.monotonicMs() - startedMs < settings.archiveStepMs
    ) {
      const record = await this.device.documentRecord(nextFd);
      if (record) records.push(toRow(record));
      else missing.push(nextFd);
      nextFd += 1;
    }
    return { nextFd, lastFd, records, missing, isDone: nextFd > end };
  }

  /** The same part is read again after a while, a few times. */
  private async failed(request: ArchiveReadRequest, error: unknown): Promise<void> {
    this.failures += 1;
    this.restUntilMs = this.ports.clock.monotonicMs() + restAfterFailureMs;
    this.log(request, error instanceof Error ? error.message : String(error));
    if (this.failures < mostFailures) return;
    await this.giveUp(request, error instanceof FarmError ? error.code : 'SYS-ARCHIVE-READ');
  }

  private async giveUp(request: ArchiveReadRequest, reason: string): Promise<void> {
    this.log(request, reason);
    this.end();
    // When this cannot be stored, the wish runs out by itself.
    await this.ports.archive
      ?.fail(request.id, reason)
      .catch((error: Error) => this.log(request, error.message));
  }

  private log({ registerId, fnNumber, nextFd }: ArchiveReadRequest, err: string): void {
    this.ports.log.warn({ registerId, fnNumber, nextFd, err }, 'the FN’s archive was not read');
  }

  private end(): void {
    this.lastEndedId = this.request?.id;
    this.request = undefined;
  }
}

const toRow = ({ fdNumber, form, type, fiscalSign, totalKop, at, delivered }: DocumentRecord) => ({
  fdNumber,
  form,
  type,
  fiscalSign,
  totalKop: totalKop ?? null,
  at,
  delivered,
});
