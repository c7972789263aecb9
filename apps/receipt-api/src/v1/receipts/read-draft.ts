import type { Agent, SectoralProps, Supplier, TaxSystem } from '@kkt/contracts';
import {
  agentWords,
  type DraftItem,
  type GroupFacts,
  kopOf,
  microOf,
  paymentMethodWords,
  type ReceiptDraft,
  taxSystemWords,
  vatRateByName,
} from '@kkt/domain';
import { operationOf } from '../../atol/operations';
import { readMarkCode, readNomenclature } from '../../atol/product-codes';
import type { Violation } from '../../atol/violation';
import { pointerOf } from '../dto/check-dto';
import type { ItemBody } from '../dto/item-body';
import type { AgentBody, SectoralBody, SupplierBody } from '../dto/party-body';
import type { ReceiptBody } from '../dto/receipt-body';
import { objectWords, paymentWords } from '../dto/words';
import type { FieldProblem } from '../http/problem';

/** Null and an empty text mean absence. */
const textOf = (value: string | null | undefined): string | undefined => value || undefined;
const maybeKop = (value: string | null | undefined): number | undefined =>
  value === null || value === undefined ? undefined : kopOf(value);

const bitOf = (words: readonly string[], word: string): number => 2 ** words.indexOf(word);
const dotted = (day: string): string => day.split('-').reverse().join('.');

function readAgent(agent: AgentBody | null | undefined): Agent | undefined {
  if (!agent) return undefined;
  const transfer = agent.money_transfer_operator;
  return {
    kind: bitOf(agentWords, agent.type) as Agent['kind'],
    operation: textOf(agent.paying_agent?.operation),
    payingPhones: agent.paying_agent?.phones ?? undefined,
    receivePhones: agent.receive_payments_operator?.phones ?? undefined,
    transfer: transfer
      ? {
          phones: transfer.phones ?? undefined,
          name: textOf(transfer.name),
          address: textOf(transfer.address),
          inn: textOf(transfer.inn),
        }
      : undefined,
  };
}

const readSupplier = (supplier: SupplierBody | null | undefined): Supplier | undefined =>
  supplier
    ? { phones: supplier.phones ?? undefined, name: textOf(supplier.name), inn: textOf(supplier.inn) }
    : undefined;

const readSectoral = (list: SectoralBody[] | null | undefined): SectoralProps[] | undefined =>
  list?.map(({ federal_id, date, number, value }) => ({ federalId: federal_id, date, number, value }));

export function readItem(item: ItemBody, path: string, violations: Violation[]): DraftItem {
  return {
    name: item.name,
    priceKop: kopOf(item.price),
    quantityMicro: microOf(item.quantity),
    sumKop: maybeKop(item.sum),
    measure: item.measure ?? undefined,
    unit: textOf(item.measurement_unit),
    method: paymentMethodWords.findIndex((word) => word === item.payment_method) + 1,
    subject: objectWords[item.payment_object] ?? 0,
    vatRate: vatRateByName(item.vat.type),
    vatSumKop: maybeKop(item.vat.sum),
    agent: readAgent(item.agent_info),
    supplier: readSupplier(item.supplier_info),
    userData: textOf(item.user_data),
    exciseKop: maybeKop(item.excise),
    countryCode: textOf(item.country_code),
    declaration: textOf(item.declaration_number),
    ...readNomenclature(item.nomenclature_code, path, violations),
    ...readMarkCode(item.mark_code && { ...item.mark_code }, path, violations),
    markMode: textOf(item.mark_processing_mode) === undefined ? undefined : 0,
    markQuantity: item.mark_quantity
      ? { numerator: item.mark_quantity.numerator, denominator: item.mark_quantity.denominator }
      : undefined,
    plannedStatus: item.planned_status ?? undefined,
    sectoral: readSectoral(item.sectoral_item_props),
    wholesale: item.wholesale ?? undefined,
  };
}

