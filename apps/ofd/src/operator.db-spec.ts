import { decodeTlv } from '@kkt/ffd';
import {
  buildLinkCheck,
  isOperatorSignRight,
  REFERENCE_OPERATOR_KEY,
  signedPartOf,
  readPlainBody,
  orThrow,
} from '@kkt/ofd-protocol';
import { TestKkt, TestLink, type TestDocument } from '../test/test-kkt';
import { register, startTestOperator, type TestOperator } from '../test/test-operator';

let test: TestOperator;
let serial = 0;
const links: TestLink[] = [];

const newKkt = (): TestKkt => new TestKkt(`9999078900${String((serial += 1)).padStart(6, '0')}`);
const open = async (): Promise<TestLink> => {
  const link = await TestLink.open(test.operator.server.port);
  links.push(link);
  return link;
};
const registered = async (): Promise<TestKkt> => {
  const kkt = newKkt();
  await register(test.operator, kkt);
  return kkt;
};
const storedFds = async (kkt: TestKkt): Promise<number[]> => {
  const found = await test.operator.documents.search({ fnNumber: kkt.fnNumber }, 100);
  return found.map((row) => row.fdNumber).reverse();
};

beforeAll(async () => {
  test = await startTestOperator();
});
afterEach(() => {
  test.operator.faults.set(undefined);
  for (const link of links.splice(0)) link.close();
});
afterAll(() => test.close());

