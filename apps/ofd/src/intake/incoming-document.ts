import { FarmError, type Kop } from '@kkt/contracts';
import {
  checkDocument,
  numberOf,
  parseDocument,
  TAG,
  textOf,
  toFnsJson,
  type DocumentItem,
  type FiscalDocument,
  type Violation,
} from '@kkt/ffd';
import {
  readPlainBody,
  type AnswerName,
  type OfdContainer,
  type OfdMessage,
  type SessionHeader,
} from '@kkt/ofd-protocol';

/** Forms an FN sends to an operator. Confirmations and marking documents go other ways. */
const ACCEPTED_FORMS = new Set([1, 2, 3, 4, 5, 6, 11, 21, 31, 41]);

/** A settlement item as reports need it. */
export interface SoldItem {
  name: string;
  subject?: number;
  vat?: number;
  quantityMicro?: number;
  priceKop?: Kop;
  sumKop: Kop;
}

/** A document read from a message, with all that the operator keeps about it. */
export interface IncomingDocument {
  header: SessionHeader;
  container: OfdContainer;
  fnNumber: string;
  fdNumber: number;
  form: number;
  fiscalSign: number;
  /** Wall clock of the settlement place. */
  at: string;
  tlv: Buffer;
  document: FiscalDocument;
  cashier?: string;
  /** Tag 1008. */
  buyerContact?: string;
  cashKop?: Kop;
  ecashKop?: Kop;
  items: SoldItem[];
  /** The document in the naming of the FNS, as JSON text. */
  decoded: string;
  violations: Violation[];
  /** Form 11 with the reason "another operator". */
  changesOperator: boolean;
}

/** Why a message is no document we can take, before the database is asked. */
export interface UnreadableDocument {
  refusal: AnswerName;
  error: FarmError;
}

export type ReadDocument =
  { ok: true; document: IncomingDocument } | { ok: false; reason: UnreadableDocument };

const no = (refusal: AnswerName, error: FarmError): ReadDocument => ({
  ok: false,
  reason: { refusal, error },
});

/** PostgreSQL's text has no NUL; a damaged string may. */
const clean = (text: string | undefined): string | undefined => text?.replaceAll('\u0000', '');
const safe = (value: number | undefined): number | undefined =>
  Number.isSafeInteger(value) ? value : undefined;

/** Opens a message: container against header, document against container, format-logic control, JSON. */
export function readIncoming(header: SessionHeader, container: OfdContainer): ReadDocument {
  const { fnNumber, fdNumber } = container;
  const fault = (message: string, context: Record<string, string | number> = {}): FarmError =>
    new FarmError('OFD-DOCUMENT', message, { fnNumber, fdNumber, ...context });

  if (header.fnNumber !== fnNumber) {
    return no('wrongFn', fault('Header and container name different FNs', { headerFn: header.fnNumber }));
  }
  if (!ACCEPTED_FORMS.has(container.documentCode)) {
    return no(
      'notRecognised',
      fault('Documents of this form are not taken', { form: container.documentCode }),
    );
  }
  const body = readPlainBody(container);
  if (!body.ok) return no('notRecognised', body.error);
  const { tlv, messageSign } = body.value;
  if (!messageSign) return no('notRecognised', fault('The message has no sign'));

  let document: FiscalDocument;
  let decoded: string;
  let violations: Violation[];
  try {
    document = parseDocument(tlv, undefined, { origin: 'OFD' });
    const raw = Buffer.concat([tlv, messageSign]);
    decoded = JSON.stringify(toFnsJson(document, { raw })).replaceAll('\\u0000', '');
    violations = checkDocument(tlv);
  } catch (error) {
    return no('notRecognised', fault(`The document cannot be read: ${(error as Error).message}`));
  }
  if (document.fnNumber !== fnNumber) {
    return no(
      'wrongFn',
      fault('Container and document name different FNs', { documentFn: document.fnNumber ?? '' }),
    );
  }
  if (document.fdNumber !== fdNumber || document.fiscalSign === undefined || document.at === undefined) {
    return no('notRecognised', fault('The document lacks number, date or fiscal sign'));
  }
  return {
    ok: true,
    document: {
      header,
      container,
      fnNumber,
      fdNumber,
      form: document.form,
      fiscalSign: document.fiscalSign,
      at: document.at,
      tlv,
      document,
      cashier: clean(textOf(document.nodes, TAG.cashier)),
      buyerContact: clean(textOf(document.nodes, TAG.buyerContact)),
      cashKop: safe(document.receipt?.payments.cashKop),
      ecashKop: safe(document.receipt?.payments.ecashKop),
      items: (document.receipt?.items ?? []).map(soldItem),
      decoded,
      violations,
      changesOperator: changesOperator(document),
    },
  };
}

/** Tag 1101 of FFD 1.0 and 1.05, tag 1205 of later ones. */
const OPERATOR_REASON = 2;

function changesOperator({ form, nodes }: FiscalDocument): boolean {
  if (form !== 11) return false;
  const byCode = nodes.some(
    ({ tag, value }) => tag === TAG.reregistrationReason && value === OPERATOR_REASON,
  );
  return byCode || ((numberOf(nodes, TAG.changeReasons) ?? 0) & OPERATOR_REASON) !== 0;
}

function soldItem(item: DocumentItem): SoldItem {
  return {
    name: clean(item.name) ?? '',
    subject: item.subject,
    vat: item.vat,
    quantityMicro: safe(item.quantityMicro),
    priceKop: safe(item.priceKop),
    sumKop: safe(item.sumKop) ?? 0,
  };
}

/** A message that carries a container, as the intake wants it. */
export const hasContainer = (message: OfdMessage): message is Required<OfdMessage> =>
  message.container !== undefined;
