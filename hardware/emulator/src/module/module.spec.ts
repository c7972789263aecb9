import {
  COMMANDS,
  encodeAdd,
  encodeFrame,
  encodeTask,
  fnCommand,
  FrameParser,
  register,
  repeatRequest,
  TASK_FLAG,
  type Exchange,
} from '@kkt/atol-protocol';
import {
  checkDocument,
  childrenOf,
  decodeTlv,
  encodeTlv,
  numberOf,
  parseDocument,
  TAG,
  type TlvNode,
} from '@kkt/ffd';
import { memoryPort } from '../ports/memory-port';
import { ModuleBench } from '../testing/module-bench';
import type { TestHost } from '../testing/test-host';
import { DAY_MS, HOUR_MS } from '../wall-time';
import { realisticPace } from './pace';

const opened = async (bench: ModuleBench, type = 1): Promise<ModuleBench> => {
  await bench.ready();
  await bench.do(bench.host.mode(1));
  await bench.do(bench.host.call(COMMANDS.openReceipt, { flags: 4, type }));
  return bench;
};

async function errorOf<Req, Ans>(
  bench: ModuleBench,
  row: Exchange<string, Req, Ans>,
  request: Req,
): Promise<number> {
  const answer = await bench.do(bench.host.try(row, request));
  return answer.ok ? 0 : answer.error;
}

const extended = async (bench: ModuleBench): Promise<number> => {
  const row = register('extendedError');
  const answer = row.decodeAnswer(await bench.do(bench.host.run(row.encodeRequest())));
  return answer.ok ? answer.data.error : -1;
};

const attribute = (node: TlvNode) => (host: TestHost) => host.attribute(node);

const inside = (bench: ModuleBench, fd: number): TlvNode[] => {
  const document = bench.module.fn?.document(fd);
  return document ? (childrenOf(decodeTlv(document.tlv), document.head.form) ?? []) : [];
};

const plainItem = {
  flags: 0,
  priceKop: 1000,
  quantityMilli: 1000,
  costKop: 1000,
  taxType: 6,
  taxSumKop: 0,
  section: 1,
  subject: 1,
  method: 4,
  discountSign: 0,
  discountKop: 0,
  name: 'Товар',
};

