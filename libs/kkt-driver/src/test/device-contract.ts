import {
  isDeviceRefusal,
  isInDoubt,
  isWireFault,
  type FarmError,
  type FfdVersion,
  type ReceiptContent,
} from '@kkt/contracts';
import { contentDigest, digestOfDocument, explainDifference, parseDocument } from '@kkt/ffd';
import type { FiscalDevice } from '../device';
import { contextOf, item, receiptOf, registrationOf, rnmOf, threeItems } from './samples';

/** Faults the contract asks for, in the emulator's words. */
export type ContractFault =
  | { name: 'loseAnswerBeforeCommit' | 'loseAnswerAfterCommit'; command?: string; result?: 'kept' | 'lost' }
  | { name: 'unplug' | 'powerOff'; at: 'beforeCommit' | 'afterCommit'; command: string; forMs: number }
  | { name: 'bitFlip' | 'dropBytes' | 'duplicateBytes'; rate: number; direction: 'in' | 'out' | 'both' }
  | { name: 'staleReply' | 'busy'; times: number }
  | { name: 'clockJump'; byMs: number }
  | { name: 'foreignHost'; does: 'openReceipt' | 'leaveMode' | 'abort' }
  | { name: 'removeFn' };

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

const codeOf = (error: unknown): string => (error as FarmError).code;
const inTime = (): AbortSignal => AbortSignal.timeout(20_000);

/**
 * What every `FiscalDevice` must do, whatever its wire. Judged by the module's own memory, not by what the device says.
 */
