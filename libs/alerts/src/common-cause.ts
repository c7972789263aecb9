import type { Facts, RegisterFact } from './facts';

/** What several registers with one trouble have in common, from the widest to the register itself. */
export type CauseKind = 'driver' | 'rack' | 'switch' | 'assembly' | 'register';

export interface CommonCause {
  kind: CauseKind;
  /** `driver-1`; `dc1/7`; `dc1:r7-a+r7-b`; `dc1/7/3`; the register's id. */
  id: string;
  members: readonly RegisterFact[];
}

/** A cause is common when so many registers behind it have the trouble, and so large a part of those in use there. */
export interface CommonParameters {
  commonPercent: number;
  commonAtLeast: number;
}

/** Access switches of an assembly, `r7-a+r7-b`; undefined when the plan does not tell them. */
function switchesOf(facts: Facts, dc: string, rack: string, assembly: number): string | undefined {
  const links = facts.plants
    .find((plant) => plant.dc === dc)
    ?.assemblies.find((one) => one.rack === rack && one.number === assembly);
  const codes = Object.values(links?.uplinks ?? {}).map((uplink) => uplink.switch);
  return codes.length === 0 ? undefined : [...new Set(codes)].sort().join('+');
}

const idsOf = (facts: Facts, one: RegisterFact): Partial<Record<CauseKind, string>> => {
  const { dc, rack, assembly, driverId } = one;
  const switches = switchesOf(facts, dc, rack, assembly);
  return {
    driver: driverId,
    rack: `${dc}/${rack}`,
    switch: switches && `${dc}:${switches}`,
    assembly: `${dc}/${rack}/${assembly}`,
  };
};

/** Registers in use behind a cause. */
function inUseBehind(facts: Facts, kind: CauseKind, id: string): number {
  if (kind === 'driver') return facts.drivers.find(({ driverId }) => driverId === id)?.registers ?? 0;
  return facts.places
    .filter(({ dc, rack, assembly }) => {
      if (kind === 'rack') return `${dc}/${rack}` === id;
      if (kind === 'assembly') return `${dc}/${rack}/${assembly}` === id;
      return `${dc}:${switchesOf(facts, dc, rack, assembly) ?? ''}` === id;
    })
    .reduce((sum, { registers }) => sum + registers, 0);
}

/** A wider cause must show in more than one place: one bad assembly is not a bad rack. */
const spread: Partial<Record<CauseKind, (one: RegisterFact) => string>> = {
  driver: ({ dc, rack }) => `${dc}/${rack}`,
  rack: ({ assembly }) => String(assembly),
  switch: ({ dc, rack, assembly }) => `${dc}/${rack}/${assembly}`,
};

/**
 * Puts registers with one trouble together by what they share, the widest first; a register that shares nothing is its own
 * cause. No register is in two.
 *
 * @param kinds what may be common, in the order of trying
 */
export function byCommonCause(
  facts: Facts,
  troubled: readonly RegisterFact[],
  kinds: readonly Exclude<CauseKind, 'register'>[],
  { commonPercent, commonAtLeast }: CommonParameters,
): CommonCause[] {
  const causes: CommonCause[] = [];
  const placed = new Set<RegisterFact>();
  for (const kind of kinds) {
    const parts = new Map<string, RegisterFact[]>();
    for (const one of troubled) {
      const id = placed.has(one) ? undefined : idsOf(facts, one)[kind];
      if (id !== undefined) parts.set(id, [...(parts.get(id) ?? []), one]);
    }
    for (const [id, members] of parts) {
      const spreadOf = spread[kind];
      if (spreadOf && new Set(members.map(spreadOf)).size < 2) continue;
      if (members.length < commonAtLeast) continue;
      if (members.length * 100 < inUseBehind(facts, kind, id) * commonPercent) continue;
      members.forEach((one) => placed.add(one));
      causes.push({ kind, id, members });
    }
  }
  for (const one of troubled)
    if (!placed.has(one)) causes.push({ kind: 'register', id: String(one.id), members: [one] });
  return causes;
}

/** Causes that this register could share with others, as `kind:id`. */
export const causesOf = (facts: Facts, one: RegisterFact): string[] =>
  Object.entries(idsOf(facts, one)).flatMap(([kind, id]) => (id === undefined ? [] : [`${kind}:${id}`]));
