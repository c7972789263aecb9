import { createConnection, type Socket } from 'node:net';
import {
  buildDocument,
  fiscalSignToWire,
  makeRnm,
  receiptDocumentFields,
  receiptRequisites,
  TAG,
  vatOf,
  type RegisterFacts,
  type TlvNode,
} from '@kkt/ffd';
import type { ReceiptContent, SettlementSign } from '@kkt/contracts';
import {
  buildContainer,
  classifyAnswer,
  OfdStreamParser,
  wrapContainer,
  type CrcMode,
  type OfdAnswer,
  type OfdMessage,
} from '@kkt/ofd-protocol';

export interface TestDocument {
  fdNumber: number;
  form: number;
  fiscalSign: number;
  at: string;
  tlv: Buffer;
  container: Buffer;
}

export interface TestItem {
  name: string;
  priceKop: number;
  quantityMicro?: number;
}

/** A KKT with its FN that makes documents of FFD 1.05 in order, without encryption. */
export class TestKkt {
  readonly rnm: string;
  readonly facts: RegisterFacts;
  private fdNumber = 0;
  private shift = 0;
  private receipt = 0;

  constructor(
    readonly fnNumber: string,
    readonly inn = '7702203276',
    readonly serial = '000000000002',
    changes: Partial<RegisterFacts> = {},
  ) {
    this.rnm = makeRnm(Number(fnNumber.slice(-6)) + 1, inn, serial);
    this.facts = {
      ffd: 2,
      inn,
      rnm: this.rnm,
      place: 'https://shop.example',
      address: '101000, г. Москва, ул. Тестовая, 1',
      fnsSite: 'www.nalog.gov.ru',
      userName: 'ООО "Пример"',
      sellerEmail: 'check@shop.example',
      ...changes,
    };
  }

  registration(at = '2026-11-23T09:00:00'): TestDocument {
    const flags = [1001, 1002, 1056, 1108, 1109, 1110, 1221].map((tag) => ({ tag, value: tag === 1108 }));
    return this.document(1, at, [
      ...flags,
      { tag: TAG.taxSystems, value: 1 },
      { tag: TAG.kktNumber, value: this.serial },
      { tag: TAG.cashier, value: 'СИС. АДМИНИСТРАТОР' },
      { tag: TAG.userName, value: this.facts.userName ?? '' },
      { tag: TAG.place, value: this.facts.place },
      { tag: TAG.placeAddress, value: this.facts.address },
      { tag: TAG.kktVersion, value: '2.0' },
      { tag: TAG.kktFfd, value: 2 },
    ]);
  }

  shiftOpen(at = '2026-11-23T09:01:00'): TestDocument {
    this.shift += 1;
    this.receipt = 0;
    return this.document(2, at, [
      { tag: TAG.shiftNumber, value: this.shift },
      { tag: TAG.kktVersion, value: '2.0' },
      { tag: TAG.kktFfd, value: 2 },
    ]);
  }

