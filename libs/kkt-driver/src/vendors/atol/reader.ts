import { command, deviceErrorCode, fnCommand, register, registerByNumber } from '@kkt/atol-protocol';
import { FarmError, type FfdVersion } from '@kkt/contracts';
import type {
  DeviceIdentity,
  FnLife,
  FnMake,
  FnPhase,
  FnState,
  OfdQueueState,
  SaleWord,
  ShiftState,
} from '../../device';
import { isRefusedWith } from './atol.errors';
import type { AnswerOf, AtolSession } from './atol.session';

const UNKNOWN_TO_FN = deviceErrorCode('fnBadCommand');
/** No FN in the slot, or one that is out of order: it cannot say its number. */
const NO_FN = [deviceErrorCode('fnLink'), deviceErrorCode('fnFault')];
const DATE_NEEDS_CONFIRMING = deviceErrorCode('dateNeedsConfirming');
/** Bits of the FN's warnings in the order of their names in command 30. */
const WARNING_BITS = {
  replaceUrgently: 0x01,
  resourceEnding: 0x02,
  memoryNearlyFull: 0x04,
  confirmationOverdue: 0x08,
  controlFailed: 0x10,
  settingsNeeded: 0x20,
  operatorClosed: 0x40,
  critical: 0x80,
} as const;

/** `YYYY-MM-DDTHH:MM` of the FN to the contract's form with seconds. */
export const withSeconds = (at: string): string => (at.length === 16 ? `${at}:00` : at);

export const fnStatus = fnCommand('fnStatus');
export const shiftState = fnCommand('shiftState');

export const fnStateOf = (status: AnswerOf<typeof fnStatus>): FnState => ({
  fnNumber: status.fnNumber,
  phase: status.phase as FnPhase,
  openDocument: status.currentDocument,
  shiftOpen: status.shiftOpen !== 0,
  warnings: maskOf(status.warnings),
  ...(status.lastDocumentAt === null ? {} : { lastDocumentAt: withSeconds(status.lastDocumentAt) }),
  lastFdNumber: status.lastFdNumber,
});

export const shiftOf = ({
  open,
  shiftNumber,
  receiptNumber,
}: AnswerOf<typeof shiftState>): SaleWord['shift'] => ({
  open: open !== 0,
  number: shiftNumber,
  receipts: receiptNumber,
});

/** Queries that change nothing: who the device is, what it and its FN say of themselves. */
export class Reader {
  /** FN commands of later FN only (3B, 3D): asked once, not again when refused. */
  private fnTellsResources: boolean | undefined;
  private resourcesOf = '';

  constructor(private readonly session: AtolSession) {}

  async identity(): Promise<DeviceIdentity> {
    const { session } = this;
    const type = await session.ask(command('deviceType'));
    const { serialNumber } = await session.ask(register('serialNumber'));
    const fnNumber = await this.fnNumber();
    const versions = fnNumber === '' ? undefined : await session.ask(register('ffdVersions'));
    const { major, minor, build } = type.firmware;
    return {
      modelCode: type.model,
      modelName: type.name,
      firmware: `${major}.${minor}.${build}`,
      serial: serialNumber,
      fnNumber,
      ...(versions ? { ffdKkt: asFfd(versions.register), ffdFn: asFfd(versions.fn) } : {}),
    };
  }

  /** Empty when no FN answers. */
  private async fnNumber(): Promise<string> {
    try {
      return (await this.session.ask(fnCommand('fnNumber'))).fnNumber;
    } catch (error) {
      if (NO_FN.some((code) => isRefusedWith(error, code))) return '';
      throw error;
    }
  }

  async fnState(): Promise<FnState> {
    return fnStateOf(await this.session.ask(fnStatus));
  }