describe('documents', () => {
  it('a shift is stored raw and decoded, and each document is confirmed with a right sign', async () => {
    const kkt = await registered();
    const link = await open();
    const documents = [kkt.registration(), kkt.shiftOpen(), kkt.sale(), kkt.sale(), kkt.shiftClose()];
    for (const document of documents) {
      const answer = await link.exchange(kkt, document);
      expect(answer).toMatchObject({ kind: 'confirmation', meaning: { code: 0 } });
      if (answer?.kind !== 'confirmation') throw new Error('not confirmed');
      const tlv = orThrow(readPlainBody(answer.container)).tlv;
      expect(
        isOperatorSignRight(answer.confirmation?.operatorSign ?? Buffer.alloc(0), {
          key: REFERENCE_OPERATOR_KEY,
          fiscalSign: document.fiscalSign,
          confirmation: signedPartOf(tlv),
        }),
      ).toBe(true);
    }
    const view = await test.operator.documents.one(kkt.fnNumber, 3);
    expect(view).toMatchObject({
      form: 3,
      rnm: kkt.rnm,
      inn: kkt.inn,
      totalKop: 45_000,
      shiftNumber: 1,
      receiptNumber: 1,
      cashier: 'Кассир Иванова',
      settlementSign: 1,
      at: '2026-11-23T10:15:00',
      fiscalSign: documents[2]?.fiscalSign,
      violations: [],
    });
    expect(view.tlv.equals(documents[2]?.tlv ?? Buffer.alloc(0))).toBe(true);
    expect(view.container.equals(documents[2]?.container ?? Buffer.alloc(0))).toBe(true);
    expect(view.document).toMatchObject({ receipt: { fiscalDocumentNumber: 3, totalSum: 45_000 } });
    expect(decodeTlv(view.tlv)[0]?.tag).toBe(3);
    expect(await storedFds(kkt)).toEqual([1, 2, 3, 4, 5]);
  });

  it('a repeated document gets the very same confirmation and is stored once', async () => {
    const kkt = await registered();
    const link = await open();
    const document = kkt.registration();
    const first = await link.exchange(kkt, document);
    await test.operator.registry.setState(kkt.rnm, 'unpaid');
    const again = await (await open()).exchange(kkt, document);
    if (first?.kind !== 'confirmation' || again?.kind !== 'confirmation') throw new Error('not confirmed');
    expect(again.container.bytes.equals(first.container.bytes)).toBe(true);
    expect(await storedFds(kkt)).toEqual([1]);
  });

  it('the same document over many connections at once is stored once', async () => {
    const kkt = await registered();
    const document = kkt.registration();
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => (await open()).exchange(kkt, document)),
    );
    expect(answers.every((answer) => answer?.kind === 'confirmation')).toBe(true);
    expect(await storedFds(kkt)).toEqual([1]);
  });

  it('other bytes under a stored number are refused with an alarm and change nothing', async () => {
    const kkt = await registered();
    const twin = new TestKkt(kkt.fnNumber);
    const link = await open();
    await link.exchange(kkt, kkt.registration('2026-11-23T09:00:00'));
    const other = await link.exchange(twin, twin.registration('2026-11-23T09:00:01'));
    expect(other).toMatchObject({ kind: 'refusal', meaning: { name: 'conflict', remedy: 'alarm' } });
    expect((await test.operator.documents.one(kkt.fnNumber, 1)).at).toBe('2026-11-23T09:00:00');
    const view = await test.operator.registry.kkt(kkt.rnm);
    expect(view.drives[0]).toMatchObject({ refusals: 1, lastFd: 1 });
    expect(view.drives[0]?.lastRefusal).toMatch(/^conflict/);
  });

  it('later documents wait until the missing one has come', async () => {
    const kkt = await registered();
    const link = await open();
    const [first, second, third] = [kkt.registration(), kkt.shiftOpen(), kkt.sale()] as [
      TestDocument,
      TestDocument,
      TestDocument,
    ];
    await link.exchange(kkt, first);
    expect(await link.exchange(kkt, third)).toMatchObject({
      kind: 'refusal',
      meaning: { name: 'outOfOrder', remedy: 'earlier-first' },
    });
    expect(await storedFds(kkt)).toEqual([1]);
    expect((await link.exchange(kkt, second))?.kind).toBe('confirmation');
    expect((await link.exchange(kkt, third))?.kind).toBe('confirmation');
    expect(await storedFds(kkt)).toEqual([1, 2, 3]);
  });

  it('messages sent in one write are answered in their order', async () => {
    const kkt = await registered();
    const link = await open();
    const documents = [kkt.registration(), kkt.shiftOpen(), kkt.sale(), kkt.sale(), kkt.sale()];
    link.socket.write(Buffer.concat(documents.map((document) => kkt.message(document))));
    for (const document of documents) {
      const message = await link.next();
      expect(message?.container).toMatchObject({ documentCode: 7, fdNumber: document.fdNumber });
    }
    expect(await storedFds(kkt)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ['unpaid', 'unpaid'],
    ['not_activated', 'notActivated'],
    ['closed', 'closed'],
  ] as const)('a KKT that is %s is refused by its own code', async (state, name) => {
    const kkt = await registered();
    await test.operator.registry.setState(kkt.rnm, state);
    const answer = await (await open()).exchange(kkt, kkt.registration());
    expect(answer).toMatchObject({ kind: 'refusal', meaning: { name } });
    expect(await storedFds(kkt)).toEqual([]);
  });

  it('an unknown KKT is refused by code', async () => {
    const kkt = newKkt();
    expect(await (await open()).exchange(kkt, kkt.registration())).toMatchObject({
      kind: 'refusal',
      meaning: { name: 'unknownKkt' },
    });
  });

  it('a header that names another FN than the container is refused', async () => {
    const kkt = await registered();
    const other = await registered();
    const link = await open();
    const document = kkt.registration();
    link.socket.write(other.message(document));
    const message = await link.next();
    expect(message?.container).toMatchObject({ documentCode: 7, fnNumber: kkt.fnNumber });
    expect(await storedFds(kkt)).toEqual([]);
  });

  it('a document that fails format-logic control is kept, confirmed with code 14 and marked', async () => {
    const kkt = await registered();
    const link = await open();
    await link.exchange(kkt, kkt.registration());
    await link.exchange(kkt, kkt.shiftOpen());
    const bad = kkt.document(3, '2026-11-23T10:00:00', [{ tag: 1020, value: 100 }]);
    expect(await link.exchange(kkt, bad)).toMatchObject({ kind: 'confirmation', meaning: { code: 14 } });
    const view = await test.operator.documents.one(kkt.fnNumber, 3);
    expect(view.violations.length).toBeGreaterThan(0);
    expect((await link.exchange(kkt, kkt.sale()))?.kind).toBe('confirmation');
  });

  it('nothing follows the FN closing report, and a new FN of the same KKT begins anew', async () => {
    const kkt = await registered();
    const link = await open();
    for (const document of [kkt.registration(), kkt.shiftOpen(), kkt.shiftClose(), kkt.fnClose()]) {
      expect((await link.exchange(kkt, document))?.kind).toBe('confirmation');
    }
    expect(await link.exchange(kkt, kkt.sale())).toMatchObject({
      kind: 'refusal',
      meaning: { name: 'closed' },
    });

    const fresh = Object.assign(newKkt(), { rnm: kkt.rnm, facts: kkt.facts });
    await register(test.operator, fresh);
    expect((await link.exchange(fresh, fresh.registration()))?.kind).toBe('confirmation');
    expect((await test.operator.registry.kkt(kkt.rnm)).drives).toHaveLength(2);
  });

  it('a document with text the database cannot hold stops nobody else', async () => {
    const [kkt, other] = [await registered(), await registered()];
    const odd = kkt.document(1, '2026-11-23T09:00:00', [{ tag: 1021, value: Buffer.from('a\0b', 'latin1') }]);
    const answers = await Promise.all([
      (await open()).exchange(kkt, odd),
      (await open()).exchange(other, other.registration()),
    ]);
    expect(answers.map((answer) => answer?.kind)).toEqual(['confirmation', 'confirmation']);
    expect((await test.operator.documents.one(kkt.fnNumber, 1)).cashier).toBe('ab');
  });
});