  sale(
    items: readonly TestItem[] = [{ name: 'Билет в кино', priceKop: 45_000 }],
    options: { sign?: SettlementSign; cashier?: string; at?: string; contact?: string } = {},
  ): TestDocument {
    const lines = items.map((item) => {
      const quantityMicro = item.quantityMicro ?? 1_000_000;
      const sumKop = Math.round((item.priceKop * quantityMicro) / 1_000_000);
      return {
        ...item,
        quantityMicro,
        sumKop,
        method: 4,
        subject: 1,
        vat: 1 as const,
        vatSumKop: vatOf(sumKop, 1),
      };
    });
    const totalKop = lines.reduce((sum, line) => sum + line.sumKop, 0);
    const content: ReceiptContent = {
      form: 'receipt',
      sign: options.sign ?? 1,
      company: { inn: this.inn, taxSystem: 1, place: this.facts.place, email: 'check@shop.example' },
      client: { email: options.contact ?? 'buyer@example.com' },
      items: lines,
      payments: { cashKop: 0, ecashKop: totalKop, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
      vatTotals: { 1: lines.reduce((sum, line) => sum + line.vatSumKop, 0) },
      totalKop,
      cashier: { name: options.cashier ?? 'Кассир Иванова' },
    };
    const { at = '2026-11-23T10:15:00' } = options;
    this.receipt += 1;
    const fdNumber = (this.fdNumber += 1);
    const fiscalSign = this.signOf(fdNumber);
    const fields = receiptDocumentFields(receiptRequisites(content, this.facts), this.facts, {
      fnNumber: this.fnNumber,
      fdNumber,
      at,
      fiscalSign,
      shiftNumber: this.shift,
      receiptNumber: this.receipt,
    });
    return this.pack(3, fdNumber, fiscalSign, at, fields);
  }

  shiftClose(at = '2026-11-23T21:00:00'): TestDocument {
    return this.document(5, at, [
      { tag: TAG.shiftNumber, value: this.shift },
      { tag: TAG.receiptsInShift, value: this.receipt },
      { tag: TAG.documentsInShift, value: this.receipt + 2 },
    ]);
  }

  fnClose(at = '2026-11-23T22:00:00'): TestDocument {
    return this.document(6, at, [
      { tag: TAG.userName, value: this.facts.userName ?? '' },
      { tag: TAG.shiftNumber, value: this.shift },
    ]);
  }

  /** A document of any form with the requisites every one of them has. */
  document(form: number, at: string, fields: TlvNode[]): TestDocument {
    const fdNumber = (this.fdNumber += 1);
    const fiscalSign = this.signOf(fdNumber);
    return this.pack(form, fdNumber, fiscalSign, at, [
      { tag: TAG.fnNumber, value: this.fnNumber },
      { tag: TAG.rnm, value: this.rnm },
      { tag: TAG.userInn, value: this.inn },
      { tag: TAG.fdNumber, value: fdNumber },
      { tag: TAG.dateTime, value: at },
      { tag: TAG.fiscalSign, value: fiscalSignToWire(fiscalSign) },
      { tag: TAG.ffd, value: this.facts.ffd },
      ...fields,
    ]);
  }

  message(document: TestDocument, crcMode: CrcMode = 'full'): Buffer {
    return wrapContainer(document.container, { ffd: this.facts.ffd, fnNumber: this.fnNumber, crcMode });
  }

  private signOf(fdNumber: number): number {
    return (Number(this.fnNumber.slice(-6)) * 65_537 + fdNumber * 2_654_435) >>> 0;
  }

  private pack(
    form: number,
    fdNumber: number,
    fiscalSign: number,
    at: string,
    fields: TlvNode[],
  ): TestDocument {
    const tlv = buildDocument(form, fields);
    const messageSign = Buffer.from('8106000000000000', 'hex');
    messageSign.writeUInt32LE(fiscalSign, 2);
    const container = buildContainer({
      fnNumber: this.fnNumber,
      fdNumber,
      documentCode: form,
      tlv,
      messageSign,
    });
    return { fdNumber, form, fiscalSign, at, tlv, container };
  }
}

/** The KKT side of one connection. */
export class TestLink {
  private readonly parser = new OfdStreamParser();
  private readonly messages: OfdMessage[] = [];
  private waiting: ((message: OfdMessage | undefined) => void)[] = [];
  readonly received: Buffer[] = [];
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.received.push(chunk);
      for (const event of this.parser.push(chunk)) if (event.kind === 'message') this.give(event.message);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      for (const wait of this.waiting.splice(0)) wait(undefined);
    });
  }

  static open(port: number): Promise<TestLink> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new TestLink(socket));
      });
    });
  }

  /** Sends a document and sorts its answer; undefined when the connection closed without one. */
  async exchange(kkt: TestKkt, document: TestDocument, crcMode?: CrcMode): Promise<OfdAnswer | undefined> {
    this.socket.write(kkt.message(document, crcMode));
    const message = await this.next();
    return message && classifyAnswer({ fnNumber: kkt.fnNumber, fdNumber: document.fdNumber }, message);
  }

  next(): Promise<OfdMessage | undefined> {
    const ready = this.messages.shift();
    if (ready || this.closed) return Promise.resolve(ready);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.socket.destroy();
  }

  private give(message: OfdMessage): void {
    const wait = this.waiting.shift();
    if (wait) wait(message);
    else this.messages.push(message);
  }
}
