import { command, commandByCode, COMMANDS } from '.';
import { encodeDeviceError } from './exchange';
import { TIMEOUT_MS } from './timeouts';
import { PAYMENT_TYPE, RECEIPT_FLAG, RECEIPT_TYPE } from '../decisions';
import { FN_COMMANDS, fnCommand, fnCommandByCode } from '../fn';
import { register, registerByNumber, REGISTERS } from '../registers';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('known requests', () => {
  it.each([
    ['S6', command('status').encodeRequest(), '3F'],
    ['S8', command('stateCode').encodeRequest(), '45'],
    ['S12', command('enterMode').encodeRequest({ mode: 1, password: 30 }), '56 01 00 00 00 30'],
    [
      'S13',
      command('openReceipt').encodeRequest({ flags: RECEIPT_FLAG.doNotPrint, type: RECEIPT_TYPE.sale }),
      '92 04 01',
    ],
    ['S15', fnCommand('exchangeStatus').encodeRequest(), 'A4 20'],
    ['S16', register('unsentCount').encodeRequest(), '91 2C 00 00'],
    [
      'S17',
      command('closeReceipt').encodeRequest({ flags: 0, paymentType: PAYMENT_TYPE.cash, sumKop: 0 }),
      '4A 00 01 00 00 00 00 00',
    ],
    ['S1', fnCommand('findDocument').encodeRequest({ fdNumber: 254 }), 'A4 40 FE 00 00 00'],
    ['S2', fnCommand('findDocument').encodeRequest({ fdNumber: 0xfefd }), 'A4 40 FD FE 00 00'],
    ['EA', command('beginItem').encodeRequest({ flags: 0 }), 'EA 00 01 00'],
    ['82', command('demoPrint').encodeRequest({ kind: 6 }), '82 01 06 00'],
    ['E9', command('readAttribute').encodeRequest({ tag: 1008, blockNumber: 0 }), 'E9 F0 03 00'],
    ['46', command('readTable').encodeRequest({ table: 19, row: 1, field: 2 }), '46 13 00 01 02'],
    [
      'A4 16',
      fnCommand('finishReceipt').encodeRequest({ at: '2026-11-23T14:05', sign: 1, totalKop: 12345 }),
      'A4 16 1A 0B 17 0E 05 01 39 30 00 00 00',
    ],
    ['A4 60', fnCommand('debugReset').encodeRequest({ code: 0x16 }), 'A4 60 16'],
  ])('%s', (_name, bytes, expected) => {
    expect(bytes.toString('hex')).toBe(hex(expected).toString('hex'));
  });

  it('lay out the end of an item: 42 bytes and the name', () => {
    const bytes = command('endItem').encodeRequest({
      flags: 1,
      priceKop: 12_345,
      quantityMilli: 1500,
      costKop: 18_518,
      taxType: 3,
      taxSumKop: 3086,
      section: 1,
      subject: 1,
      method: 4,
      discountSign: 0,
      discountKop: 0,
      name: 'Чай',
    });
    expect(bytes.toString('hex')).toBe(
      hex(
        'EB 01 00000000012345 0000001500 00000000018518 03 00000000003086 01 01 04 00 00000000000000 0000 97A0A9',
      ).toString('hex'),
    );
  });

  it('are not read as another command, cut or too long', () => {
    expect(() => command('closeReceipt').decodeRequest(hex('99 00 01 00 00 00 00 00'))).toThrow(
      'WIRE-MALFORMED',
    );
    expect(() => command('closeReceipt').decodeRequest(hex('4A 00 01 00'))).toThrow('WIRE-MALFORMED');
    expect(() => command('leaveMode').decodeRequest(hex('48 00'))).toThrow('WIRE-MALFORMED');
    expect(() => command('demoPrint').decodeRequest(hex('82 02 00 00'))).toThrow('WIRE-MALFORMED');
    expect(() =>
      command('discount').encodeRequest({ flags: 0, area: 1, amount: { kind: 2, sign: 0, size: 1 } }),
    ).toThrow('WIRE-MALFORMED');
  });
});

