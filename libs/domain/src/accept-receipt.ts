import type { ReceiptContent } from '@kkt/contracts';
import { vatTotalsOfItems } from '@kkt/ffd';
import type { DraftItem, ReceiptDraft } from './draft';
import type { GroupFacts } from './group-facts';
import { Refusals, type Refusal } from './refusal';
import { checkAgent, cleanAgent, cleanSupplier } from './rules/agents';
import { cashierOf, clientOf, companyOf } from './rules/company';
import { correctionOf } from './rules/correction';
import { checkVatDate, itemOf, maxItems } from './rules/items';
import { cleanSectoral } from './rules/sectoral';
import { checkSizes } from './rules/sizes';
import { checkFormat } from './rules/format';
import { cashlessOf, checkCashless, paymentsOf, statedVatTotals, totalOf } from './rules/totals';
import { operatingPropsOf, userPropsOf } from './rules/props';
import { maybeText } from './texts';

/**
 * Either a receipt the farm may promise to register, or everything that is wrong with it at once. The content of a
 * refused one is only good for being stored beside its refusal.
 */
export type AcceptDecision =
  { ok: true; content: ReceiptContent } | { ok: false; refused: Refusal[]; content: ReceiptContent };

/** FFD 1.2 knows agents of items only: an agent named for the whole receipt acts for every item without its own. */
function shareAgent(draft: ReceiptDraft, facts: GroupFacts): DraftItem[] {
  if (facts.ffd !== 4 || (!draft.agent && !draft.supplier)) return draft.items;
  return draft.items.map((item) => ({
    ...item,
    agent: item.agent ?? draft.agent,
    supplier: item.supplier ?? draft.supplier,
  }));
}

function checkCounts(draft: ReceiptDraft, refusals: Refusals): void {
  if (draft.items.length > maxItems)
    refusals.add('TooManyItems', 'items', 1059, `позиций ${draft.items.length}, наибольшее ${maxItems}`);
  if (draft.form === 'receipt' && draft.items.length === 0)
    refusals.add('ItemsRequired', 'items', 1059, 'в чеке нет позиций');
}

/**
 * Decides whether a receipt may be accepted: format rules, arithmetic and the group's registration, all before a
 * register is touched. Pure; the draft is not changed.
 *
 * @param today local date of the settlement, `YYYY-MM-DD`
 */
export function acceptReceipt(draft: ReceiptDraft, facts: GroupFacts, today: string): AcceptDecision {
  const refusals = new Refusals();
  checkCounts(draft, refusals);
  const hasReceiptVat = draft.vatTotals.length > 0;
  const items = shareAgent(draft, facts)
    .slice(0, maxItems)
    .map((item, index) => itemOf(item, index, { draft, ffd: facts.ffd, today, hasReceiptVat, refusals }));
  const totalKop = totalOf(draft, items, refusals);
  const payments = paymentsOf(draft.payments, totalKop, refusals);
  checkCashless(draft, payments, refusals);
  draft.vatTotals.forEach(({ rate }, index) =>
    checkVatDate(rate, `vats[${index}].type`, draft, today, refusals),
  );
  const isShared = facts.ffd === 4;
  const agent = isShared ? undefined : draft.agent && cleanAgent(draft.agent, 'agent_info', refusals);
  const supplier = isShared
    ? undefined
    : draft.supplier && cleanSupplier(draft.supplier, 'supplier_info', refusals);
  checkAgent(agent, supplier ?? draft.items.find((item) => item.supplier)?.supplier, '', facts.ffd, refusals);
  const client = clientOf(draft, refusals);
  const cashier = cashierOf(draft, refusals);
  const content: ReceiptContent = {
    form: draft.form,
    sign: draft.sign,
    company: companyOf(draft, facts, refusals),
    client,
    items,
    payments,
    cashless: cashlessOf(draft, refusals),
    vatTotals: hasReceiptVat ? statedVatTotals(draft.vatTotals, totalKop, refusals) : vatTotalsOfItems(items),
    totalKop,
    cashier,
    checkProps: maybeText(draft.checkProps, 16),
    userProps: userPropsOf(draft, refusals),
    operatingProps: operatingPropsOf(draft, refusals),
    sectoral: draft.sectoral && cleanSectoral(draft.sectoral, 'sectoral_check_props', refusals),
    machineNumber: maybeText(draft.machineNumber, 20),
    internet: draft.internet,
    timezone: draft.timezone,
    agent,
    supplier,
    correction: correctionOf(draft, facts.ffd, today, refusals),
    markCheckOptional: draft.markCheckOptional,
  };
  checkSizes(content, refusals);
  if (refusals.list.length === 0) checkFormat(content, facts.ffd, refusals);
  return refusals.list.length === 0 ? { ok: true, content } : { ok: false, refused: refusals.list, content };
}
