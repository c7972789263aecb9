import type { ReceiptContent } from '@kkt/contracts';
import { acceptReceipt, formatKop, type GroupFacts, type ReceiptDraft } from '@kkt/domain';
import { checkCallbackUrl } from '@kkt/security';
import type { NewReceipt } from '@kkt/storage';
import type { KnownGroup } from '../../access/directory';
import type { Principal } from '../access/scopes';
import type { ReceiptBody } from '../dto/receipt-body';
import type { AcceptedView } from '../dto/views';
import { type FieldProblem, Problem } from '../http/problem';
import { OwnApi } from '../own-api';
import { explainRefusal, totalRefusal } from './explain-refusal';
import { priorityOf } from './priority';
import { readDraft } from './read-draft';
import { warningsOf } from './receipt-view';

/** A receipt the domain has judged. */
export type Judged =
  | { ok: true; draft: ReceiptDraft; content: ReceiptContent; group: KnownGroup }
  | { ok: false; problems: FieldProblem[]; group: KnownGroup | undefined };

/** What is to be accepted under a key of repetition. */
export interface Order {
  externalId: string;
  /** SHA-256 of the request, hex: another request under the same key is a conflict. */
  bodyHash: string;
  operation: string;
  callbackUrl?: string;
  /** Id for the receipt when it must be known beforehand. */
  id?: string;
}

/** The answer, and whether the receipt was there before. */
export interface Accepted {
  view: AcceptedView;
  isRepeat: boolean;
}

const keyForm = /^[\x21-\x7e]{1,128}$/;

/** The key of repetition: the header's text, without the quotes of the standard's draft. */
export function externalIdOf(header: string | undefined): string {
  const text = header === undefined ? '' : (/^"(.*)"$/.exec(header)?.[1] ?? header);
  if (!keyForm.test(text))
    throw new Problem('idempotency-key-required', {
      detail: 'Заголовок Idempotency-Key: от 1 до 128 печатных знаков латиницы без пробелов',
      detail_en: 'Idempotency-Key: 1 to 128 printable ASCII characters without spaces',
    });
  return text;
}

/** Unknown and foreign groups look alike. */
const groupProblem: FieldProblem = {
  pointer: '/group',
  rule: 'GroupUnknown',
  tag: null,
  detail: 'Такой группы касс нет или она недоступна этому ключу',
  detail_en: 'No such group of registers, or not for this key',
};

/** Judges and accepts receipts of the own API. */
export class ReceiptDesk {
  constructor(private readonly api: OwnApi) {}

  /** The group, if the caller may use it. */
  async groupOf(code: string, caller: Principal): Promise<KnownGroup | undefined> {
    const group = await this.api.directory.group(code);
    if (!group || group.group.clientId !== caller.clientId) return undefined;
    return caller.groupCode === null || caller.groupCode === code ? group : undefined;
  }

  async judge(body: ReceiptBody, caller: Principal): Promise<Judged> {
    const group = await this.groupOf(body.group, caller);
    if (!group) return { ok: false, problems: [groupProblem], group: undefined };
    const { draft, problems } = readDraft(body, group.facts);
    if (problems.length > 0) return { ok: false, problems, group };
    return this.judgeDraft(draft, group);
  }

  judgeDraft(draft: ReceiptDraft, group: KnownGroup): Judged {
    const facts: GroupFacts = group.facts;
    const today = this.api.wall.today();
    const decision = acceptReceipt(draft, facts, today);
    const { content } = decision;
    const judged = { draft, content, facts };
    const refused = decision.ok ? totalRefusal(judged) : decision.refused;
    if (refused.length === 0) return { ok: true, draft, content, group };
    // A wrong sum of an item makes the total and the payments look wrong too: what is wrong besides is told by
    // judging once more with the right sums.
    const sums = refused.filter(({ rule }) => rule === 'ItemSumMismatch');
    const problems = sums.map((refusal) => explainRefusal(refusal, judged));
    if (sums.length === 0) {
      return { ok: false, problems: refused.map((refusal) => explainRefusal(refusal, judged)), group };
    }
    const settled = { ...draft, items: draft.items.map((item) => ({ ...item, sumKop: undefined })) };
    const again = this.judgeDraft(settled, group);
    return { ok: false, problems: again.ok ? problems : [...problems, ...again.problems], group };
  }

  /**
   * Accepts a receipt, or finds the one that the same request made before. A request that was accepted once gets its
   * answer even when the rules of today would refuse it.
   */
  async accept(judged: Judged, order: Order, caller: Principal): Promise<Accepted> {
    const { api } = this;
    if (!judged.ok) {
      const repeat = judged.group && (await this.repeated(judged.group, order));
      if (repeat) return repeat;
      api.metrics.refusedOne(422, 0);
      throw new Problem('receipt-refused', { errors: judged.problems, groupId: judged.group?.group.id });
    }
    const { group, content } = judged;
    const receipt: NewReceipt = {
      id: order.id ?? api.ids.uuid(),
      groupId: group.group.id,
      clientId: caller.clientId,
      externalId: order.externalId,
      api: 'v1',
      operation: order.operation,
      content,
      bodyHash: order.bodyHash,
      totalKop: content.totalKop,
      ...this.callbackOf(order.callbackUrl),
      priority: priorityOf(content),
      queueLimitS: group.group.queueLimitS,
    };
    const outcome = await api.intake.accept(receipt);
    if (outcome.accepted) {
      api.metrics.acceptedOne('v1');
      return { view: this.viewOf(receipt, group), isRepeat: false };
    }
    api.metrics.repeatedOne(outcome.sameBody);
    const repeat = await this.repeated(group, order);
    if (repeat) return repeat;
    throw this.conflict(outcome.id);
  }

  /** The answer to a request that was accepted before; throws when the key belongs to another request. */
  async repeated(group: KnownGroup, order: Order): Promise<Accepted | undefined> {
    const earlier = await this.api.queue.earlier(group.group.id, order.externalId);
    if (!earlier) return undefined;
    if (earlier.bodyHash !== order.bodyHash) throw this.conflict(earlier.id);
    const known = { ...order, ...this.callbackOf(order.callbackUrl), id: earlier.id };
    return {
      view: this.viewOf({ ...known, totalKop: earlier.content.totalKop }, group),
      isRepeat: true,
    };
  }

  private conflict(id: string): Problem {
    return new Problem('idempotency-conflict', {
      detail: 'Под этим ключом принят другой чек; повторите прежний запрос или возьмите новый ключ',
      detail_en: 'Another receipt was accepted under this key; repeat that request or take a new key',
      more: { receipt_id: id },
    });
  }

  private viewOf(
    receipt: Pick<NewReceipt, 'id' | 'externalId' | 'operation' | 'totalKop' | 'callbackNote'>,
    group: KnownGroup,
  ): AcceptedView {
    return {
      id: receipt.id,
      external_id: receipt.externalId,
      group: group.group.code,
      operation: receipt.operation,
      total: formatKop(receipt.totalKop),
      warnings: warningsOf(receipt.callbackNote),
    };
  }

  /** A bad address never refuses the receipt: no call is made, and the answer says why. */
  private callbackOf(url: string | null | undefined): Pick<NewReceipt, 'callbackUrl' | 'callbackNote'> {
    if (!url) return {};
    const decision = checkCallbackUrl(url, this.api.settings.callbacks);
    return decision.ok
      ? { callbackUrl: url }
      : { callbackUrl: url, callbackNote: `callback_url не будет вызван: ${decision.reason}` };
  }
}