describe('known answers', () => {
  it('A5 as captured from a real terminal', () => {
    const captured = hex('00 01 01 4C 10 00 03 00 00 21 95 8A A0 A7 AD A0 E7 A5 A9 20 94 80');
    const data = {
      protocolVersion: 1,
      deviceClass: 1,
      model: 76,
      capabilities: hex('10 00'),
      firmware: { major: 3, minor: 0, language: 0, build: 2195 },
      name: 'Казначей ФА',
    };
    expect(command('deviceType').decodeAnswer(captured)).toEqual({ ok: true, data });
    expect(command('deviceType').encodeAnswer(data)).toEqual(captured);
  });

  it('45 begins with 55 and the mode, which is not an error (S9, S11)', () => {
    const answer = command('stateCode').decodeAnswer(hex('55 01 00'));
    expect(answer).toMatchObject({
      ok: true,
      data: { mode: { mode: 1, submode: 0 }, flags: { noPaper: false } },
    });
    expect(command('stateCode').decodeAnswer(hex('55 23 81'))).toMatchObject({
      ok: true,
      data: {
        mode: { mode: 3, submode: 2 },
        flags: { noPaper: true, paperNearEnd: true, cutterFault: false },
      },
    });
    expect(() => command('stateCode').encodeError(1)).toThrow('SYS-UNENCODABLE');
  });

  it('3F is 30 bytes from 44', () => {
    const bytes = hex(
      '44 30 01 26 11 23 14 05 09 43 00 01 23 45 4D 33 30 01 00 12 00 07 01 00 00 01 23 45 02 06',
    );
    const answer = command('status').decodeAnswer(bytes);
    expect(answer).toEqual({
      ok: true,
      data: {
        cashier: 30,
        hallNumber: 1,
        clock: '2026-11-23T14:05:09',
        flags: {
          fiscalised: true,
          shiftOpen: true,
          drawerOpen: false,
          paperPresent: false,
          coverOpen: false,
          fnActivated: true,
          batteryLow: false,
        },
        serialNumber: '00012345',
        model: 77,
        version: '30',
        mode: { mode: 1, submode: 0 },
        receiptNumber: 12,
        closedShiftNumber: 7,
        receiptState: 1,
        receiptSumKop: 12_345,
        decimalPoint: 2,
        port: 6,
      },
    });
    if (answer.ok) expect(command('status').encodeAnswer(answer.data)).toEqual(bytes);
    expect(command('status').decodeAnswer(hex('55 66 00'))).toEqual({ ok: false, error: 0x66, ext: 0 });
  });

  it('99 has 12 bytes and no ext', () => {
    const bytes = command('payment').encodeAnswer({ remainderKop: 0, changeKop: 5000 });
    expect(bytes.toString('hex')).toBe('550000000000000000005000');
    expect(bytes).toHaveLength(12);
  });

  it('4D begins with 4D, or with 55 when refused', () => {
    expect(command('cashInDrawer').encodeAnswer({ sumKop: 12_345 }).toString('hex')).toBe('4d00000000012345');
    expect(command('cashInDrawer').decodeAnswer(hex('55 66'))).toEqual({ ok: false, error: 0x66, ext: 0 });
  });

  it('51 and 52 are 28 bytes', () => {
    const bytes = hex('55 00 00 00 00 01 23 01 00 00 00 00 01 23 45 23 11 26 14 05 25 73 72 68 89 00 00 00');
    const data = {
      fdNumber: 123,
      type: 1,
      sumKop: 12_345,
      at: '2026-11-23T14:05',
      fiscalSign: 2_573_726_889,
    };
    expect(register('lastDocument').decodeAnswer(bytes)).toEqual({ ok: true, data });
    expect(register('lastReceipt').encodeAnswer(data)).toEqual(bytes);
  });

  it.each([
    ['shiftState', 2 + 5],
    ['exchangeStatus', 2 + 13],
    ['fnStatus', 2 + 30],
    ['fnNumber', 2 + 16],
    ['validity', 2 + 5],
    ['fnVersion', 2 + 17],
  ] as const)('FN %s has the length seen on real modules', (name, length) => {
    const row = FN_COMMANDS[name];
    expect(row.decodeAnswer(Buffer.alloc(length, 0).fill(0x55, 0, 1))).toMatchObject({ ok: true });
    expect(() => row.decodeAnswer(Buffer.alloc(length - 1, 0).fill(0x55, 0, 1))).toThrow('WIRE-MALFORMED');
  });

  it('the general refusal stops behind ext (S14)', () => {
    expect(command('closeReceipt').decodeAnswer(hex('55 9A 00'))).toEqual({ ok: false, error: 0x9a, ext: 0 });
    expect(encodeDeviceError(0xee, 1)).toEqual(hex('55 EE 01'));
    expect(() => encodeDeviceError(0)).toThrow('SYS-UNENCODABLE');
  });

  it('take more bytes than the layout knows, but no other first byte', () => {
    expect(command('closeReceipt').decodeAnswer(hex('55 00 00 01 02'))).toEqual({ ok: true, data: {} });
    expect(command('closeReceipt').decodeAnswer(hex('55 00'))).toEqual({ ok: true, data: {} });
    expect(() => command('closeReceipt').decodeAnswer(hex('44 00 00'))).toThrow('WIRE-MALFORMED');
    expect(() => command('status').decodeAnswer(hex('55 00 00'))).toThrow('WIRE-MALFORMED');
  });
});

