import { instantPace } from '../module/pace';
import { planModules } from '../rack/plan';
import { World } from '../rack/world';
import { EmulatedPlant } from './emulated-plant';

const world = new World({ plan: planModules(96, 'tcp'), pace: instantPace });
const plant = new EmulatedPlant(world);
const unplugged = () => world.modules.filter((module) => !module.isPlugged).length;
const unpowered = () => world.modules.filter((module) => !module.isPowered).length;

afterEach(() => {
  plant.heal();
  world.modules.forEach((module) => module.replug());
});

describe('the emulated hall', () => {
  it('takes no module with one switch, all of the rack with both, and gives them back', () => {
    plant.set('dc1', { kind: 'switch', code: 'r1-a' }, false);
    expect(unplugged()).toBe(0);
    expect(plant.report('dc1')?.switches.find(({ code }) => code === 'r1-a')).toMatchObject({ up: false });
    plant.set('dc1', { kind: 'switch', code: 'r1-b' }, false);
    expect(unplugged()).toBe(96);
    plant.set('dc1', { kind: 'switch', code: 'r1-b' }, true);
    expect(unplugged()).toBe(0);
  });

  it('answers who waits for news as soon as something is thrown', async () => {
    const seen = plant.version;
    const news = plant.changedAfter(seen, 60_000);
    plant.set('dc1', { kind: 'switch', code: 'r1-a' }, false);
    await news;
    expect(plant.version).toBeGreaterThan(seen);
    // What was missed is answered at once.
    await plant.changedAfter(seen, 60_000);
    await plant.changedAfter(plant.version, 1);
  });

  it('takes 48 modules with both cables of an assembly', () => {
    plant.set('dc1', { kind: 'port', code: 'r1-a:2' }, false);
    plant.set('dc1', { kind: 'port', code: 'r1-b:2' }, false);
    expect(unplugged()).toBe(48);
    expect(world.at(0).isPlugged).toBe(true);
    expect(world.at(48).isPlugged).toBe(false);
  });

  it('takes power with both feeds', () => {
    plant.set('dc1', { kind: 'feed', code: 'A' }, false);
    expect(unpowered()).toBe(0);
    plant.set('dc1', { kind: 'feed', code: 'B' }, false);
    expect(unpowered()).toBe(96);
    plant.heal();
    expect(unpowered()).toBe(0);
  });

  it('leaves a module unplugged by hand so', () => {
    world.at(3).unplug();
    plant.set('dc1', { kind: 'switch', code: 'r1-a' }, false);
    plant.set('dc1', { kind: 'switch', code: 'r1-b' }, false);
    plant.heal();
    expect(unplugged()).toBe(1);
  });

  it('knows only its own elements', () => {
    expect(plant.set('dc1', { kind: 'switch', code: 'r7-a' }, false)).toBe(false);
    expect(plant.set('dc2', { kind: 'switch', code: 'r1-a' }, false)).toBe(false);
    expect(plant.report('dc2')).toBeUndefined();
  });
});
