import type { ReceiptContent, TaxSystem } from '@kkt/contracts';
import { isInn } from '@kkt/ffd';
import type { ReceiptDraft } from '../draft';
import type { GroupFacts } from '../group-facts';
import type { Refusals } from '../refusal';
import { fiscalText, hasUnsafeCharacters, maybeText } from '../texts';

const isSingle = (mask: number): boolean => mask !== 0 && (mask & (mask - 1)) === 0;

/** The receipt's tax system (tag 1055): as sent, or the group's only or main one. It must be registered (tag 1062). */
function taxSystemOf(draft: ReceiptDraft, facts: GroupFacts, refusals: Refusals): TaxSystem | undefined {
  const sent = draft.company.taxSystem;
  const taken = sent ?? facts.defaultTaxSystem ?? (isSingle(facts.taxSystems) ? facts.taxSystems : undefined);
  if (taken === undefined) {
    refusals.add(
      'TaxSystemRequired',
      'company.sno',
      1055,
      'у касс группы несколько систем налогообложения, укажите одну',
    );
    return undefined;
  }
  if ((facts.taxSystems & taken) === 0)
    refusals.add(
      'TaxSystemNotRegistered',
      'company.sno',
      1055,
      'кассы группы зарегистрированы без этой системы налогообложения',
    );
  return taken as TaxSystem;
}

/** Who sells: INN of the group, a registered tax system, place and address of the group when the shop names none. */
export function companyOf(
  draft: ReceiptDraft,
  facts: GroupFacts,
  refusals: Refusals,
): ReceiptContent['company'] {
  const { inn, email, place, address } = draft.company;
  if (inn !== facts.inn)
    refusals.add(
      'InnOfAnotherTaxpayer',
      'company.inn',
      1018,
      `ИНН ${inn} не соответствует ИНН группы касс ${facts.inn}`,
    );
  if (email !== undefined && hasUnsafeCharacters(email))
    refusals.add(
      'ContactNotSafe',
      'company.email',
      1117,
      'в адресе почты есть пробелы или управляющие символы',
    );
  return {
    inn,
    taxSystem: taxSystemOf(draft, facts, refusals),
    email: email ?? facts.senderEmail ?? undefined,
    place: fiscalText(place, 256) || facts.place,
    address: (address !== undefined && fiscalText(address, 256)) || facts.address,
  };
}

/** The buyer (tags 1008, 1227, 1228, 1256): contacts that are safe to write to, an INN that can exist. */
export function clientOf(draft: ReceiptDraft, refusals: Refusals): ReceiptContent['client'] {
  const client = draft.client;
  if (!client) {
    if (draft.internet)
      refusals.add(
        'ContactRequired',
        'client',
        1008,
        'для расчёта в сети Интернет нужен адрес почты или телефон покупателя',
      );
    return undefined;
  }
  for (const key of ['email', 'phone'] as const) {
    const contact = client[key];
    if (contact !== undefined && hasUnsafeCharacters(contact))
      refusals.add(
        'ContactNotSafe',
        `client.${key}`,
        1008,
        'в контакте покупателя есть пробелы или управляющие символы',
      );
  }
  if (!client.email && !client.phone && (draft.internet || draft.form === 'receipt'))
    refusals.add('ContactRequired', 'client', 1008, 'нужен адрес почты или телефон покупателя');
  if (client.inn !== undefined && !isInn(client.inn))
    refusals.add('InnChecksum', 'client.inn', 1228, 'контрольное число ИНН покупателя не сходится');
  return {
    ...client,
    name: maybeText(client.name, 256),
    documentData: maybeText(client.documentData, 64),
    address: maybeText(client.address, 256),
  };
}

/** The cashier (tags 1021, 1203). */
export function cashierOf(draft: ReceiptDraft, refusals: Refusals): ReceiptContent['cashier'] {
  const cashier = draft.cashier;
  if (!cashier) return undefined;
  if (cashier.inn !== undefined && !isInn(cashier.inn))
    refusals.add('InnChecksum', 'cashier_inn', 1203, 'контрольное число ИНН кассира не сходится');
  return { name: maybeText(cashier.name, 64), inn: cashier.inn };
}
