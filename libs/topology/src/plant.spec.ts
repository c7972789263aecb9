import {
  affectedBy,
  downBy,
  type Element,
  elementKey,
  elements,
  reach,
  singlePoints,
  usualPlant,
} from './plant';

const plant = usualPlant('dc1', ['1', '2']);
const down = (...list: Element[]) => new Set(list.map(elementKey));
const of = (rack: string, number: number, list: Element[], from = plant) =>
  reach(from, down(...list)).find((one) => one.rack === rack && one.number === number);

describe('the usual hall', () => {
  it('survives the loss of any one element: every assembly stays reachable and powered', () => {
    for (const element of elements(plant)) {
      for (const { network, power } of reach(plant, down(element))) {
        expect(network).not.toBe('down');
        expect(power).not.toBe('down');
      }
    }
    expect(singlePoints(plant, '1', 7)).toEqual([]);
  });

  it('is degraded with one of two uplinks and down with none', () => {
    expect(of('1', 3, [{ kind: 'switch', code: 'r1-a' }])).toMatchObject({
      network: 'degraded',
      power: 'ok',
    });
    expect(of('2', 3, [{ kind: 'switch', code: 'r1-a' }])).toMatchObject({ network: 'ok' });
    expect(
      of('1', 3, [
        { kind: 'switch', code: 'r1-a' },
        { kind: 'port', code: 'r1-b:3' },
      ]),
    ).toMatchObject({
      network: 'down',
    });
    expect(
      of('1', 4, [
        { kind: 'switch', code: 'r1-a' },
        { kind: 'port', code: 'r1-b:3' },
      ]),
    ).toMatchObject({
      network: 'degraded',
    });
    expect(
      of('1', 1, [
        { kind: 'switch', code: 'core-a' },
        { kind: 'switch', code: 'core-b' },
      ]),
    ).toMatchObject({
      network: 'down',
    });
    expect(of('1', 1, [{ kind: 'feed', code: 'A' }])).toMatchObject({ network: 'ok', power: 'degraded' });
    expect(
      of('1', 1, [
        { kind: 'feed', code: 'A' },
        { kind: 'feed', code: 'B' },
      ]),
    ).toMatchObject({
      network: 'down',
      power: 'down',
    });
  });

  it('knows what hangs on a failed element', () => {
    expect(affectedBy(plant, { kind: 'switch', code: 'r1-a' })).toHaveLength(12);
    expect(affectedBy(plant, { kind: 'port', code: 'r2-b:5' })).toEqual([
      { rack: '2', number: 5, how: 'degraded' },
    ]);
    expect(affectedBy(plant, { kind: 'feed', code: 'B' })).toHaveLength(24);
    expect(affectedBy(plant, { kind: 'switch', code: 'core-a' })).toEqual([]);
  });
});

describe('a hall with a flaw', () => {
  const flawed = {
    ...plant,
    assemblies: plant.assemblies.map((one) =>
      one.rack === '1' && one.number === 2
        ? { ...one, uplinks: { a: { switch: 'r1-a', port: 2 } }, feeds: { a: 'A', b: 'A' } }
        : one,
    ),
  };

  it('names each single point of failure of an assembly', () => {
    expect(singlePoints(flawed, '1', 2).map(elementKey).sort()).toEqual([
      'feed:A',
      'port:r1-a:2',
      'switch:r1-a',
    ]);
    expect(singlePoints(flawed, '1', 3)).toEqual([]);
    expect(of('1', 2, [{ kind: 'switch', code: 'r1-a' }], flawed)).toMatchObject({ network: 'down' });
  });

  it('has one single point of failure more when access switches hang on one core', () => {
    const oneCore = {
      ...plant,
      switches: plant.switches.map((node) =>
        node.role === 'access' ? { ...node, uplinks: ['core-a'] } : node,
      ),
    };
    expect(singlePoints(oneCore, '2', 1).map(elementKey)).toEqual(['switch:core-a']);
  });
});

describe('a report of the monitor', () => {
  it('says what is down; nothing behind a dead switch is told again', () => {
    expect(
      downBy({
        dc: 'dc1',
        feeds: [
          { code: 'A', up: true },
          { code: 'B', up: false },
        ],
        switches: [
          { code: 'r1-a', up: false, ports: [{ port: '1', up: false }] },
          { code: 'r1-b', up: true, ports: [{ port: '2', up: false }], links: [{ to: 'core-a', up: false }] },
        ],
      }).map(elementKey),
    ).toEqual(['feed:B', 'switch:r1-a', 'link:r1-b>core-a', 'port:r1-b:2']);
  });
});