export function describeDevice(name: string, makeRig: () => Promise<Rig>): void {
  describe(name, () => {
    let rig: Rig;
    let device: FiscalDevice;
    let ffd: FfdVersion = 4;

    const start = async (version: FfdVersion = 4): Promise<void> => {
      ffd = version;
      await device.register(registrationOf(rig.serial, ffd));
      await device.openShift({ name: 'Кассир Иванова' });
    };
    const sell = (content: ReceiptContent): Promise<void> =>
      device.receipt(content, contextOf(rig.serial, ffd));
    const provenAs = async (content: ReceiptContent): Promise<void> => {
      const { lastFdNumber } = await device.fnState();
      const proof = await device.document(lastFdNumber);
      expect(proof).toBeDefined();
      const tlv = Buffer.from(proof?.tlvHex ?? '', 'hex');
      expect(explainDifference(content, tlv, proof?.form)).toEqual([]);
      expect(digestOfDocument(tlv, proof?.form)).toBe(contentDigest(content, ffd));
    };
    const reconnect = async (): Promise<void> => {
      await device.disconnect();
      await device.connect(inTime());
    };
    const eventually = async (attempt: () => Promise<void>): Promise<void> => {
      for (let left = 100; ; left -= 1) {
        try {
          return await attempt();
        } catch (error) {
          if (left === 0) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };

    beforeEach(async () => {
      rig = await makeRig();
      device = rig.plug();
      await device.connect(inTime());
    });

    afterEach(async () => {
      await device.disconnect();
      await rig.close();
    });

    it('says who it is', async () => {
      expect(await device.identity()).toMatchObject({
        modelCode: 77,
        modelName: 'АТОЛ 42ФС',
        serial: rig.serial,
        fnNumber: rig.fnNumber,
        ffdFn: 4,
      });
      rig.inject({ name: 'removeFn' });
      expect(await device.identity()).toMatchObject({ serial: rig.serial, fnNumber: '' });
      await expect(device.fnState()).rejects.toMatchObject({ code: 'DEVICE-FN-LINK' });
    });

    it('goes through the life of an FN: registration, shifts, closing', async () => {
      expect(await device.fnState()).toMatchObject({
        phase: 1,
        lastFdNumber: 0,
        openDocument: 0,
        shiftOpen: false,
      });
      await device.register(registrationOf(rig.serial, 4));
      expect(await device.fnState()).toMatchObject({ phase: 3, lastFdNumber: 1, fnNumber: rig.fnNumber });
      const life = await device.fnLife();
      expect(life).toMatchObject({ registrationsDone: 1 });
      expect(life.validUntil).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(life.daysLeft).toBeGreaterThan(300);
      expect(life.documentsLeft).toBeGreaterThan(1000);
      expect(await device.shift()).toMatchObject({ open: false });
      await device.openShift({ name: 'Кассир Иванова', inn: '500100732259' });
      const shift = await device.shift();
      expect(shift).toMatchObject({ open: true, number: 1, receipts: 0 });
      expect(shift.expiresAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      await device.xReport();
      await device.settlementReport();
      await device.closeShift({ name: 'Кассир Иванова' });
      expect(await device.shift()).toMatchObject({ open: false, number: 1 });
      await device.register({ ...registrationOf(rig.serial, 4), kind: 'parameters', reasons: 0b100 });
      await device.closeFn({ rnm: rnmOf(rig.serial), cashier: { name: 'Инженер Петров' } });
      expect(await device.fnState()).toMatchObject({ phase: 7, lastFdNumber: 6 });
      expect(rig.documents().map((tlv) => tlv.readUInt16LE(0))).toEqual([1, 2, 21, 5, 11, 6]);
    });

    it('reads and sets the clock', async () => {
      const before = await device.clock();
      expect(before).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      rig.inject({ name: 'clockJump', byMs: -3 * 3_600_000 });
      expect(await device.clock()).not.toBe(before);
      await device.setClock(before);
      expect((await device.clock()).slice(0, 15)).toBe(before.slice(0, 15));
    });

    it('reads registers and tables for people', async () => {
      expect(await device.readRegister(22)).toEqual({ serialNumber: rig.serial });
      expect(await device.readRegister(17)).toHaveProperty('clock');
      await expect(device.readRegister(200)).rejects.toMatchObject({ code: 'DEVICE-BAD-REGISTER' });
      expect(Buffer.isBuffer(await device.readTable(2, 1, 1))).toBe(true);
    });

    describe.each([2, 3, 4] as const)('documents by FFD code %i', (version) => {
      beforeEach(() => start(version));

      it.each([1, 2, 3, 4] as const)('a receipt of settlement sign %i is what was asked', async (sign) => {
        const content = { ...threeItems(), sign };
        await sell(content);
        await provenAs(content);
      });

      it('a correction is what was asked', async () => {
        const content: ReceiptContent = {
          ...threeItems(),
          form: 'correction',
          correction: { type: 1, date: '2026-01-10', number: '12-34/5' },
          ...(version === 2 ? { vatTotals: { 1: 4115, 2: 2718, 6: 33_746 } } : {}),
        };
        await sell(content);
        await provenAs(content);
      });

      it('every kind of payment, change for none, kopecks of the total dropped', async () => {
        const content = receiptOf([item({ priceKop: 10_099, quantityMicro: 5_000_000, sumKop: 50_495 })], {
          totalKop: 50_400,
          payments: {
            cashKop: 10_000,
            ecashKop: 20_000,
            prepaidKop: 10_000,
            creditKop: 5_400,
            provisionKop: 5_000,
          },
        });
        await sell(content);
        await provenAs(content);
      });

      it('a quantity finer than a thousandth, a price of nothing, VAT for the whole receipt only', async () => {
        const content = receiptOf(
          [
            item({ priceKop: 1_000_000, quantityMicro: 123_457, sumKop: 123_457, vat: undefined }),
            item({ name: 'Подарок', priceKop: 0, quantityMicro: 1_000_000, sumKop: 0, vat: undefined }),
          ],
          { vatTotals: { 1: 20_576 } },
        );
        await sell(content);
        await provenAs(content);
      });

      it('agent, supplier, properties, long texts', async () => {
        const content = receiptOf(
          [
            item({
              name: 'Очень длинное название товара '.repeat(4).slice(0, 128),
              agent: { kind: 64, operation: 'Продажа', payingPhones: ['+79001234567'] },
              supplier: {
                phones: ['+79007654321'],
                name: 'ООО "Поставщик"',
                inn: '7705000000'.replace(/\d{10}/, '7704358518'),
              },
              userData: 'доп. реквизит',
              countryCode: '643',
            }),
          ],
          { userProps: { name: 'Заказ', value: '№ 1'.replace('№', 'N') }, checkProps: 'A-1' },
        );
        await sell(content);
        await provenAs(content);
      });

      it('a receipt of a hundred items', async () => {
        const items = Array.from({ length: 100 }, (_, n) =>
          item({ name: `Товар ${n}`, userData: 'x'.repeat(60) }),
        );
        const content = receiptOf(items);
        await sell(content);
        await provenAs(content);
      });
    });

    it('reads documents of every form and says when there is none', async () => {
      await start();
      await sell(threeItems());
      await device.closeShift();
      const memory = rig.documents();
      for (let fd = 1; fd <= 4; fd += 1) {
        const proof = await device.document(fd);
        const expected = parseDocument(memory[fd - 1] ?? Buffer.alloc(0));
        expect(proof).toMatchObject({
          fdNumber: fd,
          form: expected.form,
          fiscalSign: expected.fiscalSign,
          at: expected.at,
          fnNumber: rig.fnNumber,
        });
        expect(proof?.tlvHex).toBe(memory[fd - 1]?.subarray(4).toString('hex'));
        expect(await device.documentRecord(fd)).toMatchObject({
          fdNumber: fd,
          fiscalSign: expected.fiscalSign,
          delivered: false,
        });
      }
      expect(await device.documentRecord(3)).toMatchObject({ sign: 1, totalKop: 88_336 });
      expect(await device.document(5)).toBeUndefined();
      expect(await device.documentRecord(999_999)).toBeUndefined();
    });

    it('carries messages to the operator and answers back, the same message until it is confirmed', async () => {
      await start();
      await sell(receiptOf(Array.from({ length: 30 }, (_, n) => item({ name: `Товар ${n}` }))));
      expect(await device.ofdQueue()).toMatchObject({ unsent: 3, firstFdNumber: 1, messageWaiting: true });
      for (let fd = 1; fd <= 3; fd += 1) {
        const message = await device.readOfdMessage();
        expect(message).toMatchObject({ fnNumber: rig.fnNumber, fdNumber: fd });
        const again = await device.readOfdMessage();
        expect(again?.container).toEqual(message?.container);
        const answer = rig.confirm(message?.container ?? Buffer.alloc(0));
        const spoiled = Buffer.from(answer);
        spoiled[40] = (spoiled[40] ?? 0) ^ 1;
        await expect(device.confirmOfdMessage(spoiled)).rejects.toMatchObject({ code: 'DEVICE-OFD-ANSWER' });
        await device.confirmOfdMessage(answer);
        expect(await device.documentRecord(fd)).toMatchObject({ delivered: true });
      }
      expect(await device.readOfdMessage()).toBeUndefined();
      expect(await device.ofdQueue()).toMatchObject({ unsent: 0, messageWaiting: false });
      await expect(device.confirmOfdMessage(Buffer.alloc(64))).rejects.toMatchObject({
        code: 'DEVICE-OFD-ANSWER',
      });
    });

    it('refuses with the device’s reason and leaves nothing open', async () => {
      await start();
      const wrong = { ...threeItems(), company: { ...threeItems().company, taxSystem: 32 as const } };
      const refusal = await sell(wrong).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        code: 'DEVICE-BAD-TAX-SYSTEM',
        context: {
          deviceCode: 0xee,
          extendedCode: 0x0103,
          command: 'writeAttribute',
          recovery: 'fix-receipt',
        },
      });
      expect((refusal as FarmError).context.driverCode).toEqual(expect.any(Number));
      await sell(threeItems());
      expect((await device.fnState()).lastFdNumber).toBe(3);
      await expect(sell({ ...threeItems(), items: [] })).rejects.toMatchObject({
        code: 'CLIENT-FFD-CONTENT',
      });
      await device.closeShift();
      await expect(sell(threeItems())).rejects.toThrow(/DEVICE-/);
      expect((await device.fnState()).lastFdNumber).toBe(4);
    });

    it('will not register a receipt whose total the device counts otherwise', async () => {
      await start();
      const content = receiptOf([item({ priceKop: 10_000, quantityMicro: 1_000_000, sumKop: 10_000 })]);
      const short = {
        ...content,
        items: [item({ priceKop: 10_050, quantityMicro: 1_000_000, sumKop: 10_050 })],
      };
      // The kopecks are dropped by a discount; a driver that forgot it would be told of a remainder.
      await sell(short);
      expect((await device.document(3))?.totalKop).toBe(10_000);
    });

    it.each([
      ['before the commit', 'loseAnswerBeforeCommit', 'kept', false],
      ['after the commit, result kept', 'loseAnswerAfterCommit', 'kept', true],
      ['after the commit, result lost', 'loseAnswerAfterCommit', 'lost', true],
    ] as const)('answer to the closing lost %s', async (_, fault, result, exists) => {
      await start();
      const content = threeItems();
      rig.inject(
        fault === 'loseAnswerBeforeCommit'
          ? { name: fault, command: 'closeReceipt' }
          : { name: fault, command: 'closeReceipt', result },
      );
      const failure: unknown = await sell(content).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (result === 'kept' && exists) expect(failure).toBeUndefined();
      else expect(isInDoubt(failure)).toBe(true);
      expect((await device.fnState()).lastFdNumber).toBe(exists ? 3 : 2);
      if (exists) await provenAs(content);
      else {
        await device.cancelDocument();
        await sell(content);
        await provenAs(content);
      }
    });

    it.each([
      ['a line of a receipt', 'endItem', 'beforeCommit', false, 2],
      ['the closing, before the commit', 'closeReceipt', 'beforeCommit', true, undefined],
      ['the closing, after the commit', 'closeReceipt', 'afterCommit', true, 3],
    ] as const)('pulled out at %s', async (_, command, at, doubt, lastFd) => {
      await start();
      const content = threeItems();
      rig.inject({ name: 'unplug', at, command, forMs: 30 });
      const { lost } = device;
      const failure: unknown = await sell(content).catch((error: unknown) => error);
      expect({ doubt: isInDoubt(failure), wire: isWireFault(failure) }).toEqual({ doubt, wire: !doubt });
      expect(await lost).toBeInstanceOf(Error);
      expect(device.connected).toBe(false);
      await expect(device.fnState()).rejects.toMatchObject({ code: 'WIRE-CLOSED' });
      await eventually(reconnect);
      expect(device.counters.reconnects).toBeGreaterThan(0);
      const state = await device.fnState();
      // The module went on working while it could not be heard.
      if (lastFd !== undefined) expect(state.lastFdNumber).toBe(lastFd);
      expect(state.lastFdNumber).toBe(rig.documents().length);
      await sell(content);
      await provenAs(content);
    });

    it.each([
      ['before', 'beforeCommit', 2],
      ['after', 'afterCommit', 3],
    ] as const)('power lost %s the commit', async (_, at, lastFd) => {
      await start();
      rig.inject({ name: 'powerOff', at, command: 'closeReceipt', forMs: 30 });
      const failure: unknown = await sell(threeItems()).catch((error: unknown) => error);
      expect(isInDoubt(failure)).toBe(true);
      await eventually(reconnect);
      expect((await device.fnState()).lastFdNumber).toBe(lastFd);
      await sell(threeItems(' ещё'));
      await provenAs(threeItems(' ещё'));
    });

    it.each([
      ['bits turned over, to the module', { name: 'bitFlip', rate: 2e-4, direction: 'in' }],
      ['bits turned over, to the host', { name: 'bitFlip', rate: 2e-4, direction: 'out' }],
      ['bits turned over, both ways', { name: 'bitFlip', rate: 2e-4, direction: 'both' }],
      ['bytes lost', { name: 'dropBytes', rate: 2e-4, direction: 'both' }],
      ['bytes doubled', { name: 'duplicateBytes', rate: 2e-4, direction: 'both' }],
      ['old replies', { name: 'staleReply', times: 200 }],
    ] as const)('never a wrong receipt: %s', async (_, fault) => {
      await start();
      rig.inject(fault);
      let made = 0;
      for (let n = 0; n < 40; n += 1) {
        const content = threeItems(` ${n}`);
        const before = rig.documents().length;
        const failure: unknown = await sell(content).then(
          () => undefined,
          (error: unknown) => error,
        );
        const after = rig.documents();
        expect(after.length - before).toBeLessThanOrEqual(1);
        if (failure === undefined) expect(after.length - before).toBe(1);
        else if (!isInDoubt(failure)) expect(after.length - before).toBe(0);
        const tlv = after[before];
        if (!tlv) continue;
        made += 1;
        expect(explainDifference(content, tlv)).toEqual([]);
      }
      expect(made).toBeGreaterThan(20);
      rig.heal();
      await provenAs(threeItems(' 39')).catch(() => undefined);
      const last = threeItems(' последний');
      await eventually(() => sell(last));
      await provenAs(last);
    });

    it('a busy buffer delays and does not break', async () => {
      await start();
      rig.inject({ name: 'busy', times: 3 });
      await sell(threeItems());
      await provenAs(threeItems());
    });

    it('cancels what somebody else left open and enters the mode again', async () => {
      await start();
      rig.inject({ name: 'foreignHost', does: 'openReceipt' });
      await sell(threeItems());
      await provenAs(threeItems());
      rig.inject({ name: 'foreignHost', does: 'leaveMode' });
      await sell(threeItems(' снова'));
      await provenAs(threeItems(' снова'));
      rig.inject({ name: 'foreignHost', does: 'openReceipt' });
      await device.cancelDocument();
      await device.cancelDocument();
      expect((await device.fnState()).lastFdNumber).toBe(4);
    });

    it('a wrong password is a refusal', async () => {
      await start();
      await device.disconnect();
      device = rig.plug({ modePassword: 77 });
      await eventually(() => device.connect(inTime()));
      await expect(device.closeShift()).rejects.toMatchObject({ code: 'DEVICE-BAD-PASSWORD' });
      expect(isDeviceRefusal(await sell(threeItems()).catch((error: unknown) => error))).toBe(true);
      expect((await device.fnState()).lastFdNumber).toBe(2);
    });

    it('runs calls one at a time in the order they were made', async () => {
      await start();
      const order: string[] = [];
      await Promise.all([
        sell(threeItems(' A')).then(() => order.push('A')),
        device.fnState().then(({ lastFdNumber }) => order.push(`fd ${lastFdNumber}`)),
        sell(threeItems(' B')).then(() => order.push('B')),
        device.document(4).then((proof) => order.push(`form ${proof?.form}`)),
      ]);
      expect(order).toEqual(['A', 'fd 3', 'B', 'form 3']);
    });

    it('ends every call when disconnected, and says which may have been executed', async () => {
      await start();
      const calls = [sell(threeItems()), device.fnState(), device.closeShift()].map((call) =>
        call.catch(codeOf),
      );
      await device.disconnect();
      for (const code of await Promise.all(calls)) expect(code).toMatch(/^(WIRE|DOUBT)-/);
      await eventually(() => device.connect(inTime()));
      expect((await device.fnState()).lastFdNumber).toBe(rig.documents().length);
    });

    it('keeps account of commands and frames', async () => {
      await start();
      await sell(threeItems());
      expect(device.commands.get('closeReceipt')).toMatchObject({ count: 1, errors: 0 });
      await expect(device.readRegister(200)).rejects.toThrow();
      expect(device.commands.get('readRegister')).toMatchObject({
        errors: 1,
        lastError: 'DEVICE-BAD-REGISTER',
      });
      expect(device.counters.framesSent).toBeGreaterThan(20);
      expect(device.counters.bytesReceived).toBeGreaterThan(100);
      expect(device.tasks.added).toBeGreaterThan(15);
    });
  });
}
