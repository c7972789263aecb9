import { COMMON_RULES, FFD_105_RULES, FFD_11_RULES, FFD_12_RULES } from './rules-data';

/** Whether a requisite must stand in its parent. `conditional`: must, when a condition of the order holds. */
export type Presence = 'mandatory' | 'conditional' | 'optional';

/** One requisite of a document or structure. */
export interface DocumentRule {
  readonly tag: number;
  readonly presence: Presence;
  /** The form it belongs to: both, electronic (the TLV) only, printed only. */
  readonly form: 'both' | 'electronic' | 'printed';
}

/** FFD versions (tag 1209) the rules cover: 2 is 1.05, 3 is 1.1, 4 is 1.2. */
export type RuledFfd = 2 | 3 | 4;

const PRESENCE: Record<string, Presence> = { '!': 'mandatory', '?': 'conditional', '~': 'optional' };

function parseRule(text: string): DocumentRule {
  const match = /^(\d+)([!?~])([ep]?)$/.exec(text);
  if (match === null) throw new SyntaxError(`Bad document rule: ${text}`);
  return {
    tag: Number(match[1]),
    presence: PRESENCE[match[2]!]!,
    form: match[3] === 'e' ? 'electronic' : match[3] === 'p' ? 'printed' : 'both',
  };
}

type Rules = ReadonlyMap<number, ReadonlyMap<number, DocumentRule>>;

function parseRules(text: string): Rules {
  const result = new Map<number, Map<number, DocumentRule>>();
  for (const line of text.trim().split('\n')) {
    const [parents = '', requisites = ''] = line.split(': ');
    for (const parent of parents.split(',')) {
      const rules = result.get(Number(parent)) ?? new Map<number, DocumentRule>();
      for (const word of requisites.split(' ')) {
        const rule = parseRule(word);
        rules.set(rule.tag, rule);
      }
      result.set(Number(parent), rules);
    }
  }
  return result;
}

const COMMON = parseRules(COMMON_RULES);
const BY_FFD: Readonly<Record<RuledFfd, Rules>> = {
  2: parseRules(FFD_105_RULES),
  3: parseRules(FFD_11_RULES),
  4: parseRules(FFD_12_RULES),
};

/** Rules by tag of a document form or structure; undefined when the order says nothing of it. */
export function documentRules(ffd: RuledFfd, parent: number): ReadonlyMap<number, DocumentRule> | undefined {
  return BY_FFD[ffd].get(parent) ?? COMMON.get(parent);
}
