import { FarmError, type Kop } from '@kkt/contracts';

/** An incoming payment of a bank statement. */
export interface BankPayment {
  /** Number of the payment order, as the payer's bank gave it. */
  number: string;
  /** `YYYY-MM-DD`. */
  day: string;
  amountKop: Kop;
  payerInn: string;
  payerName: string;
  payerAccount: string;
  purpose: string;
}

export interface BankStatement {
  /** Our account. */
  account: string;
  from: string;
  to: string;
  incoming: BankPayment[];
  /** Payments from our account: not ours to book. */
  outgoing: number;
}

const title = '1CClientBankExchange';

/** `31.12.2026` to `2026-12-31`. */
function day(text: string, lineNo: number): string {
  const parts = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text);
  if (!parts) throw bad(lineNo, `дата «${text}» не в виде ДД.ММ.ГГГГ`);
  return `${parts[3]}-${parts[2]}-${parts[1]}`;
}

function kop(text: string, lineNo: number): Kop {
  const parts = /^(\d{1,11})(?:[.,](\d{1,2}))?$/.exec(text);
  if (!parts) throw bad(lineNo, `сумма «${text}» не число с двумя знаками`);
  return Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
}

const bad = (lineNo: number, why: string): FarmError =>
  new FarmError('CLIENT-STATEMENT', `Выписка, строка ${lineNo}: ${why}`, { line: lineNo });

interface Section {
  fields: Map<string, string>;
  lineNo: number;
}

/**
 * Reads a bank statement in the exchange format of 1C (`1CClientBankExchange`, version 1.0x): lines `Key=Value`,
 * payments between `СекцияДокумент` and `КонецДокумента`. The text is decoded already; banks send windows-1251.
 * A payment is incoming when the payee's account (`ПолучательСчет`, or `ПолучательРасчСчет` with correspondent banks)
 * is the statement's and a date of arrival is given.
 * @throws FarmError CLIENT-STATEMENT with the line and what is wrong; nothing of a wrong file is used
 */
export function parseBankStatement(text: string): BankStatement {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines[0]?.trim() !== title) throw bad(1, `ожидалась строка ${title}`);
  const head = new Map<string, string>();
  const documents: Section[] = [];
  let section: Section | undefined;
  let isInAccount = false;
  let isEnded = false;
  for (const [index, raw] of lines.entries()) {
    const lineNo = index + 1;
    const text = raw.trim();
    if (index === 0 || text === '') continue;
    if (isEnded) throw bad(lineNo, 'строка после КонецФайла');
    const at = text.indexOf('=');
    const key = at < 0 ? text : text.slice(0, at).trim();
    const value = at < 0 ? '' : text.slice(at + 1).trim();
    switch (key) {
      case 'КонецФайла':
        if (section) throw bad(lineNo, 'документ не закончен');
        isEnded = true;
        break;
      case 'СекцияРасчСчет':
        isInAccount = true;
        break;
      case 'КонецРасчСчет':
        isInAccount = false;
        break;
      case 'СекцияДокумент':
        if (section) throw bad(lineNo, 'предыдущий документ не закончен');
        section = { fields: new Map(), lineNo };
        break;
      case 'КонецДокумента':
        if (!section) throw bad(lineNo, 'конец документа без начала');
        documents.push(section);
        section = undefined;
        break;
      default:
        if (section) section.fields.set(key, value);
        else if (!isInAccount) head.set(key, value);
    }
  }
  if (!isEnded) throw bad(lines.length, 'файл оборван: нет строки КонецФайла');
  const account = head.get('РасчСчет') ?? '';
  if (!/^\d{20}$/.test(account)) throw bad(1, 'нет строки РасчСчет с 20 цифрами');
  const incoming = documents.filter((one) => isIncoming(one.fields, account)).map(payment);
  return {
    account,
    from: day(head.get('ДатаНачала') ?? '', 1),
    to: day(head.get('ДатаКонца') ?? '', 1),
    incoming,
    outgoing: documents.length - incoming.length,
  };
}

function isIncoming(fields: ReadonlyMap<string, string>, account: string): boolean {
  const accounts = [fields.get('ПолучательСчет'), fields.get('ПолучательРасчСчет')];
  return accounts.includes(account) && (fields.get('ДатаПоступило') ?? '') !== '';
}

function payment({ fields, lineNo }: Section): BankPayment {
  const must = (key: string): string => {
    const value = fields.get(key);
    if (!value) throw bad(lineNo, `в документе нет ${key}`);
    return value;
  };
  return {
    number: must('Номер'),
    day: day(must('ДатаПоступило'), lineNo),
    amountKop: kop(must('Сумма'), lineNo),
    payerInn: fields.get('ПлательщикИНН') ?? '',
    payerName: fields.get('Плательщик1') ?? fields.get('Плательщик') ?? '',
    payerAccount: fields.get('ПлательщикРасчСчет') ?? fields.get('ПлательщикСчет') ?? '',
    purpose: fields.get('НазначениеПлатежа') ?? '',
  };
}

/** What makes a payment the same one when a statement is loaded again. */
export const paymentReference = ({ number, day, amountKop, payerAccount }: BankPayment): string =>
  [number, day, amountKop, payerAccount].join('/');

/** Numbers of our invoices in a purpose of payment: «Оплата по счёту № СЧ-2026-000123 от …». */
export const invoiceNumbersIn = (purpose: string): string[] => [
  ...new Set([...purpose.toUpperCase().matchAll(/СЧ-\d{4}-\d{6}/g)].map(([found]) => found)),
];
