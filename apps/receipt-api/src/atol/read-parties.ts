import type { Agent, SectoralProps, Supplier, TaxSystem } from '@kkt/contracts';
import { agentWords, parseDottedDate, taxSystemWords, type ReceiptDraft } from '@kkt/domain';
import type { Violation } from './violation';
import {
  textOf,
  valueOf,
  type WireAgent,
  type WireDocument,
  type WireSectoral,
  type WireSupplier,
} from './wire-body';

/** Both lists stand in the order of their bits. */
const bitOf = (words: readonly string[], word: string): number => 2 ** words.indexOf(word);

export const readCompany = (company: WireDocument['company']): ReceiptDraft['company'] => {
  const sno = textOf(company.sno);
  return {
    inn: company.inn,
    taxSystem: sno === undefined ? undefined : (bitOf(taxSystemWords, sno) as TaxSystem),
    email: textOf(company.email),
    place: company.payment_address,
    address: textOf(company.location),
  };
};

export function readClient(client: WireDocument['client']): ReceiptDraft['client'] {
  if (!client) return undefined;
  return {
    email: textOf(client.email),
    phone: textOf(client.phone),
    name: textOf(client.name),
    inn: textOf(client.inn),
    birthdate: textOf(client.birthdate),
    citizenship: textOf(client.citizenship),
    documentCode: textOf(client.document_code),
    documentData: textOf(client.document_data),
    address: textOf(client.address),
  };
}

const phonesOf = (holder: { phones?: string[] | null } | null | undefined): string[] | undefined => {
  const phones = holder?.phones?.filter((phone) => phone !== '');
  return phones?.length ? phones : undefined;
};

export function readAgent(agent: WireAgent | null | undefined): Agent | undefined {
  if (!agent) return undefined;
  const transfer = agent.money_transfer_operator;
  return {
    kind: bitOf(agentWords, agent.type) as Agent['kind'],
    operation: textOf(agent.paying_agent?.operation),
    payingPhones: phonesOf(agent.paying_agent),
    receivePhones: phonesOf(agent.receive_payments_operator),
    transfer: transfer
      ? {
          phones: phonesOf(transfer),
          name: textOf(transfer.name),
          address: textOf(transfer.address),
          inn: textOf(transfer.inn),
        }
      : undefined,
  };
}

export const readSupplier = (supplier: WireSupplier | null | undefined): Supplier | undefined =>
  supplier
    ? { phones: phonesOf(supplier), name: textOf(supplier.name), inn: textOf(supplier.inn) }
    : undefined;

/** Industry requisites; a day that does not exist is a violation at `path`. */
export function readSectoral(
  list: WireSectoral[] | null | undefined,
  path: string,
  violations: Violation[],
): SectoralProps[] | undefined {
  return valueOf(list)?.map((props, index) => {
    const date = parseDottedDate(props.date);
    if (date === undefined) violations.push({ kind: 'DateExpected', path: `${path}[${index}].date` });
    return { federalId: props.federal_id, date: date ?? '', number: props.number, value: props.value };
  });
}