describe('a stock client of the protocol', () => {
  /** Frames of a capture from a real exchange, and the rest as a vending modem would send them. */
  const talk = async (): Promise<{ bench: ModuleBench; say: (hex: string) => Promise<string[]> }> => {
    const bench = new ModuleBench();
    bench.port.close();
    const port = memoryPort(bench.module);
    if (!port) throw new Error('not reachable');
    const parser = new FrameParser();
    let heard: string[] = [];
    port.onData((bytes) => {
      for (const event of parser.push(bytes)) {
        if (event.type === 'frame') heard.push(`${event.id.toString(16)}:${event.data.toString('hex')}`);
      }
    });
    const say = async (hex: string): Promise<string[]> => {
      heard = [];
      port.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
      await bench.clock.run(20);
      return heard;
    };
    return { bench, say };
  };

  it('introduces itself to captured frames', async () => {
    const { say } = await talk();
    expect(await say('FE 01 00 06 C4 58')).toEqual(['6:a3']);
    const [queued, result] = await say('FE 06 00 07 C1 01 02 00 00 A5 8D');
    expect(queued).toBe('7:a2');
    // Error 00, protocol 01, class 01, model 4D.
    expect(result).toMatch(/^f0:a6020001014d/);
    const [again] = await say('FE 02 00 08 C3 02 FC');
    expect(again).toBe(result?.replace('f0:a602', '8:a3'));
  });

  it('sells to a client that leaves out the two reserved bytes of EB and reads registers', async () => {
    const { bench, say } = await talk();
    let id = 0x10;
    const run = async (hex: string): Promise<string> => {
      const tid = id;
      id += 1;
      const heard = await say(
        encodeFrame(tid, encodeAdd(TASK_FLAG.needResult, tid, encodeTask(Buffer.from(hex, 'hex')))).toString(
          'hex',
        ),
      );
      return heard.find((frame) => frame.startsWith('f0:'))?.slice('f0:a6xx'.length) ?? '';
    };
    await prepare(bench);
    expect(await run('56 01 00 00 00 30'.replaceAll(' ', ''))).toBe('550000');
    expect(await run('9a00')).toBe('550000');
    expect(await run('920401')).toBe('550000');
    expect(await run('ea000100')).toBe('550000');
    // price 123.45, quantity 1, cost, tax 6, subject 1, method 4, then the name at once.
    const name = Buffer.from([0x8f, 0xa8, 0xe0, 0xae, 0xa3]).toString('hex');
    expect(
      await run(
        `eb00${'00000000012345'}${'0000001000'}${'00000000012345'}06${'0'.repeat(14)}010104${'00'}${'0'.repeat(14)}${name}`,
      ),
    ).toBe('550000');
    expect(await run('99000100000 20000'.replaceAll(' ', ''))).toBe('5500' + '0000000000' + '0000007655');
    expect(await run('4a00010000000000')).toBe('550000');
    expect((await run('91330000')).slice(0, 30)).toBe('5500' + '0000000003' + '01' + '00000000012345');
    expect(parseDocument(bench.module.fn?.document(3)?.tlv ?? Buffer.alloc(0)).totalKop).toBe(12345);
    expect(numberOf(inside(bench, 3), TAG.cash)).toBe(12345);
  });

  /** Registers the module by hand, as its maker's tool would; the client only sells. */
  const prepare = async (bench: ModuleBench): Promise<void> => {
    const donor = await new ModuleBench().ready();
    const { device } = bench.module;
    const { registration } = donor.module.fn ?? {};
    if (!registration) throw new Error('not registered');
    const own = new Set<number>([
      TAG.userName,
      TAG.placeAddress,
      TAG.place,
      TAG.cashier,
      TAG.fnsSite,
      TAG.ofdName,
    ]);
    device.drive.start('registration', device.now(), 4);
    device.drive.addTlv(encodeTlv(inside(donor, 1).filter(({ tag }) => own.has(tag))));
    device.complete(device.drive);
    device.drive.finishRegistration(device.now(), registration);
  };
});

describe('the wire', () => {
  it('repeats its reply to a repeated packet and executes once', async () => {
    const bench = await new ModuleBench().ready();
    const seen: string[] = [];
    bench.port.close();
    const port = memoryPort(bench.module);
    const parser = new FrameParser();
    port?.onData((bytes) =>
      parser
        .push(bytes)
        .forEach(
          (event) => event.type === 'frame' && seen.push(`${event.id}:${event.data.toString('hex', 0, 1)}`),
        ),
    );
    const cashIn = encodeFrame(
      5,
      encodeAdd(0, 9, encodeTask(COMMANDS.cashIn.encodeRequest({ flags: 0, sumKop: 500 }))),
    );
    bench.module.device.mode = 1;
    port?.write(cashIn);
    await bench.clock.run(10);
    port?.write(cashIn);
    port?.write(repeatRequest(5));
    await bench.clock.run(10);
    expect(bench.module.device.data.cashIns).toBe(1);
    expect(seen).toEqual(['5:a2', '5:a2', '5:a2']);
  });

  it('takes the same id and bytes as new after Abort: a new host on a line that never closed', async () => {
    const bench = await new ModuleBench().ready();
    bench.module.device.mode = 1;
    const add = encodeFrame(
      1,
      encodeAdd(0, 1, encodeTask(COMMANDS.cashIn.encodeRequest({ flags: 0, sumKop: 500 }))),
    );
    for (const frame of [add, encodeFrame(0, Buffer.of(0xc4)), add]) bench.port.write(frame);
    await bench.clock.run(20);
    expect(bench.module.device.data.cashIns).toBe(2);
  });

  it('finishes what it executes when its buffer is cleared meanwhile', async () => {
    const bench = await opened(new ModuleBench(realisticPace(400)));
    await bench.do(bench.host.item(1000, 'Товар'));
    const { tid } = await bench.do(
      bench.host.add(COMMANDS.closeReceipt.encodeRequest({ flags: 0, paymentType: 1, sumKop: 0 })),
    );
    await bench.clock.run(50);
    expect(await bench.do(bench.host.req(tid))).toEqual({ status: 'inProgress' });
    expect(await bench.do(bench.host.abort())).toMatchObject({ status: 'result' });
    expect(await bench.do(bench.host.req(tid))).toEqual({ status: 'notFound' });
    expect(bench.lastFd).toBe(2);
    const clock = register('clock').encodeRequest();
    const began = bench.clock.monotonicMs();
    await bench.do(bench.host.run(clock));
    expect(bench.clock.monotonicMs() - began).toBeGreaterThan(200);
    expect(bench.lastFd).toBe(3);
  });

  it('answers in the reply itself when asked to', async () => {
    const bench = await new ModuleBench(undefined, { directResults: true })
      .ready()
      .catch((error: Error) => error);
    // The small test host waits for packets of their own, which never come now.
    expect(bench).toBeInstanceOf(Error);
    const direct = new ModuleBench(undefined, { directResults: true });
    const { reply } = await direct.do(direct.host.add(COMMANDS.stateCode.encodeRequest()));
    expect(reply).toEqual({ status: 'result', answer: Buffer.of(0x55, 0, 0) });
    expect(direct.host.asyncSeen).toEqual([]);
  });

  it('serves one host at a time', async () => {
    const bench = new ModuleBench();
    expect(memoryPort(bench.module)).toBeUndefined();
    bench.port.close();
    expect(memoryPort(bench.module)).toBeDefined();
  });
});

