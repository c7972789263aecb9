import { deviceErrorCode, fnCommand } from '@kkt/atol-protocol';
import { isDeviceRefusal } from '@kkt/contracts';
import { encodeTlv, TAG, type TlvNode } from '@kkt/ffd';
import type { RegistrationData } from '../../device';
import { isRefusedWith } from './atol.errors';
import type { AtolProfile } from './atol.profile';
import type { AtolSession } from './atol.session';
import type { Reader } from './reader';
import { cashierNodes } from './reporter';

const NO_DOCUMENT = deviceErrorCode('fnWrongState');
const FFD_1_05 = 2;
const INN_BYTES = 12;

/** Type of registration in FN commands 02 and A2. */
const KIND = { new: 0, 'fn-change': 1, parameters: 2 } as const;

/** Work mode byte of registration (FNS KKT–FN protocol v1.1). */
const MODE = { offline: 0x02, automatic: 0x04, services: 0x08, internetOnly: 0x20 } as const;
/** Extended mode byte, FFD 1.1 and later. */
const EXTENDED_MODE = { excise: 0x01, machine: 0x08, marking: 0x10 } as const;
/** Bits of tag 1205 behind codes 1–3 of the single reason of FFD 1.05; any other bit is code 4. */
const REASON_BITS = { fn: 0x01, operator: 0x02, requisites: 0x0c } as const;

/**
 * Registration, re-registration and closing of the FN. The device's own commands for them are not public: the FN's are
 * driven through A4, a convention between this driver and the emulator (see `@kkt/atol-protocol`, `fn/ours.ts`). A real
 * module is registered with its maker's tool.
 */
export class Registrar {
  constructor(
    private readonly session: AtolSession,
    private readonly reader: Reader,
    private readonly profile: AtolProfile,
  ) {}

  async register(data: RegistrationData): Promise<void> {
    const at = await this.reader.clock();
    await this.making(async () => {
      const type = KIND[data.kind];
      if (data.ffd === FFD_1_05) await this.session.ask(fnCommand('startRegistration'), { type });
      else await this.session.ask(fnCommand('startRegistrationFfd11'), { type, ffdVersion: data.ffd });
      await this.pass(registrationNodes(data));
      const common = {
        at,
        inn: data.inn,
        registrationNumber: data.rnm,
        taxSystems: data.taxSystems,
        workMode: workMode(data),
      };
      const isChange = data.kind !== 'new';
      if (data.ffd === FFD_1_05) {
        const reason = isChange ? { reason: singleReason(data) } : {};
        await this.session.ask(fnCommand('finishRegistration'), { ...common, ...reason }, { fiscal: true });
      } else {
        const reasons = isChange ? { reasons: data.reasons ?? 0 } : {};
        const extended = { extendedMode: extendedMode(data), ofdInn: data.ofdInn.slice(0, INN_BYTES) };
        await this.session.ask(
          fnCommand('finishRegistrationFfd11'),
          { ...common, ...extended, ...reasons },
          { fiscal: true },
        );
      }
    });
  }

  async closeFn(data: { rnm: string; cashier?: { name: string; inn?: string } }): Promise<void> {
    const at = await this.reader.clock();
    await this.making(async () => {
      await this.session.ask(fnCommand('startClosing'));
      await this.pass(cashierNodes(data.cashier));
      await this.session.ask(
        fnCommand('finishClosing'),
        { at, registrationNumber: data.rnm },
        { fiscal: true },
      );
    });
  }

  /** Cancels the document begun in the FN; does nothing when none is. */
  async cancel(): Promise<void> {
    try {
      await this.session.ask(fnCommand('cancelDocument'));
    } catch (error) {
      if (!isRefusedWith(error, NO_DOCUMENT)) throw error;
    }
  }

  /** A refusal leaves nothing begun behind. */
  private async making(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      if (isDeviceRefusal(error)) await this.cancel();
      throw error;
    }
  }

  private async pass(nodes: readonly TlvNode[]): Promise<void> {
    let portion: Buffer[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      const tlv = Buffer.concat(portion);
      portion = [];
      size = 0;
      if (tlv.length > 0) await this.session.ask(fnCommand('sendDocumentData'), { tlv });
    };
    for (const node of nodes) {
      const tlv = encodeTlv([node]);
      if (size + tlv.length > this.profile.maxBlockBytes) await flush();
      portion.push(tlv);
      size += tlv.length;
    }
    await flush();
  }
}

/** What the register tells of forms 1 and 11; the rest is in the command itself or known to the FN. */
function registrationNodes(data: RegistrationData): TlvNode[] {
  const text = (tag: number, value: string | undefined): TlvNode[] => (value ? [{ tag, value }] : []);
  return [
    ...text(TAG.userName, data.userName),
    ...text(TAG.placeAddress, data.address),
    ...text(TAG.place, data.place),
    ...text(TAG.ofdName, data.ofdName),
    // In FFD 1.05 the command has no place for the operator's INN.
    ...(data.ffd === FFD_1_05 ? text(TAG.ofdInn, data.ofdInn) : []),
    ...text(TAG.fnsSite, data.fnsSite),
    ...text(TAG.sellerEmail, data.senderEmail),
    ...text(TAG.machineNumber, data.machineNumber),
    ...(data.agents ? [{ tag: TAG.agentKind, value: data.agents }] : []),
    ...cashierNodes(data.cashier),
  ];
}

const workMode = (data: RegistrationData): number =>
  (data.automaticMode ? MODE.automatic : 0) |
  (data.internetOnly ? MODE.internetOnly : 0) |
  (data.services ? MODE.services : 0);

const extendedMode = (data: RegistrationData): number =>
  (data.excise ? EXTENDED_MODE.excise : 0) |
  (data.machineNumber ? EXTENDED_MODE.machine : 0) |
  (data.marking ? EXTENDED_MODE.marking : 0);

/** Reason of tag 1101 (FFD 1.05): 1 FN, 2 operator, 3 requisites of the user, 4 settings of the register. */
function singleReason({ kind, reasons = 0 }: RegistrationData): number {
  if (kind === 'fn-change' || reasons & REASON_BITS.fn) return 1;
  if (reasons & REASON_BITS.operator) return 2;
  if (reasons & REASON_BITS.requisites) return 3;
  return 4;
}
