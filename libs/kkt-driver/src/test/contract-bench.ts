import type { FfdVersion, ReceiptContent } from '@kkt/contracts';
import { contentDigest, digestOfDocument, explainDifference } from '@kkt/ffd';
import type { FiscalDevice } from '../device';
import { contextOf, registrationOf } from './samples';

/** Faults the contract asks for, in the emulator's words. */
export type ContractFault =
  | { name: 'loseAnswerBeforeCommit' | 'loseAnswerAfterCommit'; command?: string; result?: 'kept' | 'lost' }
  | { name: 'unplug' | 'powerOff'; at: 'beforeCommit' | 'afterCommit'; command: string; forMs: number }
  | { name: 'bitFlip' | 'dropBytes' | 'duplicateBytes'; rate: number; direction: 'in' | 'out' | 'both' }
  | { name: 'staleReply' | 'busy'; times: number }
  | { name: 'clockJump'; byMs: number }
  | { name: 'foreignHost'; does: 'openReceipt' | 'leaveMode' | 'abort' }
  | { name: 'removeFn' };

/** In what a kind of device differs from others, so that the contract can be asked of it in its own words. */
export interface DeviceTraits {
  /** The command that commits a receipt, as `commands` counts it. */
  receiptCommand: string;
  /** A receipt is many commands on the wire: there is something to break off before the commit. */
  stepwise: boolean;
  /** Registers and tables can be read. */
  readsRegisters: boolean;
  /** There are passwords to get wrong. */
  hasPasswords: boolean;
  /** The FN's limit of documents is told. */
  tellsDocumentsLeft: boolean;
  /** A lost request that was not executed is proven so; without that it stays in doubt. */
  provesUnmade: boolean;
  /** Context of the refusal of a tax system that is not registered. */
  taxSystemRefusal: Readonly<Record<string, unknown>>;
}

export const BYTE_DEVICE: DeviceTraits = {
  receiptCommand: 'closeReceipt',
  stepwise: true,
  readsRegisters: true,
  hasPasswords: true,
  tellsDocumentsLeft: true,
  provesUnmade: false,
  taxSystemRefusal: { deviceCode: 0xee, extendedCode: 0x0103, command: 'writeAttribute' },
};

/** A module and a way to plug hosts into it. */
export interface Rig {
  readonly serial: string;
  readonly fnNumber: string;
  /** A device object on a wire of its own. */
  plug(options?: { accessPassword?: number; modePassword?: number }): FiscalDevice;
  inject(fault: ContractFault): void;
  heal(): void;
  /** Documents in the FN by the module's own memory. */
  documents(): Buffer[];
  /** What an operator answers to this message. */
  confirm(container: Buffer): Buffer;
  close(): Promise<void>;
}

export const inTime = (): AbortSignal => AbortSignal.timeout(20_000);

/** Tries again for two seconds: a module comes back when it does. */
export async function eventually(attempt: () => Promise<void>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A fresh module and a connected device for each test, and the words tests are written in. */
export class ContractBench {
  rig!: Rig;
  device!: FiscalDevice;
  ffd: FfdVersion = 4;

  constructor(makeRig: () => Promise<Rig>) {
    beforeEach(async () => {
      this.rig = await makeRig();
      this.device = this.rig.plug();
      await this.device.connect(inTime());
    });
    afterEach(async () => {
      await this.device.disconnect();
      await this.rig.close();
    });
  }

  async start(ffd: FfdVersion = 4): Promise<void> {
    this.ffd = ffd;
    await this.device.register(registrationOf(this.rig.serial, ffd));
    await this.device.openShift({ name: 'Кассир Иванова' });
  }

  sell(content: ReceiptContent): Promise<void> {
    return this.device.receipt(content, contextOf(this.rig.serial, this.ffd));
  }

  /** The last document of the archive says what was asked. */
  async provenAs(content: ReceiptContent): Promise<void> {
    const { lastFdNumber } = await this.device.fnState();
    const proof = await this.device.document(lastFdNumber);
    expect(proof).toBeDefined();
    const tlv = Buffer.from(proof?.tlvHex ?? '', 'hex');
    expect(explainDifference(content, tlv, proof?.form)).toEqual([]);
    expect(digestOfDocument(tlv, proof?.form)).toBe(contentDigest(content, this.ffd));
  }

  async reconnect(): Promise<void> {
    await this.device.disconnect();
    await this.device.connect(inTime());
  }
}