describe('reports behind their answer', () => {
  it('shows 3.2 and 7.1 while the shift is closed, refuses work meanwhile, ends in 3.0', async () => {
    const bench = await new ModuleBench(realisticPace(400)).ready();
    await bench.do(bench.host.mode(3));
    await bench.do(bench.host.call(COMMANDS.closeShift, {}));
    expect(bench.lastFd).toBe(2);
    const states = new Set<string>();
    for (let turn = 0; turn < 60; turn += 1) {
      const { mode } = await bench.do(bench.host.call(COMMANDS.stateCode, {}));
      states.add(`${mode.mode}.${mode.submode}`);
      if (turn === 0) expect(await errorOf(bench, fnCommand('fnStatus'), {})).toBe(0x66);
      await bench.clock.run(20);
    }
    expect([...states]).toEqual(['3.2', '7.1', '3.0']);
    expect(bench.lastFd).toBe(3);
  });

  it('makes an X report and a settlement report', async () => {
    const bench = await new ModuleBench(realisticPace(50)).ready();
    await bench.do(bench.host.mode(2));
    await bench.do(bench.host.call(COMMANDS.report, { type: 1 }));
    await bench.clock.run(500);
    expect(bench.lastFd).toBe(2);
    await bench.do(bench.host.call(COMMANDS.report, { type: 9 }));
    await bench.clock.run(500);
    expect(bench.module.fn?.document(3)?.head.form).toBe(21);
    expect(await errorOf(bench, COMMANDS.report, { type: 77 })).toBe(0xa3);
  });
});

