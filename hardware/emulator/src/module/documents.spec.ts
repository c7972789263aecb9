import { COMMANDS, fnCommand } from '@kkt/atol-protocol';
import { checkDocument, decodeTlv, encodeTlv, makeRnm, TAG, type TlvNode } from '@kkt/ffd';
import type { FfdVersion } from '@kkt/contracts';
import { ModuleBench } from '../testing/module-bench';
import { answerTo } from '../testing/operator';
import { TEST_INN, type TestHost } from '../testing/test-host';
import { isPaperOnly } from './electronic-form';

interface Made {
  form: number;
  tlv: Buffer;
}

const OFD_INN = '7704358518';
const REASON_OPERATOR = 2;

/** A module's whole life: every kind of document it makes for the operator, in order. */
async function wholeLife(ffd: 2 | 4): Promise<Made[]> {
  const bench = new ModuleBench();
  const { host } = bench;
  const doing = <T>(promise: Promise<T>): Promise<T> => bench.do(promise);

  await doing(host.abort());
  await doing(host.register(bench.now, bench.module.serial, ffd));
  await doing(host.openShift());
  await doing(host.receipt(12_345));
  await doing(host.receipt(100, { type: 2, items: 3 }));
  await doing(correction(host, ffd));
  await doing(host.mode(2));
  await doing(host.call(COMMANDS.report, { type: 9 }));
  await bench.clock.run(500);
  await doing(host.closeShift());
  await deliver(bench);

  await doing(changeOperator(host, bench, ffd));
  await deliver(bench);
  await doing(host.openShift());
  await doing(host.closeShift());
  await deliver(bench);
  await doing(host.call(fnCommand('startClosing'), {}));
  await doing(
    host.call(fnCommand('sendDocumentData'), { tlv: encodeTlv([{ tag: TAG.cashier, value: 'Инженер' }]) }),
  );
  await doing(host.call(fnCommand('finishClosing'), { at: bench.now, registrationNumber: rnmOf(bench) }));
  const documents: Made[] = [];
  for (let fd = 1; fd <= bench.lastFd; fd++) {
    const document = bench.module.fn?.document(fd);
    if (document) documents.push({ form: document.head.form, tlv: document.tlv });
  }
  return documents;
}

const rnmOf = (bench: ModuleBench): string => makeRnm(1, TEST_INN, bench.module.serial);

/** The FN lets its archive be closed, and its registration be changed, when all is delivered. */
async function deliver(bench: ModuleBench): Promise<void> {
  while (bench.module.fn && bench.module.fn.state.unsent.length > 0) {
    const message = await bench.do(bench.host.readMessage());
    await bench.do(bench.host.call(fnCommand('putConfirmation'), { confirmation: answerTo(message) }));
  }
}

async function correction(host: TestHost, ffd: FfdVersion): Promise<void> {
  if (ffd !== 2) return host.receipt(500, { type: 7 });
  await host.mode(1);
  await host.call(COMMANDS.openReceipt, { flags: 4, type: 7 });
  await host.attribute({ tag: TAG.cashier, value: 'Кассир Иванова' });
  await host.attribute({ tag: TAG.correctionType, value: 0 });
  await host.attribute({
    tag: TAG.correctionBase,
    value: [
      { tag: TAG.correctionDate, value: '2026-01-10T00:00:00' },
      { tag: TAG.correctionNumber, value: '1' },
    ],
  });
  await host.attribute({ tag: TAG.turnoverNoVat, value: 500 });
  await host.call(COMMANDS.closeReceipt, { flags: 0, paymentType: 2, sumKop: 500 });
}

async function changeOperator(host: TestHost, bench: ModuleBench, ffd: FfdVersion): Promise<void> {
  const facts = {
    at: bench.now,
    inn: TEST_INN,
    registrationNumber: rnmOf(bench),
    taxSystems: 1,
    workMode: 0x20,
  };
  const nodes: TlvNode[] = [
    { tag: TAG.userName, value: 'ООО "Ромашка"' },
    { tag: TAG.placeAddress, value: '127006, Москва, ул. Тверская, 1' },
    { tag: TAG.place, value: 'https://shop.example' },
    { tag: TAG.cashier, value: 'Инженер Петров' },
    { tag: TAG.fnsSite, value: 'www.nalog.gov.ru' },
    { tag: TAG.sellerEmail, value: 'no-reply@shop.example' },
    { tag: TAG.ofdName, value: 'Другой оператор' },
    ...(ffd === 2 ? [{ tag: TAG.ofdInn, value: OFD_INN }] : []),
  ];
  if (ffd === 2) await host.call(fnCommand('startRegistration'), { type: 2 });
  else await host.call(fnCommand('startRegistrationFfd11'), { type: 2, ffdVersion: ffd });
  await host.call(fnCommand('sendDocumentData'), { tlv: encodeTlv(nodes) });
  if (ffd === 2) {
    await host.call(fnCommand('finishRegistration'), { ...facts, reason: REASON_OPERATOR });
    return;
  }
  await host.call(fnCommand('finishRegistrationFfd11'), {
    ...facts,
    extendedMode: 0,
    ofdInn: OFD_INN,
    reasons: REASON_OPERATOR,
  });
}

/** Paths of requisites that the order wants on paper only. */
function paperOnly(nodes: readonly TlvNode[], parent: number, ffd: FfdVersion): string[] {
  return nodes.flatMap((node) => [
    ...(isPaperOnly(node.tag, parent, ffd) ? [`${parent}/${node.tag}`] : []),
    ...(Array.isArray(node.value) ? paperOnly(node.value, node.tag, ffd) : []),
  ]);
}

describe.each([2, 4] as const)('documents of a module’s life, FFD code %i', (ffd) => {
  let documents: Made[];
  beforeAll(async () => {
    documents = await wholeLife(ffd);
  });

  it('are all the kinds an operator gets', () => {
    expect(documents.map(({ form }) => form)).toEqual([1, 2, 3, 3, 31, 21, 5, 11, 2, 5, 6]);
  });

  it('keep to the tables of the order: nothing missing, nothing of another version, nothing of the paper', () => {
    for (const { tlv, form } of documents) {
      expect(checkDocument(tlv, ffd)).toEqual([]);
      const [document] = decodeTlv(tlv);
      expect(paperOnly(Array.isArray(document?.value) ? document.value : [], form, ffd)).toEqual([]);
    }
  });
});
