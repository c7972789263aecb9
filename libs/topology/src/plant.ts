/** Number of assemblies in a rack and of slots in an assembly, by the hall's rack type. The database refuses more by name. */
export const ASSEMBLIES_IN_RACK = 12;
export const SLOTS_IN_ASSEMBLY = 48;

export type Side = 'a' | 'b';

/** A cable from an assembly to a port of a switch. */
export interface Uplink {
  switch: string;
  port: number;
}

/** Twelve of these stand in a rack: each holds 48 modules, has two uplinks and two power feeds. */
export interface AssemblyLinks {
  rack: string;
  number: number;
  uplinks: Partial<Record<Side, Uplink>>;
  feeds: Partial<Record<Side, string>>;
}

/** `access`: in a rack; `core`: what access switches join. */
export interface SwitchNode {
  code: string;
  role: 'access' | 'core';
  rack?: string;
  /** Core switches that it is connected to; a core switch has none. */
  uplinks: readonly string[];
  /** Power feeds of its two supplies. */
  feeds: readonly string[];
}

/** Network and power of one data centre, as it should be. */
export interface Plant {
  dc: string;
  switches: readonly SwitchNode[];
  feeds: readonly string[];
  assemblies: readonly AssemblyLinks[];
}

/** Names of things that can fail. */
export type ElementKind = 'switch' | 'link' | 'port' | 'feed';
export interface Element {
  kind: ElementKind;
  /** `r1-a`; `r1-a>core-a` for a link between switches; `r1-a:7` for a port to an assembly; `A` for a feed. */
  code: string;
}
export const elementKey = ({ kind, code }: Element): string => `${kind}:${code}`;

/** How an assembly fares: `degraded` works with nothing in reserve. */
export interface AssemblyReach {
  rack: string;
  number: number;
  network: 'ok' | 'degraded' | 'down';
  power: 'ok' | 'degraded' | 'down';
}

const isDown = (down: ReadonlySet<string>, kind: ElementKind, code: string): boolean =>
  down.has(`${kind}:${code}`);

/** Whether a switch passes traffic to the core, with these elements down. */
function switchWorks(
  node: SwitchNode,
  byCode: ReadonlyMap<string, SwitchNode>,
  down: ReadonlySet<string>,
): boolean {
  if (isDown(down, 'switch', node.code)) return false;
  if (node.feeds.length > 0 && node.feeds.every((feed) => isDown(down, 'feed', feed))) return false;
  if (node.role === 'core' || node.uplinks.length === 0) return true;
  return node.uplinks.some((code) => {
    const core = byCode.get(code);
    return core && !isDown(down, 'link', `${node.code}>${code}`) && switchWorks(core, byCode, down);
  });
}

const grade = (working: number, wired: number): AssemblyReach['network'] =>
  wired === 0 ? 'ok' : working === 0 ? 'down' : working < wired || wired < 2 ? 'degraded' : 'ok';

/** How each assembly fares with these elements down (keys of {@link elementKey}). */
export function reach(plant: Plant, down: ReadonlySet<string>): AssemblyReach[] {
  const byCode = new Map(plant.switches.map((node) => [node.code, node]));
  const working = new Map(plant.switches.map((node) => [node.code, switchWorks(node, byCode, down)]));
  return plant.assemblies.map(({ rack, number, uplinks, feeds }) => {
    const cables = Object.values(uplinks);
    const up = cables.filter(
      ({ switch: code, port }) => working.get(code) && !isDown(down, 'port', `${code}:${port}`),
    );
    const lines = Object.values(feeds);
    const live = lines.filter((feed) => !isDown(down, 'feed', feed));
    return {
      rack,
      number,
      network: grade(up.length, cables.length),
      power: grade(live.length, lines.length),
    };
  });
}

