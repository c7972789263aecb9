import type { ReceiptContent, ReceiptItem } from '@kkt/contracts';
import {
  encodeTlv,
  fiscalSignToWire,
  receiptDocumentFields,
  receiptRequisites,
  TAG,
  type TlvNode,
} from '@kkt/ffd';

/** A client of the test farm. */
export interface TestClient {
  id: string;
  inn: string;
  name: string;
}

export interface TestGroup {
  id: number;
  code: string;
  client: TestClient;
  ffd: 2 | 4;
}

export interface TestRegister {
  id: number;
  serial: string;
  rnm: string;
  fnNumber: string;
  group: TestGroup;
}

export interface RegisterInput {
  state?: string;
  stateReason?: string;
  place?: { dc: string; rack: string; assembly: number; slot: number };
  online?: boolean;
  problem?: string | null;
  documentsLeft?: number;
  capacityDocuments?: number;
  /** `YYYY-MM-DD`. */
  validUntil?: string;
  shiftOpen?: boolean;
  unsent?: number;
  /** Age of the first unsent document, seconds. */
  unsentAgeS?: number;
  /** The lease ended so many seconds ago; alive when absent. */
  leaseEndedS?: number;
}

export interface ReceiptInput {
  /** How long ago it was accepted, seconds. */
  ageS?: number;
  externalId?: string;
  items?: readonly Partial<ReceiptItem>[];
  sign?: 1 | 2 | 3 | 4;
  email?: string;
  callbackUrl?: string;
}

/** The API's word for a sign of settlement (tag 1054). */
export const operation = { 1: 'sell', 2: 'sell_refund', 3: 'buy', 4: 'buy_refund' } as const;

/** A receipt as the door hands it on. */
export function receiptContent(group: TestGroup, input: ReceiptInput): ReceiptContent {
  const items = (input.items ?? [{}]).map((item): ReceiptItem => ({
    name: 'Кофе в зёрнах, 1 кг',
    priceKop: 123_450,
    quantityMicro: 1_000_000,
    sumKop: 123_450,
    method: 4,
    subject: 1,
    vat: 11,
    ...(group.ffd === 4 ? { measure: 0 } : {}),
    ...item,
  }));
  const totalKop = items.reduce((sum, item) => sum + item.sumKop, 0);
  return {
    form: 'receipt',
    sign: input.sign ?? 1,
    company: {
      inn: group.client.inn,
      taxSystem: 1,
      email: 'check@shop.example',
      place: 'https://shop.example',
    },
    client: { email: input.email ?? 'ivanov@mail.example' },
    items,
    payments: { cashKop: 0, ecashKop: totalKop, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
    vatTotals: {},
    totalKop,
    internet: true,
  };
}

/** The document an FN would have made of the receipt. */
export function receiptTlv(
  register: TestRegister,
  content: ReceiptContent,
  facts: { fdNumber: number; at: string; fiscalSign: number },
): Buffer {
  const { group } = register;
  const registerFacts = {
    ffd: group.ffd,
    rnm: register.rnm,
    inn: group.client.inn,
    userName: group.client.name,
    place: 'https://shop.example',
    address: '109316, г. Москва, Волгоградский проспект, д. 42, стр. 9',
    fnsSite: 'www.nalog.gov.ru',
    sellerEmail: 'check@shop.example',
  };
  return encodeTlv(
    receiptDocumentFields(receiptRequisites(content, registerFacts), registerFacts, {
      fnNumber: register.fnNumber,
      shiftNumber: 12,
      receiptNumber: facts.fdNumber,
      ...facts,
    }),
  );
}

/** A shift opening report (form 2) as the FN keeps it. `at`: the register's wall clock, `YYYY-MM-DDTHH:MM:SS`. */
export function shiftOpeningTlv(register: TestRegister, fdNumber: number, at: string): Buffer {
  const nodes: TlvNode[] = [
    { tag: TAG.fnNumber, value: register.fnNumber },
    { tag: TAG.rnm, value: register.rnm },
    { tag: TAG.userInn, value: register.group.client.inn },
    { tag: TAG.fdNumber, value: fdNumber },
    { tag: TAG.dateTime, value: at },
    { tag: TAG.shiftNumber, value: 12 },
    { tag: TAG.fiscalSign, value: fiscalSignToWire(1_234_567 + fdNumber) },
  ];
  return encodeTlv(nodes);
}