describe('refusals', () => {
  it.each<[string, (bench: ModuleBench) => Promise<unknown>, number]>([
    ['a wrong password', (b) => errorOf(b, COMMANDS.enterMode, { mode: 3, password: 5 }), 0x8c],
    [
      'mode from a mode',
      async (b) => {
        await b.do(b.host.mode(1));
        return errorOf(b, COMMANDS.enterMode, { mode: 3, password: 30 });
      },
      0x66,
    ],
    ['a receipt outside mode 1', (b) => errorOf(b, COMMANDS.openReceipt, { flags: 0, type: 1 }), 0x66],
    [
      'no such register',
      (b) => b.do(b.host.run(Buffer.of(0x91, 99, 0, 0))).then((answer) => answer[1]),
      0x6c,
    ],
    ['an unknown command', (b) => b.do(b.host.run(Buffer.of(0xfa))).then((answer) => answer[1]), 0xf2],
    ['a short command', (b) => b.do(b.host.run(Buffer.of(0x56, 1))).then((answer) => answer[1]), 0x14],
    [
      'an unknown FN command',
      (b) => b.do(b.host.run(Buffer.of(0xa4, 0x7f))).then((answer) => answer[1]),
      0xd3,
    ],
    ['table 77', (b) => errorOf(b, COMMANDS.readTable, { table: 77, row: 1, field: 1 }), 0x91],
    [
      'a date before the last document',
      (b) => errorOf(b, COMMANDS.setClock, { clock: '2026-01-11T12:00:00' }),
      0x1f,
    ],
    ['no such document in the archive', (b) => errorOf(b, fnCommand('findDocument'), { fdNumber: 99 }), 0xda],
    [
      'a shift in a shift',
      async (b) => {
        await b.do(b.host.mode(1));
        return errorOf(b, COMMANDS.openShift, { flags: 0, text: '' });
      },
      0x9c,
    ],
    [
      'cancelling nothing',
      async (b) => {
        await b.do(b.host.mode(1));
        return errorOf(b, COMMANDS.cancelReceipt, {});
      },
      0x9a,
    ],
    [
      'cash out of an empty drawer',
      async (b) => {
        await b.do(b.host.mode(1));
        return errorOf(b, COMMANDS.cashOut, { flags: 0, sumKop: 100 });
      },
      0x98,
    ],
    [
      'a receipt of a shift over 24 h',
      async (b) => {
        await b.do(b.host.mode(1));
        await b.clock.run(24 * HOUR_MS);
        return errorOf(b, COMMANDS.openReceipt, { flags: 0, type: 1 });
      },
      0x88,
    ],
    [
      'a receipt after 31 days without the operator',
      async (b) => {
        await b.do(b.host.closeShift());
        await b.clock.run(31 * DAY_MS);
        await b.do(b.host.mode(1));
        return errorOf(b, COMMANDS.openShift, { flags: 0, text: '' });
      },
      0xef,
    ],
    [
      're-registration with another INN’s RNM',
      async (b) => {
        await b.do(b.host.closeShift());
        await b.do(b.host.call(fnCommand('startRegistrationFfd11'), { type: 2, ffdVersion: 4 }));
        return errorOf(b, fnCommand('finishRegistrationFfd11'), {
          at: b.now,
          inn: '7704358518',
          registrationNumber: '0000000005008570',
          taxSystems: 1,
          workMode: 0,
          extendedMode: 0,
          ofdInn: '7704358518',
          reasons: 4,
        });
      },
      0xa6,
    ],
  ])('outside a receipt: %s', async (_, act, error) => {
    const bench = await new ModuleBench().ready();
    await bench.do(bench.host.call(COMMANDS.leaveMode, {}));
    const before = bench.lastFd;
    expect(await act(bench)).toBe(error);
    expect(bench.lastFd - before).toBeLessThanOrEqual(1);
  });

  it.each<[string, (bench: ModuleBench) => Promise<unknown>, number, number]>([
    ['a second receipt', (b) => errorOf(b, COMMANDS.openReceipt, { flags: 0, type: 1 }), 0x9b, 0],
    ['leaving the mode', (b) => errorOf(b, COMMANDS.leaveMode, {}), 0x9b, 0],
    ['an item without EA', (b) => errorOf(b, COMMANDS.endItem, plainItem), 0xee, 0x0207],
    [
      'a cost that is not price × quantity',
      async (b) => {
        await b.do(b.host.call(COMMANDS.beginItem, { flags: 0 }));
        return errorOf(b, COMMANDS.endItem, { ...plainItem, costKop: 1002 });
      },
      0x08,
      0,
    ],
    [
      'an unknown tax',
      async (b) => {
        await b.do(b.host.call(COMMANDS.beginItem, { flags: 0 }));
        return errorOf(b, COMMANDS.endItem, { ...plainItem, taxType: 77 });
      },
      0xee,
      0x0104,
    ],
    [
      'a settlement method 9',
      async (b) => {
        await b.do(b.host.call(COMMANDS.beginItem, { flags: 0 }));
        return errorOf(b, COMMANDS.endItem, { ...plainItem, method: 9 });
      },
      0xee,
      0x0105,
    ],
    [
      'closing with an item begun',
      async (b) => {
        await b.do(b.host.item(1000, 'Товар'));
        await b.do(b.host.call(COMMANDS.beginItem, { flags: 0 }));
        return errorOf(b, COMMANDS.closeReceipt, { flags: 0, paymentType: 1, sumKop: 0 });
      },
      0x76,
      0,
    ],
    [
      'closing an empty receipt',
      (b) => errorOf(b, COMMANDS.closeReceipt, { flags: 0, paymentType: 1, sumKop: 0 }),
      0x08,
      0,
    ],
    [
      'card over the total',
      async (b) => {
        await b.do(b.host.item(1000, 'Товар'));
        return errorOf(b, COMMANDS.payment, { flags: 0, paymentType: 2, sumKop: 1001 });
      },
      0x71,
      0,
    ],
    [
      'payments below the total',
      async (b) => {
        await b.do(b.host.item(1000, 'Товар'));
        return errorOf(b, COMMANDS.closeReceipt, { flags: 0, paymentType: 1, sumKop: 999 });
      },
      0x72,
      0,
    ],
    [
      'a payment of kind 6',
      async (b) => {
        await b.do(b.host.item(1000, 'Товар'));
        return errorOf(b, COMMANDS.payment, { flags: 0, paymentType: 6, sumKop: 1000 });
      },
      0x7e,
      0,
    ],
    [
      'dropping a rouble',
      async (b) => {
        await b.do(b.host.item(1050, 'Товар'));
        return errorOf(b, COMMANDS.discount, { flags: 0, area: 1, amount: { kind: 1, sign: 0, size: 100 } });
      },
      0x08,
      0,
    ],
    [
      'an attribute twice',
      async (b) => {
        await b.do(b.host.attribute({ tag: TAG.cashier, value: 'Иванова' }));
        await expect(b.do(attribute({ tag: TAG.cashier, value: 'Петрова' })(b.host))).rejects.toMatchObject({
          code: 0xee,
        });
        return 0xee;
      },
      0xee,
      0x0201,
    ],
    [
      'an attribute of the receipt inside an item',
      async (b) => {
        await b.do(b.host.call(COMMANDS.beginItem, { flags: 0 }));
        await expect(b.do(attribute({ tag: TAG.cashier, value: 'Иванова' })(b.host))).rejects.toMatchObject({
          code: 0xee,
        });
        return 0xee;
      },
      0xee,
      0x0208,
    ],
    [
      'an attribute of an item outside one',
      async (b) => {
        await expect(b.do(attribute({ tag: TAG.unit, value: 'шт' })(b.host))).rejects.toMatchObject({
          code: 0xee,
        });
        return 0xee;
      },
      0xee,
      0x0207,
    ],
    [
      'a tax system that is not registered',
      async (b) => {
        await expect(b.do(attribute({ tag: TAG.taxSystem, value: 32 })(b.host))).rejects.toMatchObject({
          code: 0xee,
        });
        return 0xee;
      },
      0xee,
      0x0103,
    ],
    [
      'what only the FN may write',
      async (b) => {
        await expect(b.do(attribute({ tag: TAG.fdNumber, value: 7 })(b.host))).rejects.toMatchObject({
          code: 0xee,
        });
        return 0xee;
      },
      0xee,
      0x0202,
    ],
  ])('inside a receipt: %s', async (_, act, error, ext) => {
    const bench = await opened(new ModuleBench());
    expect(await act(bench)).toBe(error);
    expect(await extended(bench)).toBe(ext);
    expect(bench.lastFd).toBe(2);
    expect(bench.module.device.receipt).toBeDefined();
  });

  it('a correction without its basis', async () => {
    const bench = await opened(new ModuleBench(), 7);
    await bench.do(bench.host.item(1000, 'Товар'));
    expect(await errorOf(bench, COMMANDS.closeReceipt, { flags: 0, paymentType: 1, sumKop: 0 })).toBe(0xee);
    expect(await extended(bench)).toBe(0x0206);
  });
});