  async fnLife(): Promise<FnLife> {
    const { session } = this;
    const { fnNumber } = await session.ask(fnCommand('fnNumber'));
    const { validTo, registrationsDone, registrationsLeft } = await session.ask(fnCommand('validity'));
    const life: FnLife = { validUntil: validTo ?? '', registrationsDone, registrationsLeft };
    if (this.resourcesOf !== fnNumber) this.fnTellsResources = undefined;
    this.resourcesOf = fnNumber;
    if (this.fnTellsResources === false) return life;
    try {
      const { days } = await session.ask(fnCommand('daysLeft'), { at: await this.clock() });
      const { documentsLeft } = await session.ask(fnCommand('resources'));
      this.fnTellsResources = true;
      return { ...life, daysLeft: days, documentsLeft };
    } catch (error) {
      if (!isRefusedWith(error, UNKNOWN_TO_FN)) throw error;
      this.fnTellsResources = false;
      return life;
    }
  }

  async fnMake(): Promise<FnMake> {
    const { version, kind } = await this.session.ask(fnCommand('fnVersion'));
    const make: FnMake = { version: version.trim(), isSerial: kind === 1 };
    try {
      const { name } = await this.session.ask(fnCommand('execution'));
      return { ...make, execution: name.replace(/\0/g, '').trim() };
    } catch (error) {
      if (!isRefusedWith(error, UNKNOWN_TO_FN)) throw error;
      return make;
    }
  }

  async shift(): Promise<ShiftState> {
    const shift = shiftOf(await this.session.ask(shiftState));
    const { limit } = await this.session.ask(register('shiftLimit'));
    return { ...shift, ...(shift.open && limit !== null ? { expiresAt: withSeconds(limit) } : {}) };
  }

  async ofdQueue(): Promise<OfdQueueState> {
    const { flags, queued, firstFdNumber, firstAt } = await this.session.ask(fnCommand('exchangeStatus'));
    return {
      unsent: queued,
      firstFdNumber,
      ...(firstAt === null ? {} : { firstAt: withSeconds(firstAt) }),
      messageWaiting: flags.messageWaiting,
      answerAwaited: flags.waitingConfirmation,
    };
  }

  async clock(): Promise<string> {
    const { clock } = await this.session.ask(register('clock'));
    if (clock !== null) return clock;
    throw new FarmError('DEVICE-CLOCK-LOST', 'The device has lost its clock', {
      wire: this.session.wireName,
      recovery: 'engineer',
    });
  }

  /**
   * Date by 64, then time of day by 4B: the pair that clients of real devices use (ED sets both at once, its layout is not
   * public). A device that doubts a date wants it twice.
   */
  async setClock(at: string): Promise<void> {
    const [date = '', time = ''] = at.split('T');
    const setDate = (): Promise<unknown> => this.session.ask(command('setDate'), { date });
    try {
      await setDate();
    } catch (error) {
      if (!isRefusedWith(error, DATE_NEEDS_CONFIRMING)) throw error;
      await setDate();
    }
    await this.session.ask(command('setTime'), { time });
  }

  async readRegister(number: number, p1 = 0, p2 = 0): Promise<Record<string, string | number | boolean>> {
    const row = registerByNumber(number);
    if (row) return plain(await this.session.ask(row as ReturnType<typeof register<'clock'>>, { p1, p2 }));
    const { value } = await this.session.ask(command('readRegister'), { register: number, p1, p2 });
    return { value: value.toString('hex') };
  }

  async readTable(table: number, row: number, field: number): Promise<Buffer> {
    return (await this.session.ask(command('readTable'), { table, row, field })).value;
  }
}

const maskOf = (warnings: Readonly<Record<keyof typeof WARNING_BITS, boolean>>): number =>
  Object.entries(WARNING_BITS).reduce(
    (mask, [name, bit]) => (warnings[name as keyof typeof WARNING_BITS] ? mask | bit : mask),
    0,
  );

function asFfd(code: number): FfdVersion {
  if (code === 2 || code === 3 || code === 4) return code;
  throw new FarmError('DEVICE-FFD-UNKNOWN', 'The device works by an FFD the farm does not know', {
    ffd: code,
    recovery: 'engineer',
  });
}

/** Values of a register for people and metrics: bytes become hex, "none" becomes an empty string. */
function plain(data: object): Record<string, string | number | boolean> {
  const result: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(data) as [string, unknown][]) {
    if (Buffer.isBuffer(value)) result[name] = value.toString('hex');
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      result[name] = value;
    else result[name] = '';
  }
  return result;
}
