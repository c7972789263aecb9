import { affectedBy, type Element, elementKey, type Plant, reach } from '@kkt/topology';
import type { Facts } from './facts';
import type { Finding, Rule, Severity } from './rule';
import { isSilent, registersText } from './words';

const elementWords = { switch: 'коммутатор', link: 'линия', port: 'порт', feed: 'ввод питания' } as const;
/** What carries less is dropped first from a cause that holds without it. */
const reachOrder: readonly Element['kind'][] = ['port', 'link', 'switch', 'feed'];

type Down = Facts['down'][number];
interface Place {
  rack: string;
  number: number;
}

const placeKey = ({ rack, number }: Place): string => `${rack}/${number}`;
const isCut = (plant: Plant, down: readonly Down[]): boolean =>
  reach(plant, new Set(down.map(elementKey))).some(
    ({ network, power }) => network === 'down' || power === 'down',
  );

/** The failures without which this assembly would not be cut off; empty when it is not. */
function causeOf(plant: Plant, { rack, number }: Place, down: readonly Down[]): Down[] {
  const alone = {
    ...plant,
    assemblies: plant.assemblies.filter((one) => one.rack === rack && one.number === number),
  };
  let cause = [...down].sort((a, b) => reachOrder.indexOf(a.kind) - reachOrder.indexOf(b.kind));
  if (!isCut(alone, cause)) return [];
  for (const one of [...cause]) {
    const without = cause.filter((other) => other !== one);
    if (isCut(alone, without)) cause = without;
  }
  return cause;
}

/** Failures of one data centre in incidents: those that only together cut an assembly off are one. */
function incidents(plant: Plant, down: readonly Down[]): { elements: Down[]; cut: Place[] }[] {
  let groups = down.map((one) => ({ elements: [one], cut: [] as Place[] }));
  if (down.length === 0 || !isCut(plant, down)) return groups;
  for (const place of plant.assemblies) {
    const cause = causeOf(plant, place, down);
    if (cause.length === 0) continue;
    const touched = groups.filter(({ elements }) => elements.some((one) => cause.includes(one)));
    groups = [
      ...groups.filter((group) => !touched.includes(group)),
      {
        elements: touched.flatMap(({ elements }) => elements),
        cut: [...touched.flatMap(({ cut }) => cut), { rack: place.rack, number: place.number }],
      },
    ];
  }
  return groups;
}

/** The one that failed first gives the incident its name, so that the next failure changes it and opens no other. */
const byTime = (a: Down, b: Down): number =>
  (a.sinceMs ?? 0) - (b.sinceMs ?? 0) || elementKey(a).localeCompare(elementKey(b));

function findingOf(
  facts: Facts,
  plant: Plant | undefined,
  group: { elements: Down[]; cut: Place[] },
  farmSharePercent: number,
): Finding | undefined {
  const elements = [...group.elements].sort(byTime);
  const [root] = elements;
  if (!root) return undefined;
  const places = new Map(
    [...(plant ? elements.flatMap((one) => affectedBy(plant, one)) : []), ...group.cut].map((place) => [
      placeKey(place),
      place,
    ]),
  );
  const cut = new Set(group.cut.map(placeKey));
  const count = facts.places
    .filter((place) => place.dc === root.dc && places.has(`${place.rack}/${place.assembly}`))
    .reduce((sum, { modules }) => sum + modules, 0);
  // A switch that leaves a way explains nothing: only where nothing is left is silence its doing.
  const taken = facts.registers.filter(
    (one) => one.dc === root.dc && isSilent(one) && cut.has(`${one.rack}/${one.assembly}`),
  );
  const silent = taken.length;
  const total = facts.places.reduce((sum, { registers }) => sum + registers, 0);
  const isOutage = silent > 0 && silent * 100 >= total * farmSharePercent;
  const isWide = elements.some(({ kind }) => kind === 'switch' || kind === 'feed');
  const severity: Severity = isOutage ? 1 : isWide || silent > 0 ? 2 : 3;
  const names = elements.map(({ kind, code }) => `${elementWords[kind]} ${code}`).join(', ');
  const fate = silent > 0 ? `за ним, из них молчат ${silent}` : 'без резерва';
  return {
    objectKind: 'plant',
    objectId: `${root.dc}:${root.kind}:${root.code}`,
    object: `${root.dc}, ${names}`,
    text: `${elements.length > 1 ? 'Не работают' : 'Не работает'} ${names}: ${registersText(count)} ${elements.length > 1 && silent > 0 ? `за ними, из них молчат ${silent}` : fate}`,
    cause: `отказ: ${names}`,
    severity,
    registers: taken.map(({ id }) => id),
    facts: {
      registers: count,
      silent,
      elements: elements.map(elementKey).join(' '),
      places: [...places.keys()].join(' '),
    },
  };
}

/** Switches, cables and feeds: one alert with everything that hangs on it. */
export const plantRules: readonly Rule[] = [
  {
    id: 'plant_element_down',
    title: 'Отказ сети или питания',
    titleEn: 'Network or power failed',
    action: 'Проверьте устройство на месте; замените его или кабель.',
    actionEn: 'Check the device on the spot; replace it or its cable.',
    severity: 2,
    route: 'hardware',
    forS: 0,
    clearS: 2,
    parameters: { farmSharePercent: 5 },
    find: (facts, { farmSharePercent = 5 }) =>
      [...new Set(facts.down.map(({ dc }) => dc))].flatMap((dc) => {
        const plant = facts.plants.find((one) => one.dc === dc);
        const down = facts.down.filter((one) => one.dc === dc);
        const groups = plant ? incidents(plant, down) : down.map((one) => ({ elements: [one], cut: [] }));
        return groups.flatMap((group) => findingOf(facts, plant, group, farmSharePercent) ?? []);
      }),
  },
];