describe('receipts', () => {
  it('gives change from cash, drops kopecks, sums VAT by rate', async () => {
    const bench = await opened(new ModuleBench());
    const { host } = bench;
    await bench.do(host.item(12_050, 'По 20 %', 1));
    await bench.do(host.item(11_000, 'По 10 %', 2));
    await bench.do(host.item(500, 'Без НДС', 6));
    await bench.do(host.item(12_200, 'По 22 %', 11));
    await bench.do(
      host.call(COMMANDS.discount, { flags: 0, area: 1, amount: { kind: 1, sign: 0, size: 50 } }),
    );
    await bench.do(host.call(COMMANDS.payment, { flags: 0, paymentType: 2, sumKop: 30_000 }));
    const paid = await bench.do(host.call(COMMANDS.payment, { flags: 0, paymentType: 1, sumKop: 10_000 }));
    expect(paid).toEqual({ remainderKop: 0, changeKop: 4300 });
    await bench.do(host.call(COMMANDS.closeReceipt, { flags: 0, paymentType: 1, sumKop: 0 }));
    const nodes = inside(bench, 3);
    const money = (tag: number): number | undefined => numberOf(nodes, tag);
    expect(money(TAG.total)).toBe(35_700);
    expect([money(TAG.cash), money(TAG.ecash)]).toEqual([5700, 30_000]);
    expect([money(TAG.vat20), money(TAG.vat10), money(TAG.turnoverNoVat)]).toEqual([2008, 1000, 500]);
    const newer = childrenOf(childrenOf(nodes, TAG.vatTotals) ?? [], TAG.vatTotal) ?? [];
    expect([numberOf(newer, TAG.vatCode), numberOf(newer, TAG.vatTotalSum)]).toEqual([11, 2200]);
  });

  it.each([
    [1, 3, 1],
    [2, 3, 2],
    [4, 3, 3],
    [5, 3, 4],
    [7, 31, 1],
    [8, 31, 2],
    [9, 31, 3],
    [10, 31, 4],
  ])('type %i is form %i with sign %i', async (type, form, sign) => {
    const bench = await new ModuleBench().ready();
    await bench.do(bench.host.receipt(1000, { type }));
    const head = bench.module.fn?.document(3)?.head;
    expect([head?.form, head?.sign]).toEqual([form, sign]);
    const row = register('lastReceipt');
    expect(row.decodeAnswer(await bench.do(bench.host.run(row.encodeRequest())))).toMatchObject({
      data: { type },
    });
  });

  it('takes items of older commands', async () => {
    const bench = await opened(new ModuleBench());
    await bench.do(
      bench.host.call(COMMANDS.saleItem, { flags: 0, priceKop: 1000, quantityMilli: 1500, section: 1 }),
    );
    await bench.do(
      bench.host.call(COMMANDS.itemFfd10, {
        flags: 0,
        name: 'Хлеб',
        priceKop: 5000,
        quantityMilli: 2000,
        discountType: 1,
        discountSign: 0,
        discountKop: 100,
        taxType: 2,
        section: 1,
        barcode: '',
      }),
    );
    await bench.do(bench.host.call(COMMANDS.closeReceipt, { flags: 0, paymentType: 1, sumKop: 0 }));
    expect(numberOf(inside(bench, 3), TAG.total)).toBe(1500 + 9900);
    expect(checkDocument(bench.module.fn?.document(3)?.tlv ?? Buffer.alloc(0))).toEqual([]);
  });

  it('cancels without a trace', async () => {
    const bench = await opened(new ModuleBench());
    await bench.do(bench.host.item(1000, 'Товар'));
    await bench.do(bench.host.call(COMMANDS.cancelReceipt, {}));
    expect(bench.lastFd).toBe(2);
    await bench.do(bench.host.receipt(1000));
    expect(bench.lastFd).toBe(3);
  });

  it('takes a large receipt, and refuses one beyond the container', async () => {
    const bench = await opened(new ModuleBench());
    const fill = async (items: number): Promise<number> => {
      for (let at = 0; at < items; at += 1)
        await bench.do(bench.host.item(1000, `Товар ${'о'.repeat(110)} ${at}`));
      return errorOf(bench, COMMANDS.closeReceipt, { flags: 0, paymentType: 1, sumKop: 0 });
    };
    expect(await fill(150)).toBe(0);
    expect(bench.lastFd).toBe(3);
    await bench.do(bench.host.call(COMMANDS.openReceipt, { flags: 4, type: 1 }));
    expect(await fill(220)).toBe(0xe8);
    expect(bench.lastFd).toBe(3);
    expect(bench.module.device.receipt).toBeDefined();
  });
});
