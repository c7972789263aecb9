import type { Payments } from '@kkt/contracts';
import {
  parseDottedDate,
  vatRateByName,
  type DraftPayment,
  type DraftVat,
  type ReceiptDraft,
} from '@kkt/domain';
import type { Operation } from './operations';
import { kopOf, readItem } from './read-items';
import { readAgent, readClient, readCompany, readSectoral, readSupplier } from './read-parties';
import type { Violation } from './violation';
import { textOf, valueOf, type WireBody, type WireDocument } from './wire-body';

/** A body in the words of the domain. */
export interface ReadBody {
  externalId: string;
  callbackUrl?: string;
  draft: ReceiptDraft;
}

/**
 * `payments[].type`. 5 to 9 are "extended" kinds of which the protocol's document says only that each may have one of
 * the fiscal kinds; which is set per group in the original service. Ours take them as cashless.
 */
const paymentKinds: readonly (keyof Payments)[] = [
  'cashKop',
  'ecashKop',
  'prepaidKop',
  'creditKop',
  'provisionKop',
];

const readPayments = (document: WireDocument, at: string, violations: Violation[]): DraftPayment[] =>
  document.payments.map(({ type, sum }, index) => ({
    kind: paymentKinds[type] ?? 'ecashKop',
    sumKop: sum === null ? undefined : kopOf(sum, `${at}.payments[${index}].sum`, violations),
  }));

function readVats(document: WireDocument, at: string, violations: Violation[]): DraftVat[] {
  return (document.vats ?? []).flatMap(({ type, sum }, index) => {
    const rate = vatRateByName(type);
    const sumKop = sum === null ? undefined : kopOf(sum, `${at}.vats[${index}].sum`, violations);
    return rate ? [{ rate, sumKop }] : [];
  });
}

function readCorrection(
  document: WireDocument,
  at: string,
  violations: Violation[],
): ReceiptDraft['correction'] {
  const info = document.correction_info;
  if (!info) return undefined;
  const date = parseDottedDate(info.base_date);
  if (date === undefined) violations.push({ kind: 'DateExpected', path: `${at}.correction_info.base_date` });
  return { type: info.type === 'instruction' ? 1 : 0, date: date ?? '', number: textOf(info.base_number) };
}

function readOperatingProps(
  document: WireDocument,
  at: string,
  violations: Violation[],
): ReceiptDraft['operatingProps'] {
  const props = document.operating_check_props;
  if (!props) return undefined;
  const date = parseDottedDate(props.timestamp);
  const time = props.timestamp.slice(11);
  if (date === undefined || !/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time))
    violations.push({ kind: 'DateTimeExpected', path: `${at}.operating_check_props.timestamp` });
  return { id: Number(props.name), value: props.value, at: `${date ?? ''}T${time}` };
}

/** Words of one version of the protocol to the domain's draft. Runs once, after the schema has passed the body. */
export function readBody(
  body: WireBody,
  operation: Operation,
  violations: Violation[],
): ReadBody | undefined {
  const { form, sign } = operation;
  const document = body[form];
  if (!document) return undefined;
  const cashierName = textOf(document.cashier);
  const cashierInn = textOf(document.cashier_inn);
  const draft: ReceiptDraft = {
    form,
    sign,
    company: readCompany(document.company),
    client: readClient(document.client),
    items: (document.items ?? []).map((item, index) => readItem(item, `${form}.items[${index}]`, violations)),
    payments: readPayments(document, form, violations),
    vatTotals: readVats(document, form, violations),
    statedTotalKop:
      document.total === undefined || document.total === null
        ? undefined
        : kopOf(document.total, `${form}.total`, violations),
    cashless: valueOf(document.cashless_payments)?.map((line, index) => ({
      sumKop: kopOf(line.sum, `${form}.cashless_payments[${index}].sum`, violations),
      method: line.method,
      id: line.id,
      ...(line.additional_info ? { info: line.additional_info } : {}),
    })),
    cashier: cashierName || cashierInn ? { name: cashierName, inn: cashierInn } : undefined,
    checkProps: textOf(document.additional_check_props),
    userProps: valueOf(document.additional_user_props) && {
      name: document.additional_user_props?.name ?? '',
      value: document.additional_user_props?.value ?? '',
    },
    operatingProps: readOperatingProps(document, form, violations),
    sectoral: readSectoral(document.sectoral_check_props, `${form}.sectoral_check_props`, violations),
    machineNumber: textOf(document.device_number),
    internet: valueOf(document.internet),
    timezone: valueOf(document.timezone),
    agent: readAgent(document.agent_info),
    supplier: readSupplier(document.supplier_info),
    correction: readCorrection(document, form, violations),
    markCheckOptional: valueOf(body.ism_optional),
  };
  return { externalId: String(body.external_id), callbackUrl: textOf(body.service?.callback_url), draft };
}
