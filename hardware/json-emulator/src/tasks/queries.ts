import { COMMANDS, FFD_WORDS, fnCommand, PHASE_BY_WORD } from '@kkt/atol-protocol';
import type { KktDevice } from '../../../emulator/src';
import { badTask, call, type Result, type Task } from '../driver-call';
import { momentIn, objectIn, textIn } from '../task-fields';
import { moment } from './fiscal-result';
import { verdictOf } from './receipt';

const SHIFT_LENGTH_MS = 24 * 3_600_000;
const WARNINGS = {
  resourceExhausted: 0x01,
  needReplacement: 0x02,
  memoryOverflow: 0x04,
  ofdTimeout: 0x08,
  criticalError: 0x80,
} as const;

function warnings(device: KktDevice): Result {
  const bits = device.drive.warnings(device.now());
  return Object.fromEntries(Object.entries(WARNINGS).map(([name, bit]) => [name, (bits & bit) !== 0]));
}

export function getDeviceInfo(device: KktDevice): Result {
  const { major, minor, build } = device.model.firmware;
  const drive = device.fn?.drive;
  const highest = device.model.ffd.reduce((best, ffd) => (ffd > best ? ffd : best), 2);
  return {
    deviceInfo: {
      model: device.model.code,
      modelName: device.model.name,
      serial: device.options.serial,
      firmwareVersion: `${major}.${minor}.${build}`,
      configurationVersion: `${major}.${minor}.${build}`,
      receiptLineLength: device.model.lineWidth,
      ffdVersion: FFD_WORDS[drive?.registration?.ffd ?? highest],
      ...(drive ? { fnFfdVersion: FFD_WORDS[drive.model.ffd] } : {}),
    },
  };
}

export function getDeviceStatus(device: KktDevice): Result {
  const state = device.fn?.drive.state;
  return {
    deviceStatus: {
      currentDateTime: moment(device.now()),
      shift: shiftState(device),
      blocked: false,
      coverOpened: false,
      paperPresent: true,
      fiscal: (state?.registrations.length ?? 0) > 0,
      fnFiscal: state?.phase === 3,
      fnPresent: state !== undefined,
      cashDrawerOpened: false,
    },
  };
}

export function getFnInfo(device: KktDevice): Result {
  const { drive } = device;
  const { phase, registrations, validUntil } = drive.state;
  return {
    fnInfo: {
      serial: drive.fnNumber,
      version: drive.model.firmware,
      execution: drive.model.name,
      numberOfRegistrations: registrations.length,
      registrationsRemaining: drive.registrationsLeft,
      validityDate: moment(validUntil),
      ffdVersion: FFD_WORDS[drive.registration?.ffd ?? drive.model.ffd],
      fnFfdVersion: FFD_WORDS[drive.model.ffd],
      livePhase: Object.entries(PHASE_BY_WORD).find(([, code]) => code === phase)?.[0] ?? 'unknown',
      warnings: warnings(device),
    },
  };
}

export function getFnStatus(device: KktDevice): Result {
  const { state } = device.drive;
  return {
    fnStatus: {
      fiscalDocumentNumber: state.lastFd,
      fiscalReceiptNumber: state.shift.receipts,
      warnings: warnings(device),
    },
  };
}

function shiftState(device: KktDevice): string {
  const shift = device.fn?.drive.state.shift;
  if (!shift?.open) return 'closed';
  return device.now() - shift.openedAt >= SHIFT_LENGTH_MS ? 'expired' : 'opened';
}

export function getShiftStatus(device: KktDevice): Result {
  const { shift } = device.drive.state;
  return {
    shiftStatus: {
      documentsCount: shift.receipts,
      expiredTime: moment(shift.open ? shift.openedAt + SHIFT_LENGTH_MS : 0),
      number: shift.number,
      state: shiftState(device),
    },
  };
}

export function ofdExchangeStatus(device: KktDevice): Result {
  const { state } = device.drive;
  const oldest = state.unsent.oldest;
  return {
    status: {
      notSentCount: state.unsent.length,
      notSentFirstDocNumber: oldest ? state.confirmed + 1 : 0,
      notSentFirstDocDateTime: moment(oldest?.at ?? 0),
    },
    errors: {
      network: { code: 0, description: '' },
      ofd: { code: 0, description: '' },
      fn: { code: 0, description: '' },
    },
  };
}

export function setDateTime(device: KktDevice, task: Task): Result {
  const clock = momentIn(task, 'dateTime');
  if (clock === undefined) throw badTask('dateTime');
  call(device, COMMANDS.setClock, { clock });
  return {};
}

/** The code under check, until it is accepted or dropped. */
export function beginMarkingCodeValidation(device: KktDevice, task: Task): Result {
  const imc = textIn(objectIn(task, 'params'), 'imc');
  if (!imc) throw badTask('params.imc');
  const check = fnCommand('checkMark');
  device.fn?.execute(check.encodeRequest({ kind: 0, code: Buffer.from(imc, 'base64') }));
  return {};
}

export function acceptMarkingCode(device: KktDevice): Result {
  const keep = fnCommand('keepMark');
  const answer = device.fn?.execute(keep.encodeRequest({ keep: 1 }));
  const decoded = answer && keep.decodeAnswer(answer);
  return { itemInfoCheckResult: verdictOf(decoded?.ok ? (decoded.data.result ?? 0) : 0) };
}

export function clearMarks(device: KktDevice): Result {
  device.fn?.execute(fnCommand('clearMarks').encodeRequest());
  return {};
}