/** Everything that can fail in a plant. */
export function elements(plant: Plant): Element[] {
  return [
    ...plant.feeds.map((code): Element => ({ kind: 'feed', code })),
    ...plant.switches.map(({ code }): Element => ({ kind: 'switch', code })),
    ...plant.switches.flatMap(({ code, uplinks }) =>
      uplinks.map((core): Element => ({ kind: 'link', code: `${code}>${core}` })),
    ),
    ...plant.assemblies.flatMap(({ uplinks }) =>
      Object.values(uplinks).map(({ switch: code, port }): Element => ({
        kind: 'port',
        code: `${code}:${port}`,
      })),
    ),
  ];
}

/** Elements whose failure alone cuts an assembly off; an empty list is "no single point of failure". */
export function singlePoints(plant: Plant, rack: string, assembly: number): Element[] {
  const one = plant.assemblies.filter(
    (candidate) => candidate.rack === rack && candidate.number === assembly,
  );
  const alone = { ...plant, assemblies: one };
  return elements(alone).filter((element) =>
    reach(alone, new Set([elementKey(element)])).some(
      ({ network, power }) => network === 'down' || power === 'down',
    ),
  );
}

/** Assemblies that fare worse because of this element: cut off, or left without a reserve. */
export function affectedBy(
  plant: Plant,
  element: Element,
): { rack: string; number: number; how: 'degraded' | 'down' }[] {
  const worst = { ok: 0, degraded: 1, down: 2 } as const;
  const before = reach(plant, new Set());
  return reach(plant, new Set([elementKey(element)])).flatMap(({ rack, number, network, power }, index) => {
    const was = before[index];
    const isWorse = was && (worst[network] > worst[was.network] || worst[power] > worst[was.power]);
    return isWorse
      ? [
          {
            rack,
            number,
            how: network === 'down' || power === 'down' ? ('down' as const) : ('degraded' as const),
          },
        ]
      : [];
  });
}

/**
 * The usual hall: two core switches, two access switches a rack, a cable from each assembly to both, two feeds to
 * everything.
 */
export function usualPlant(dc: string, racks: readonly string[], assemblies = ASSEMBLIES_IN_RACK): Plant {
  const feeds = ['A', 'B'];
  const cores = ['core-a', 'core-b'];
  return {
    dc,
    feeds,
    switches: [
      ...cores.map((code): SwitchNode => ({ code, role: 'core', uplinks: [], feeds })),
      ...racks.flatMap((rack) =>
        ['a', 'b'].map((side): SwitchNode => ({
          code: `r${rack}-${side}`,
          role: 'access',
          rack,
          uplinks: cores,
          feeds,
        })),
      ),
    ],
    assemblies: racks.flatMap((rack) =>
      Array.from({ length: assemblies }, (_, index): AssemblyLinks => ({
        rack,
        number: index + 1,
        uplinks: {
          a: { switch: `r${rack}-a`, port: index + 1 },
          b: { switch: `r${rack}-b`, port: index + 1 },
        },
        feeds: { a: 'A', b: 'B' },
      })),
    ),
  };
}

/** What a monitor of switches and power says now: made by an SNMP agent, or by the emulated world. */
export interface PlantReport {
  dc: string;
  switches: readonly {
    code: string;
    up: boolean;
    ports?: readonly { port: string; up: boolean; loadMbps?: number; expectedMbps?: number }[];
    /** Links to other switches, by their codes. */
    links?: readonly { to: string; up: boolean }[];
  }[];
  feeds: readonly { code: string; up: boolean }[];
}

/** What is down by a report. */
export function downBy(report: PlantReport): Element[] {
  return [
    ...report.feeds.filter(({ up }) => !up).map(({ code }): Element => ({ kind: 'feed', code })),
    ...report.switches.flatMap(({ code, up, ports = [], links = [] }): Element[] =>
      up
        ? [
            ...links
              .filter((link) => !link.up)
              .map(({ to }): Element => ({ kind: 'link', code: `${code}>${to}` })),
            ...ports
              .filter((port) => !port.up)
              .map(({ port }): Element => ({ kind: 'port', code: `${code}:${port}` })),
          ]
        : [{ kind: 'switch', code }],
    ),
  ];
}