describe('tables', () => {
  it('have one row a code, found by it', () => {
    for (const row of Object.values(COMMANDS)) expect(commandByCode(row.prefix[0] ?? -1)).toBe(row);
    for (const row of Object.values(FN_COMMANDS)) expect(fnCommandByCode(row.fnCode)).toBe(row);
    for (const row of Object.values(REGISTERS)) expect(registerByNumber(row.number)).toBe(row);
    expect(commandByCode(0x00)).toBeUndefined();
    expect(fnCommandByCode(0xff)).toBeUndefined();
    expect(registerByNumber(0xff)).toBeUndefined();
  });

  it('let a device tell its commands apart by name and keep their types', () => {
    const serve = (request: Buffer): Buffer => {
      const row = commandByCode(request.readUInt8(0));
      switch (row?.name) {
        case 'payment': {
          const { sumKop } = row.decodeRequest(request);
          return row.encodeAnswer({ remainderKop: 0, changeKop: sumKop - 100 });
        }
        case 'leaveMode':
          return row.encodeAnswer();
        default:
          return encodeDeviceError(0xf2);
      }
    };
    expect(serve(hex('99 00 01 00 00 00 01 50')).toString('hex')).toBe('550000000000000000000050');
    expect(serve(hex('48'))).toEqual(hex('55 00 00'));
    expect(serve(hex('01'))).toEqual(hex('55 F2 00'));
  });

  it('call each row by its own name', () => {
    for (const table of [COMMANDS, FN_COMMANDS, REGISTERS]) {
      for (const [name, row] of Object.entries(table)) expect(row.name).toBe(name);
    }
  });

  it('give T5 by command', () => {
    const ms = (code: number) => commandByCode(code)?.timeoutMs;
    expect([0x8d, 0x8e, 0x4a].map(ms)).toEqual([20_000, 20_000, 20_000]);
    expect([0x5a, 0x91, 0x67].map(ms)).toEqual([40_000, 45_000, 45_000]);
    expect([0xe6, 0xea, 0xeb].map(ms)).toEqual([50_000, 50_000, 50_000]);
    expect([0x3f, 0x45, 0x99, 0xe8].map(ms)).toEqual([10_000, 10_000, 10_000, 10_000]);
    expect(TIMEOUT_MS.archive).toBe(120_000);
  });

  it('never call a repeat safe where it would register twice', () => {
    const registering = [
      0x92, 0xea, 0xeb, 0xe6, 0x52, 0x57, 0xb8, 0x43, 0x99, 0x9b, 0x4a, 0x49, 0x4f, 0x5a, 0x9a, 0x67, 0xe8,
      0xa4,
    ];
    for (const code of registering) expect(commandByCode(code)?.onSilence).toBe('ask-device');
    const signing = [0x03, 0x05, 0x07, 0x12, 0x14, 0x16, 0x19, 0xa3];
    for (const code of signing) expect(fnCommandByCode(code)?.onSilence).toBe('ask-device');
  });
});
