import type { Facts } from './facts';
import { registerRules, stockRules } from './rules-hardware';
import { plantRules } from './rules-plant';
import { serviceRules } from './rules-service';
import type { Finding, Rule, Severity } from './rule';

/** Every rule, the common causes first: what they explain is not told again. */
export const RULES: readonly Rule[] = [...plantRules, ...stockRules, ...registerRules, ...serviceRules];
export const ruleById = new Map(RULES.map((rule) => [rule.id, rule]));

/** What an installation changed of a rule. */
export interface RuleChange {
  isEnabled: boolean;
  severity?: Severity;
  forS?: number;
  parameters?: Record<string, number>;
}

/** Something watched: not yet long enough to tell, told, or told and perhaps over. */
export interface Watched {
  rule: string;
  objectKind: string;
  objectId: string;
  sinceMs: number;
  /** Since when it is not seen any more. */
  clearSinceMs: number | null;
  isOpen: boolean;
}

export interface Seen {
  rule: Rule;
  finding: Finding;
  severity: Severity;
  watched: Watched;
}

export interface Step {
  opened: Seen[];
  /** Open before and still seen. */
  kept: Seen[];
  closed: Watched[];
  watched: Watched[];
}

export const watchKey = (one: { rule: string; objectKind: string; objectId: string }): string =>
  `${one.rule}|${one.objectKind}|${one.objectId}`;

/** Findings of all rules after grouping: what a failed switch or feed explains is inside its alert. */
export function findAll(
  facts: Facts,
  changes: ReadonlyMap<string, RuleChange>,
): { rule: Rule; finding: Finding; severity: Severity }[] {
  const all = RULES.flatMap((rule) => {
    const change = changes.get(rule.id);
    if (change?.isEnabled === false) return [];
    return rule.find(facts, { ...rule.parameters, ...change?.parameters }).map((finding) => ({
      rule,
      finding,
      severity: change?.severity ?? finding.severity ?? rule.severity,
    }));
  });
  const explained = new Set(
    all
      .filter(
        ({ rule, finding }) => rule.id === 'plant_element_down' && Number(finding.facts?.silent ?? 0) > 0,
      )
      .flatMap(({ finding }) => finding.registers),
  );
  const { registers, places } = facts.recovering;
  return all.filter(({ rule, finding }) => {
    if (rule.id !== 'register_silent' || finding.objectKind === 'driver') return true;
    const back = finding.objectKind === 'register' ? registers : places;
    return !finding.registers.every((id) => explained.has(id) || back.has(id));
  });
}

/**
 * One turn of the watch on the facts of this moment. A finding opens its alert once it has held for the rule's time, and
 * the alert closes once it has been over for the rule's time; what flickers in between is one alert.
 */
export function step(
  before: readonly Watched[],
  facts: Facts,
  changes: ReadonlyMap<string, RuleChange> = new Map(),
): Step {
  const known = new Map(before.map((one) => [watchKey(one), one]));
  const result: Step = { opened: [], kept: [], closed: [], watched: [] };
  const seenKeys = new Set<string>();
  const openBefore = new Set(before.filter(({ isOpen }) => isOpen).map(watchKey));
  for (const { rule, finding, severity } of findAll(facts, changes)) {
    if (finding.within?.some((cause) => openBefore.has(`${rule.id}|${cause}`))) continue;
    const id = { rule: rule.id, objectKind: finding.objectKind, objectId: finding.objectId };
    const key = watchKey(id);
    if (seenKeys.has(key)) continue;
    seenKeys.add(key);
    const was = known.get(key);
    const sinceMs = was?.sinceMs ?? facts.nowMs;
    const forS = changes.get(rule.id)?.forS ?? rule.forS;
    const isOpen = was?.isOpen === true || facts.nowMs - sinceMs >= forS * 1_000;
    const watched: Watched = { ...id, sinceMs, clearSinceMs: null, isOpen };
    result.watched.push(watched);
    const seen = { rule, finding, severity, watched };
    if (isOpen && was?.isOpen !== true) result.opened.push(seen);
    else if (isOpen) result.kept.push(seen);
  }
  const nowCommon = new Set(
    [...result.opened, ...result.kept]
      .filter(({ finding }) => finding.objectKind !== 'register')
      .flatMap(({ rule, finding }) => finding.registers.map((id) => `${rule.id}|register|${id}`)),
  );
  for (const was of before) {
    if (seenKeys.has(watchKey(was))) continue;
    // Its register is inside an incident about a common cause now: two alerts about one thing are one too many.
    if (was.isOpen && nowCommon.has(watchKey(was))) {
      result.closed.push({ ...was, clearSinceMs: facts.nowMs });
      continue;
    }
    // Not yet told: forgotten at once, so that a rule's time must be held without a break.
    if (!was.isOpen) continue;
    const clearSinceMs = was.clearSinceMs ?? facts.nowMs;
    const clearS = ruleById.get(was.rule)?.clearS ?? 0;
    if (facts.nowMs - clearSinceMs >= clearS * 1_000) result.closed.push({ ...was, clearSinceMs });
    else result.watched.push({ ...was, clearSinceMs });
  }
  return result;
}

/** Milliseconds until the first of these opens or closes by its time alone; undefined when none is to. */
export function nextDueInMs(
  watched: readonly Watched[],
  nowMs: number,
  changes: ReadonlyMap<string, RuleChange> = new Map(),
): number | undefined {
  const dues = watched.flatMap((one) => {
    const rule = ruleById.get(one.rule);
    if (!one.isOpen) return [one.sinceMs + (changes.get(one.rule)?.forS ?? rule?.forS ?? 0) * 1_000 - nowMs];
    return one.clearSinceMs === null ? [] : [one.clearSinceMs + (rule?.clearS ?? 0) * 1_000 - nowMs];
  });
  return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues));
}