describe('the line', () => {
  it('a link check is answered by a header', async () => {
    const link = await open();
    const kkt = newKkt();
    link.socket.write(buildLinkCheck({ ffd: 2, fnNumber: kkt.fnNumber }));
    const message = await link.next();
    expect(message?.container).toBeUndefined();
    expect(message?.header).toMatchObject({ fnNumber: kkt.fnNumber, bodyBytes: 0 });
  });

  it('garbage before a document is passed over', async () => {
    const kkt = await registered();
    const link = await open();
    link.socket.write(Buffer.from('GET / HTTP/1.1\r\nHost: ofd\r\n\r\n'));
    expect((await link.exchange(kkt, kkt.registration()))?.kind).toBe('confirmation');
  });

  it('a damaged byte is not stored, and the same document is taken when sent again', async () => {
    const kkt = await registered();
    const document = kkt.registration();
    const link = await open();
    const damaged = kkt.message(document);
    damaged[120] = (damaged[120] ?? 0) ^ 4;
    link.socket.write(damaged);
    expect((await link.exchange(kkt, document))?.kind).toBe('confirmation');
    expect(await storedFds(kkt)).toEqual([1]);
  });

  it('half a message is let go after its time', async () => {
    const kkt = await registered();
    const link = await open();
    link.socket.write(kkt.message(kkt.registration()).subarray(0, 100));
    expect(await link.next()).toBeUndefined();
    expect(await storedFds(kkt)).toEqual([]);
  });

  it.each(['none', 'header', 'full'] as const)(
    'answers in the CRC mode of the request: %s',
    async (crcMode) => {
      const kkt = await registered();
      const link = await open();
      link.socket.write(kkt.message(kkt.registration(), crcMode));
      expect((await link.next())?.header).toMatchObject({ crcMode, ffdOnWire: 0x0105 });
    },
  );
});

describe('faults', () => {
  it.each(['lose-answer', 'cut-answer', 'garbage', 'wrong-fd', 'drip', 'delay', 'hang'] as const)(
    '%s: after it the document is confirmed and stored once',
    async (mode) => {
      const kkt = await registered();
      const document = kkt.registration();
      test.operator.faults.set({ mode, times: 1, fnNumber: kkt.fnNumber, delayMs: 1 });
      const link = await open();
      const first = await Promise.race([
        link.exchange(kkt, document),
        new Promise<'silence'>((resolve) => setTimeout(() => resolve('silence'), 400)),
      ]);
      const expected: Record<string, unknown> = {
        'lose-answer': 'silence',
        hang: 'silence',
        garbage: 'silence',
        'wrong-fd': expect.objectContaining({ kind: 'foreign' }),
        'cut-answer': undefined,
        drip: expect.objectContaining({ kind: 'confirmation' }),
        delay: expect.objectContaining({ kind: 'confirmation' }),
      };
      expect(first).toEqual(expected[mode]);
      expect((await (await open()).exchange(kkt, document))?.kind).toBe('confirmation');
      expect(await storedFds(kkt)).toEqual([1]);
    },
  );

  it('refuse closes the port, taking it back opens the same port', async () => {
    const { port } = test.operator.server;
    test.operator.faults.set({ mode: 'refuse' });
    await test.operator.server.settled();
    await expect(TestLink.open(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    test.operator.faults.set(undefined);
    await test.operator.server.settled();
    (await TestLink.open(port)).close();
  });
});

describe('a fresh start', () => {
  it('goes on where the last process stopped', async () => {
    const kkt = await registered();
    const [first, second] = [kkt.registration(), kkt.shiftOpen()];
    await (await open()).exchange(kkt, first);
    const next = await startTestOperator({}, { database: test.database });
    try {
      const link = await TestLink.open(next.operator.server.port);
      expect((await link.exchange(kkt, first))?.kind).toBe('confirmation');
      expect((await link.exchange(kkt, second))?.kind).toBe('confirmation');
      link.close();
    } finally {
      await next.close();
    }
    expect(await storedFds(kkt)).toEqual([1, 2]);
  });
});
