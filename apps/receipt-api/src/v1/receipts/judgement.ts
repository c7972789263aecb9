import type { ReceiptContent } from '@kkt/contracts';
import { formatKop, type GroupFacts, type ReceiptDraft } from '@kkt/domain';
import {
  buildDocument,
  maxDocumentLength,
  formByCode,
  receiptDocumentFields,
  receiptRequisites,
  type RegisterFacts,
  toCp866,
  vatRate,
} from '@kkt/ffd';
import type { RegisterGroup } from '@kkt/storage';
import type { PaymentView, VatTotalView } from '../dto/views';
import { paymentWords } from '../dto/words';
import type { FieldProblem } from '../http/problem';

/** Numbers a register and its FN would add: as long as real ones, and plainly not real. */
export const sampleNumbers = {
  fnNumber: '9999999999999999',
  fdNumber: 999_999,
  fiscalSign: 4_294_967_295,
  shiftNumber: 9_999,
  receiptNumber: 9_999,
};
const sampleRnm = '0000000000000000';

/** A document as it would stand in the FN, with sample numbers. */
export interface SampleDocument {
  form: number;
  bytes: Buffer;
  limitBytes: number;
}

/** Composes the very requisites that the driver would tell a register of this group. */
export function sampleDocument(content: ReceiptContent, group: RegisterGroup, at: string): SampleDocument {
  const register: RegisterFacts = {
    ffd: group.ffd,
    inn: group.inn,
    rnm: sampleRnm,
    place: group.paymentAddress,
    address: group.address,
    fnsSite: group.fnsSite,
    userName: group.userName,
    ...(group.senderEmail !== null && { sellerEmail: group.senderEmail }),
    ofdInn: group.ofdInn,
  };
  const requisites = receiptRequisites(content, register);
  const bytes = buildDocument(
    requisites.form,
    receiptDocumentFields(requisites, register, { ...sampleNumbers, at }),
  );
  return { form: requisites.form, bytes, limitBytes: documentLimit(requisites.form, group) };
}

/** Longest document of a form for the group's FFD, bytes. */
export function documentLimit(form: number, group: Pick<RegisterGroup, 'ffd'>): number {
  const known = formByCode(form);
  return known ? maxDocumentLength(known, group.ffd) : 0;
}

interface Changed {
  pointer: string;
  tag: number;
  sent: string | undefined;
  kept: string | undefined;
}

/** Texts that the document holds otherwise than they were sent: signs outside CP866, or too long. */
export function textWarnings(
  draft: ReceiptDraft,
  content: ReceiptContent,
  facts: GroupFacts,
): FieldProblem[] {
  const changed: Changed[] = [
    ...draft.items.flatMap((item, index): Changed[] => {
      const kept = content.items[index];
      const at = `/items/${index}`;
      return [
        { pointer: `${at}/name`, tag: 1030, sent: item.name, kept: kept?.name },
        { pointer: `${at}/measurement_unit`, tag: 1197, sent: item.unit, kept: kept?.unit },
        { pointer: `${at}/user_data`, tag: 1191, sent: item.userData, kept: kept?.userData },
      ];
    }),
    { pointer: '/client/name', tag: 1227, sent: draft.client?.name, kept: content.client?.name },
    { pointer: '/client/address', tag: 1254, sent: draft.client?.address, kept: content.client?.address },
    { pointer: '/cashier', tag: 1021, sent: draft.cashier?.name, kept: content.cashier?.name },
    { pointer: '/additional_check_props', tag: 1192, sent: draft.checkProps, kept: content.checkProps },
    {
      pointer: '/company/payment_address',
      tag: 1187,
      sent: draft.company.place === facts.place ? undefined : draft.company.place,
      kept: content.company.place,
    },
  ];
  return changed.flatMap(({ pointer, tag, sent, kept = '' }): FieldProblem[] => {
    if (sent === undefined || sent.trim() === kept) return [];
    const lost = [...new Set(toCp866(sent).replaced)];
    const signs = lost.length > 0 ? `: ${lost.slice(0, 10).join(' ')}` : '';
    return [
      {
        pointer,
        rule: 'TextChanged',
        tag,
        detail: `В документе будет «${kept}»${signs && `; нет в CP866${signs}`}`,
        detail_en: `The document will hold “${kept}”${signs && `; not in CP866${signs}`}`,
        suggestion: {
          value: kept,
          ru: 'Передайте текст таким, каким он будет напечатан',
          en: 'Send the text as it will be printed',
        },
      },
    ];
  });
}

export const paymentsOf = (content: ReceiptContent): PaymentView[] =>
  Object.entries(paymentWords).flatMap(([type, key]) =>
    content.payments[key] > 0 ? [{ type, sum: formatKop(content.payments[key]) }] : [],
  );

export const vatTotalsOf = (content: ReceiptContent): VatTotalView[] =>
  Object.entries(content.vatTotals).map(([code, kop]) => ({
    code: Number(code),
    name: vatRate(Number(code))?.printName ?? code,
    sum: formatKop(kop),
  }));
