import {
  AGENT_WORDS,
  COMMANDS,
  FFD_BY_WORD,
  fnCommand,
  TAXATION_WORDS,
  type AnyFnCommand,
} from '@kkt/atol-protocol';
import { encodeTlv, TAG } from '@kkt/ffd';
import { DeviceRefusal, handlerByCode, wallText, type KktDevice } from '../../../emulator/src';
import { badTask, call, type Result, type Task } from '../driver-call';
import { maskIn, objectIn, Requisites, textIn } from '../task-fields';
import { fiscalResult } from './fiscal-result';
import { operatorRequisites } from './receipt';

const TO_FN = 0xa4;
const KIND: Readonly<Record<string, number>> = {
  registration: 0,
  fnChange: 1,
  changeRegistrationParameters: 2,
};
const FFD_1_05 = 2;
const MODE = { offline: 0x02, automatic: 0x04, services: 0x08, internetOnly: 0x20 } as const;
const EXTENDED_MODE = { excise: 0x01, machine: 0x08, marking: 0x10 } as const;
const NOT_FISCALISED = 0xa8;

/** A command of the FN through the register. */
function toFn(device: KktDevice, row: AnyFnCommand, request: Buffer): void {
  const answer = handlerByCode(TO_FN)?.run(device, request);
  const decoded = answer && row.decodeAnswer(answer);
  if (decoded && !decoded.ok) throw new DeviceRefusal(decoded.error, row.name, decoded.ext);
}

/** Requisites of the document begun in the FN, one portion each. */
function pass(device: KktDevice, requisites: Requisites): void {
  const row = fnCommand('sendDocumentData');
  for (const node of requisites.nodes) toFn(device, row, row.encodeRequest({ tlv: encodeTlv([node]) }));
}

const withRequisites = (device: KktDevice, task: Task): void => {
  device.receipt = undefined;
  device.reportAttributes = [...operatorRequisites(task).nodes];
};

export function openShift(device: KktDevice, task: Task): Result {
  withRequisites(device, task);
  call(device, COMMANDS.openShift, { flags: 0, text: '' });
  return fiscalResult(device);
}

/** The register makes a closing report behind its answer; the driver waits for its end. */
export function closeShift(device: KktDevice, task: Task): Result {
  withRequisites(device, task);
  call(device, COMMANDS.closeShift);
  device.background = undefined;
  device.makeReport('shiftClose', (drive) => drive.finishShift());
  return fiscalResult(device);
}

export function settlementReport(device: KktDevice, task: Task): Result {
  withRequisites(device, task);
  if (device.drive.state.phase === 1) throw new DeviceRefusal(NOT_FISCALISED, 'not registered');
  device.makeReport('settlement', (drive) => drive.finishSettlement());
  return fiscalResult(device);
}

/** Commands of the FN by A4: how the driver does it is not public, this is how the farm's other driver does. */
export function register(device: KktDevice, task: Task): Result {
  device.receipt = undefined;
  const organization = objectIn(task, 'organization');
  const settings = objectIn(task, 'device');
  const ofd = objectIn(task, 'ofd');
  const type = KIND[String(task.type)] ?? 0;
  const ffd = FFD_BY_WORD[textIn(settings, 'ffdVersion') ?? ''];
  if (ffd === undefined) throw badTask('device.ffdVersion');
  const isOld = ffd === FFD_1_05;
  const requisites = new Requisites()
    .add(TAG.userName, textIn(organization, 'name'))
    .add(TAG.placeAddress, textIn(organization, 'address'))
    .add(TAG.place, textIn(settings, 'paymentsAddress'))
    .add(TAG.ofdName, textIn(ofd, 'name'))
    .add(TAG.ofdInn, isOld ? textIn(ofd, 'vatin') : undefined)
    .add(TAG.fnsSite, textIn(settings, 'fnsUrl'))
    .add(TAG.sellerEmail, textIn(organization, 'email'))
    .add(TAG.machineNumber, textIn(settings, 'machineNumber'))
    .add(TAG.agentKind, maskIn(organization, 'agents', AGENT_WORDS) || undefined)
    .append(operatorRequisites(task));
  const common = {
    at: wallText(device.now()).slice(0, 16),
    inn: textIn(organization, 'vatin') ?? '',
    registrationNumber: textIn(settings, 'registrationNumber') ?? '',
    taxSystems: maskIn(organization, 'taxationTypes', TAXATION_WORDS),
    workMode:
      flag(settings, 'offlineMode', MODE.offline) |
      flag(settings, 'autoMode', MODE.automatic) |
      flag(settings, 'internet', MODE.internetOnly) |
      flag(settings, 'service', MODE.services),
  };
  return making(device, () => {
    if (isOld) {
      const start = fnCommand('startRegistration');
      toFn(device, start, start.encodeRequest({ type }));
      pass(device, requisites);
      const finish = fnCommand('finishRegistration');
      toFn(device, finish, finish.encodeRequest(type === 0 ? common : { ...common, reason: reasonOf(task) }));
    } else {
      const start = fnCommand('startRegistrationFfd11');
      toFn(device, start, start.encodeRequest({ type, ffdVersion: ffd }));
      pass(device, requisites);
      const finish = fnCommand('finishRegistrationFfd11');
      const extended = {
        extendedMode:
          flag(settings, 'excise', EXTENDED_MODE.excise) |
          flag(settings, 'machineInstallation', EXTENDED_MODE.machine) |
          flag(settings, 'marking', EXTENDED_MODE.marking),
        ofdInn: textIn(ofd, 'vatin') ?? '',
      };
      const reasons = type === 0 ? {} : { reasons: reasonMask(task) };
      toFn(device, finish, finish.encodeRequest({ ...common, ...extended, ...reasons }));
    }
  });
}

export function closeArchive(device: KktDevice, task: Task): Result {
  device.receipt = undefined;
  return making(device, () => {
    const start = fnCommand('startClosing');
    toFn(device, start, start.encodeRequest());
    pass(device, operatorRequisites(task));
    const finish = fnCommand('finishClosing');
    const registrationNumber = device.drive.registration?.rnm ?? '';
    toFn(
      device,
      finish,
      finish.encodeRequest({ at: wallText(device.now()).slice(0, 16), registrationNumber }),
    );
  });
}

/** A refusal leaves nothing begun behind. */
function making(device: KktDevice, job: () => void): Result {
  try {
    job();
  } catch (error) {
    device.fn?.drive.cancel();
    throw error;
  }
  return fiscalResult(device);
}

const flag = (settings: Task, field: string, bit: number): number => (settings[field] === true ? bit : 0);

/** `changeInfoReasons`: numbers of bits of tag 1205 from 1 (ours). */
function reasonMask(task: Task): number {
  const numbers = task.changeInfoReasons;
  if (!Array.isArray(numbers)) return 0;
  return numbers.reduce((mask: number, number: unknown) => mask + 2 ** (Number(number) - 1), 0);
}

/** Tag 1101 (FFD 1.05) by the mask of 1205: 1 FN, 2 operator, 3 requisites of the user, 4 settings. */
function reasonOf(task: Task): number {
  const mask = reasonMask(task);
  if (task.type === 'fnChange' || mask & 0x1) return 1;
  if (mask & 0x2) return 2;
  return mask & 0xc ? 3 : 4;
}