export const readClient = (client: ReceiptBody['client'] | null): ReceiptDraft['client'] =>
  client
    ? {
        email: textOf(client.email),
        phone: textOf(client.phone),
        name: textOf(client.name),
        inn: textOf(client.inn),
        birthdate: client.birthdate ? dotted(client.birthdate) : undefined,
        citizenship: textOf(client.citizenship),
        documentCode: textOf(client.document_code),
        documentData: textOf(client.document_data),
        address: textOf(client.address),
      }
    : undefined;

function readCompany(company: ReceiptBody['company'] | null, facts: GroupFacts): ReceiptDraft['company'] {
  const sno = textOf(company?.sno);
  return {
    inn: textOf(company?.inn) ?? facts.inn,
    taxSystem: sno === undefined ? undefined : (bitOf(taxSystemWords, sno) as TaxSystem),
    email: textOf(company?.email),
    place: textOf(company?.payment_address) ?? facts.place,
    address: textOf(company?.location),
  };
}

const codeProblem = ({ path }: Violation): FieldProblem => ({
  pointer: pointerOf(path),
  rule: path.endsWith('mark_code') ? 'NotOneOf' : 'PatternMismatch',
  tag: path.includes('nomenclature') ? 1162 : 1163,
  detail: 'Код товара не такого вида; нужен ровно один вид кода, gs1m передают в Base64',
  detail_en: 'Not a code of this kind; give exactly one kind, gs1m in Base64',
});

/** A body in the words of the domain, and codes of goods that are none. The body has passed its rules. */
export function readDraft(
  body: ReceiptBody,
  facts: GroupFacts,
): { draft: ReceiptDraft; problems: FieldProblem[] } {
  const operation = operationOf(body.operation, 5);
  if (!operation) throw new RangeError(`No operation ${body.operation}`);
  const violations: Violation[] = [];
  const cashierName = textOf(body.cashier);
  const cashierInn = textOf(body.cashier_inn);
  const props = body.operating_check_props;
  const info = body.correction_info;
  const draft: ReceiptDraft = {
    form: operation.form,
    sign: operation.sign,
    company: readCompany(body.company, facts),
    client: readClient(body.client),
    items: (body.items ?? []).map((item, index) => readItem(item, `items[${index}]`, violations)),
    payments: body.payments.map(({ type, sum }) => ({
      kind: paymentWords[type] ?? 'ecashKop',
      sumKop: maybeKop(sum),
    })),
    vatTotals: (body.vats ?? []).flatMap(({ type, sum }) => {
      const rate = vatRateByName(type);
      return rate ? [{ rate, sumKop: maybeKop(sum) }] : [];
    }),
    statedTotalKop: maybeKop(body.total),
    cashless: body.cashless_payments?.map((line) => ({
      sumKop: kopOf(line.sum),
      method: line.method,
      id: line.id,
      ...(line.additional_info ? { info: line.additional_info } : {}),
    })),
    cashier: cashierName || cashierInn ? { name: cashierName, inn: cashierInn } : undefined,
    checkProps: textOf(body.additional_check_props),
    userProps: body.additional_user_props
      ? { name: body.additional_user_props.name, value: body.additional_user_props.value }
      : undefined,
    operatingProps: props ? { id: Number(props.name), value: props.value, at: props.timestamp } : undefined,
    sectoral: readSectoral(body.sectoral_check_props),
    machineNumber: textOf(body.device_number),
    internet: body.internet ?? undefined,
    timezone: body.timezone ?? undefined,
    agent: readAgent(body.agent_info),
    supplier: readSupplier(body.supplier_info),
    correction: info
      ? { type: info.type === 'instruction' ? 1 : 0, date: info.base_date, number: textOf(info.base_number) }
      : undefined,
    markCheckOptional: body.ism_optional ?? undefined,
  };
  return { draft, problems: violations.map(codeProblem) };
}
