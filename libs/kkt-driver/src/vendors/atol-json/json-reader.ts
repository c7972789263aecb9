import { FFD_BY_WORD, PHASE_BY_WORD } from '@kkt/atol-protocol';
import { FarmError, type FfdVersion } from '@kkt/contracts';
import type { DeviceIdentity, FnLife, FnPhase, FnState, OfdQueueState, ShiftState } from '../../device';
import { dateAt, flagAt, momentAt, numberAt, objectAt, textAt, type JsonObject } from './fields';
import { DRIVER_ERROR, isRefusedByDriver } from './json.errors';
import type { JsonSession } from './json.session';

/** Bits of `FnState.warnings` by the driver's names of them. */
const WARNING_BITS = {
  resourceExhausted: 0x01,
  needReplacement: 0x02,
  memoryOverflow: 0x04,
  ofdTimeout: 0x08,
  criticalError: 0x80,
} as const;

/** No FN in the slot, or one that is out of order: it cannot say its number. */
const NO_FN = [DRIVER_ERROR.fnLink, DRIVER_ERROR.fnFault];

const DAY_MS = 86_400_000;

/** Queries that change nothing. Result fields: atol-protocol facts, section 6 (a client library of October 2025). */
export class JsonReader {
  /** Moment of the last document, which no query of the driver tells but the document itself. */
  private last: { fnNumber: string; fd: number; at: string } | undefined;

  constructor(
    private readonly session: JsonSession,
    private readonly momentOf: (fdNumber: number) => Promise<string | undefined>,
  ) {}

  async identity(): Promise<DeviceIdentity> {
    const info = objectAt(await this.session.ask({ type: 'getDeviceInfo' }), 'deviceInfo');
    const fnNumber = await this.fnNumber();
    return {
      modelCode: numberAt(info, 'model'),
      modelName: textAt(info, 'modelName'),
      firmware: textAt(info, 'firmwareVersion'),
      serial: textAt(info, 'serial'),
      fnNumber,
      ...(fnNumber === '' ? {} : { ffdKkt: ffdAt(info, 'ffdVersion'), ffdFn: ffdAt(info, 'fnFfdVersion') }),
    };
  }

  /** Empty when no FN answers. */
  private async fnNumber(): Promise<string> {
    try {
      return textAt(objectAt(await this.session.ask({ type: 'getFnInfo' }), 'fnInfo'), 'serial');
    } catch (error) {
      if (NO_FN.some((code) => isRefusedByDriver(error, code))) return '';
      throw error;
    }
  }

  async fnState(): Promise<FnState> {
    const [fn = {}, status = {}, shift = {}] = await this.session.askAll([
      { type: 'getFnInfo' },
      { type: 'getFnStatus' },
      { type: 'getShiftStatus' },
    ]);
    const info = objectAt(fn, 'fnInfo');
    const fnNumber = textAt(info, 'serial');
    const lastFdNumber = numberAt(objectAt(status, 'fnStatus'), 'fiscalDocumentNumber');
    const lastDocumentAt = await this.lastMoment(fnNumber, lastFdNumber);
    return {
      fnNumber,
      phase: phaseOf(textAt(info, 'livePhase')),
      // A task is whole: the driver ends or cancels what it has begun before it answers.
      openDocument: 0,
      shiftOpen: textAt(objectAt(shift, 'shiftStatus'), 'state') !== 'closed',
      warnings: warningsOf(objectAt(info, 'warnings')),
      ...(lastDocumentAt === undefined ? {} : { lastDocumentAt }),
      lastFdNumber,
    };
  }

  private async lastMoment(fnNumber: string, fd: number): Promise<string | undefined> {
    if (fd === 0) return undefined;
    if (this.last?.fnNumber === fnNumber && this.last.fd === fd) return this.last.at;
    const at = await this.momentOf(fd);
    if (at !== undefined) this.last = { fnNumber, fd, at };
    return at;
  }

  /** `documentsLeft` is not told by the driver; days are counted from the term. */
  async fnLife(): Promise<FnLife> {
    const [fn = {}, device = {}] = await this.session.askAll([
      { type: 'getFnInfo' },
      { type: 'getDeviceStatus' },
    ]);
    const info = objectAt(fn, 'fnInfo');
    const validUntil = dateAt(info, 'validityDate');
    const today = dateAt(objectAt(device, 'deviceStatus'), 'currentDateTime');
    const leftMs = Date.parse(`${validUntil}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`);
    return {
      validUntil,
      registrationsDone: numberAt(info, 'numberOfRegistrations'),
      registrationsLeft: numberAt(info, 'registrationsRemaining'),
      daysLeft: Math.max(0, Math.floor(leftMs / DAY_MS)),
    };
  }

  /** `documentsCount` is read as the number of receipts in the shift: ours, the name alone is public. */
  async shift(): Promise<ShiftState> {
    const status = objectAt(await this.session.ask({ type: 'getShiftStatus' }), 'shiftStatus');
    const open = textAt(status, 'state') !== 'closed';
    return {
      open,
      number: numberAt(status, 'number'),
      receipts: numberAt(status, 'documentsCount'),
      ...(open ? { expiresAt: momentAt(status, 'expiredTime') } : {}),
    };
  }

  async ofdQueue(): Promise<OfdQueueState> {
    const status = objectAt(await this.session.ask({ type: 'ofdExchangeStatus' }), 'status');
    const unsent = numberAt(status, 'notSentCount');
    return {
      unsent,
      firstFdNumber: numberAt(status, 'notSentFirstDocNumber'),
      ...(unsent > 0 ? { firstAt: momentAt(status, 'notSentFirstDocDateTime') } : {}),
      // The device sends by itself: nobody else has a message to carry.
      messageWaiting: false,
      answerAwaited: false,
    };
  }

  async clock(): Promise<string> {
    const status = objectAt(await this.session.ask({ type: 'getDeviceStatus' }), 'deviceStatus');
    return momentAt(status, 'currentDateTime');
  }

  async setClock(at: string): Promise<void> {
    await this.session.ask({ type: 'setDateTime', dateTime: at.replace(/-/g, '.').replace('T', ' ') });
  }
}

const warningsOf = (warnings: JsonObject): number =>
  Object.entries(WARNING_BITS).reduce((mask, [name, bit]) => (flagAt(warnings, name) ? mask | bit : mask), 0);

function phaseOf(word: string): FnPhase {
  return PHASE_BY_WORD[word] ?? 0;
}

function ffdAt(info: JsonObject, field: string): FfdVersion {
  const name = textAt(info, field);
  const version = FFD_BY_WORD[name];
  if (version !== undefined) return version;
  throw new FarmError('DEVICE-FFD-UNKNOWN', 'The device works by an FFD the farm does not know', {
    ffd: name,
    recovery: 'engineer',
  });
}
