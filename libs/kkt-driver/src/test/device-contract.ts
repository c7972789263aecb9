import { isDeviceRefusal, type FarmError, type ReceiptContent } from '@kkt/contracts';
import { parseDocument } from '@kkt/ffd';
import { METRICS } from '@kkt/readings';
import type { ProbeValues } from '../device';
import {
  BYTE_DEVICE,
  ContractBench,
  eventually,
  inTime,
  type DeviceTraits,
  type Rig,
} from './contract-bench';
import { item, receiptOf, registrationOf, rnmOf, threeItems } from './samples';

const codeOf = (error: unknown): string => (error as FarmError).code;

/**
 * What every `FiscalDevice` must do, whatever its wire. Judged by the module's own memory, not by what the device says.
 */
export function describeDevice(
  name: string,
  makeRig: () => Promise<Rig>,
  traits: DeviceTraits = BYTE_DEVICE,
): void {
  describe(name, () => {
    const bench = new ContractBench(makeRig);

    it('says who it is', async () => {
      expect(await bench.device.identity()).toMatchObject({
        modelCode: 77,
        modelName: 'АТОЛ 42ФС',
        serial: bench.rig.serial,
        fnNumber: bench.rig.fnNumber,
        ffdFn: 4,
      });
      bench.rig.inject({ name: 'removeFn' });
      expect(await bench.device.identity()).toMatchObject({ serial: bench.rig.serial, fnNumber: '' });
      await expect(bench.device.fnState()).rejects.toMatchObject({ code: 'DEVICE-FN-LINK' });
    });

    it('goes through the life of an FN: registration, shifts, closing', async () => {
      expect(await bench.device.fnState()).toMatchObject({
        phase: 1,
        lastFdNumber: 0,
        openDocument: 0,
        shiftOpen: false,
      });
      await bench.device.register(registrationOf(bench.rig.serial, 4));
      expect(await bench.device.fnState()).toMatchObject({
        phase: 3,
        lastFdNumber: 1,
        fnNumber: bench.rig.fnNumber,
      });
      const life = await bench.device.fnLife();
      expect(life).toMatchObject({ registrationsDone: 1 });
      expect(life.validUntil).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(life.daysLeft).toBeGreaterThan(300);
      if (traits.tellsDocumentsLeft) expect(life.documentsLeft).toBeGreaterThan(1000);
      expect(await bench.device.shift()).toMatchObject({ open: false });
      await bench.device.openShift({ name: 'Кассир Иванова', inn: '500100732259' });
      const shift = await bench.device.shift();
      expect(shift).toMatchObject({ open: true, number: 1, receipts: 0 });
      expect(shift.expiresAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      await bench.device.xReport();
      await bench.device.settlementReport();
      await bench.device.closeShift({ name: 'Кассир Иванова' });
      expect(await bench.device.shift()).toMatchObject({ open: false, number: 1 });
      await bench.device.register({
        ...registrationOf(bench.rig.serial, 4),
        kind: 'parameters',
        reasons: 0b100,
      });
      await bench.device.closeFn({ rnm: rnmOf(bench.rig.serial), cashier: { name: 'Инженер Петров' } });
      expect(await bench.device.fnState()).toMatchObject({ phase: 7, lastFdNumber: 6 });
      expect(bench.rig.documents().map((tlv) => tlv.readUInt16LE(0))).toEqual([1, 2, 21, 5, 11, 6]);
    });

    it('reads and sets the clock', async () => {
      const before = await bench.device.clock();
      expect(before).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      bench.rig.inject({ name: 'clockJump', byMs: -3 * 3_600_000 });
      expect(await bench.device.clock()).not.toBe(before);
      await bench.device.setClock(before);
      expect((await bench.device.clock()).slice(0, 15)).toBe(before.slice(0, 15));
    });

    if (traits.readsRegisters) {
      it('reads registers and tables for people', async () => {
        expect(await bench.device.readRegister(22)).toEqual({ serialNumber: bench.rig.serial });
        expect(await bench.device.readRegister(17)).toHaveProperty('clock');
        await expect(bench.device.readRegister(200)).rejects.toMatchObject({ code: 'DEVICE-BAD-REGISTER' });
        expect(Buffer.isBuffer(await bench.device.readTable(2, 1, 1))).toBe(true);
      });
    }

    if (traits.readsRegisters) {
      it('answers every reading of the table, with the FN’s own number of documents', async () => {
        await bench.start();
        await bench.sell(threeItems());
        const values: ProbeValues = {};
        for (const probe of bench.device.probes ?? []) Object.assign(values, await probe.read());
        const derived = ['clock_offset', 'ofd_unsent_age', 'shift_left', 'fn_days_left'];
        const asked = METRICS.filter(({ period, key }) => period !== 'driver' && !derived.includes(key));
        expect(Object.keys(values).sort()).toEqual(asked.map(({ key }) => key).sort());
        expect(values).toMatchObject({
          fn_number: bench.rig.fnNumber,
          fn_documents: bench.rig.documents().length,
          ofd_unsent: bench.rig.documents().length,
          fn_phase: 3,
          shift_open: true,
          receipts_closed: 1,
          fn_critical: false,
        });
        expect(bench.device.recentMs?.length).toBeGreaterThan(30);
      });
    }

    describe.each([2, 3, 4] as const)('documents by FFD code %i', (version) => {
      beforeEach(() => bench.start(version));

      it.each([1, 2, 3, 4] as const)('a receipt of settlement sign %i is what was asked', async (sign) => {
        const content = { ...threeItems(), sign };
        await bench.sell(content);
        await bench.provenAs(content);
      });

      it('a correction is what was asked', async () => {
        const content: ReceiptContent = {
          ...threeItems(),
          form: 'correction',
          correction: { type: 1, date: '2026-01-10', number: '12-34/5' },
          ...(version === 2 ? { vatTotals: { 1: 4115, 2: 2718, 6: 33_746 } } : {}),
        };
        await bench.sell(content);
        await bench.provenAs(content);
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
        await bench.sell(content);
        await bench.provenAs(content);
      });

      it('a quantity finer than a thousandth, a price of nothing, VAT for the whole receipt only', async () => {
        const content = receiptOf(
          [
            item({ priceKop: 1_000_000, quantityMicro: 123_457, sumKop: 123_457, vat: undefined }),
            item({ name: 'Подарок', priceKop: 0, quantityMicro: 1_000_000, sumKop: 0, vat: undefined }),
          ],
          { vatTotals: { 1: 20_576 } },
        );
        await bench.sell(content);
        await bench.provenAs(content);
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
        await bench.sell(content);
        await bench.provenAs(content);
      });

      it('a receipt of a hundred items', async () => {
        const items = Array.from({ length: 100 }, (_, n) =>
          item({ name: `Товар ${n}`, userData: 'x'.repeat(60) }),
        );
        const content = receiptOf(items);
        await bench.sell(content);
        await bench.provenAs(content);
      });
    });

    it('reads documents of every form and says when there is none', async () => {
      await bench.start();
      await bench.sell(threeItems());
      await bench.device.closeShift();
      const memory = bench.rig.documents();
      for (let fd = 1; fd <= 4; fd += 1) {
        const proof = await bench.device.document(fd);
        const expected = parseDocument(memory[fd - 1] ?? Buffer.alloc(0));
        expect(proof).toMatchObject({
          fdNumber: fd,
          form: expected.form,
          fiscalSign: expected.fiscalSign,
          at: expected.at,
          fnNumber: bench.rig.fnNumber,
        });
        expect(proof?.tlvHex).toBe(memory[fd - 1]?.subarray(4).toString('hex'));
        expect(await bench.device.documentRecord(fd)).toMatchObject({
          fdNumber: fd,
          fiscalSign: expected.fiscalSign,
          delivered: false,
        });
      }
      expect(await bench.device.documentRecord(3)).toMatchObject({ sign: 1, totalKop: 88_336 });
      expect(await bench.device.document(5)).toBeUndefined();
      expect(await bench.device.documentRecord(999_999)).toBeUndefined();
    });

    it('tells in one word what a sale has come to: state, record, shift', async () => {
      await bench.start();
      await bench.sell(threeItems());
      const { state, record, shift } = await bench.device.saleWord(3);
      expect(state).toMatchObject({ fnNumber: bench.rig.fnNumber, lastFdNumber: 3, openDocument: 0 });
      expect(record).toEqual(await bench.device.documentRecord(3));
      expect(record).toMatchObject({ sign: 1, totalKop: 88_336 });
      expect(shift).toMatchObject({ open: true, number: 1, receipts: 1 });
      const next = await bench.device.saleWord(4);
      expect(next.record).toBeUndefined();
      expect(next.state.lastFdNumber).toBe(3);
    });

    it('carries messages to the operator and answers back, the same message until it is confirmed; or says that it does not', async () => {
      await bench.start();
      if (!bench.device.carriesOfdMessages) {
        expect(await bench.device.ofdQueue()).toMatchObject({
          unsent: 2,
          firstFdNumber: 1,
          messageWaiting: false,
        });
        expect(await bench.device.readOfdMessage()).toBeUndefined();
        await expect(bench.device.confirmOfdMessage(Buffer.alloc(64))).rejects.toMatchObject({
          code: 'DEVICE-OFD-ANSWER',
        });
        return;
      }
      await bench.sell(receiptOf(Array.from({ length: 30 }, (_, n) => item({ name: `Товар ${n}` }))));
      expect(await bench.device.ofdQueue()).toMatchObject({
        unsent: 3,
        firstFdNumber: 1,
        messageWaiting: true,
      });
      for (let fd = 1; fd <= 3; fd += 1) {
        const message = await bench.device.readOfdMessage();
        expect(message).toMatchObject({ fnNumber: bench.rig.fnNumber, fdNumber: fd });
        const again = await bench.device.readOfdMessage();
        expect(again?.container).toEqual(message?.container);
        const answer = bench.rig.confirm(message?.container ?? Buffer.alloc(0));
        const spoiled = Buffer.from(answer);
        spoiled[40] = (spoiled[40] ?? 0) ^ 1;
        await expect(bench.device.confirmOfdMessage(spoiled)).rejects.toMatchObject({
          code: 'DEVICE-OFD-ANSWER',
        });
        await bench.device.confirmOfdMessage(answer);
        expect(await bench.device.documentRecord(fd)).toMatchObject({ delivered: true });
      }
      expect(await bench.device.readOfdMessage()).toBeUndefined();
      expect(await bench.device.ofdQueue()).toMatchObject({ unsent: 0, messageWaiting: false });
      await expect(bench.device.confirmOfdMessage(Buffer.alloc(64))).rejects.toMatchObject({
        code: 'DEVICE-OFD-ANSWER',
      });
    });

    it('refuses with the device’s reason and leaves nothing open', async () => {
      await bench.start();
      const wrong = { ...threeItems(), company: { ...threeItems().company, taxSystem: 32 as const } };
      const refusal = await bench.sell(wrong).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        code: 'DEVICE-BAD-TAX-SYSTEM',
        context: { ...traits.taxSystemRefusal, recovery: 'fix-receipt' },
      });
      expect((refusal as FarmError).context.driverCode).toEqual(expect.any(Number));
      await bench.sell(threeItems());
      expect((await bench.device.fnState()).lastFdNumber).toBe(3);
      await expect(bench.sell({ ...threeItems(), items: [] })).rejects.toMatchObject({
        code: 'CLIENT-FFD-CONTENT',
      });
      await bench.device.closeShift();
      await expect(bench.sell(threeItems())).rejects.toThrow(/DEVICE-/);
      expect((await bench.device.fnState()).lastFdNumber).toBe(4);
    });

    it('will not register a receipt whose total the device counts otherwise', async () => {
      await bench.start();
      const content = receiptOf([item({ priceKop: 10_000, quantityMicro: 1_000_000, sumKop: 10_000 })]);
      const short = {
        ...content,
        items: [item({ priceKop: 10_050, quantityMicro: 1_000_000, sumKop: 10_050 })],
      };
      // The kopecks are dropped by a discount; a driver that forgot it would be told of a remainder.
      await bench.sell(short);
      expect((await bench.device.document(3))?.totalKop).toBe(10_000);
    });

    if (traits.stepwise) {
      it('a busy buffer delays and does not break', async () => {
        await bench.start();
        bench.rig.inject({ name: 'busy', times: 3 });
        await bench.sell(threeItems());
        await bench.provenAs(threeItems());
      });
    }

    if (traits.stepwise) {
      it('cancels what somebody else left open and enters the mode again', async () => {
        await bench.start();
        bench.rig.inject({ name: 'foreignHost', does: 'openReceipt' });
        await bench.sell(threeItems());
        await bench.provenAs(threeItems());
        bench.rig.inject({ name: 'foreignHost', does: 'leaveMode' });
        await bench.sell(threeItems(' снова'));
        await bench.provenAs(threeItems(' снова'));
        bench.rig.inject({ name: 'foreignHost', does: 'openReceipt' });
        await bench.device.cancelDocument();
        await bench.device.cancelDocument();
        expect((await bench.device.fnState()).lastFdNumber).toBe(4);
      });
    }

    if (traits.hasPasswords) {
      it('a wrong password is a refusal', async () => {
        await bench.start();
        await bench.device.disconnect();
        bench.device = bench.rig.plug({ modePassword: 77 });
        await eventually(() => bench.device.connect(inTime()));
        await expect(bench.device.closeShift()).rejects.toMatchObject({ code: 'DEVICE-BAD-PASSWORD' });
        expect(isDeviceRefusal(await bench.sell(threeItems()).catch((error: unknown) => error))).toBe(true);
        expect((await bench.device.fnState()).lastFdNumber).toBe(2);
      });
    }

    it('runs calls one at a time in the order they were made', async () => {
      await bench.start();
      const order: string[] = [];
      await Promise.all([
        bench.sell(threeItems(' A')).then(() => order.push('A')),
        bench.device.fnState().then(({ lastFdNumber }) => order.push(`fd ${lastFdNumber}`)),
        bench.sell(threeItems(' B')).then(() => order.push('B')),
        bench.device.document(4).then((proof) => order.push(`form ${proof?.form}`)),
      ]);
      expect(order).toEqual(['A', 'fd 3', 'B', 'form 3']);
    });

    it('ends every call when disconnected, and says which may have been executed', async () => {
      await bench.start();
      const calls = [bench.sell(threeItems()), bench.device.fnState(), bench.device.closeShift()].map(
        (call) => call.catch(codeOf),
      );
      await bench.device.disconnect();
      for (const code of await Promise.all(calls)) expect(code).toMatch(/^(WIRE|DOUBT)-/);
      await eventually(() => bench.device.connect(inTime()));
      expect((await bench.device.fnState()).lastFdNumber).toBe(bench.rig.documents().length);
    });

    it('keeps account of commands and frames', async () => {
      await bench.start();
      await bench.sell(threeItems());
      expect(bench.device.commands.get(traits.receiptCommand)).toMatchObject({ count: 1, errors: 0 });
      expect(bench.device.commands.get('receipt')?.totalMs).toBeGreaterThan(0);
      if (traits.readsRegisters) {
        await expect(bench.device.readRegister(200)).rejects.toThrow();
        expect(bench.device.commands.get('readRegister')).toMatchObject({
          errors: 1,
          lastError: 'DEVICE-BAD-REGISTER',
        });
      }
      expect(bench.device.counters.framesSent).toBeGreaterThan(traits.stepwise ? 20 : 7);
      expect(bench.device.counters.bytesReceived).toBeGreaterThan(100);
      expect(bench.device.tasks.added).toBeGreaterThan(traits.stepwise ? 15 : 3);
    });
  });
}
