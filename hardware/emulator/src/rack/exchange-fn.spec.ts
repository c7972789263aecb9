import { instantPace, planModules, World } from '../index';

const stockFn = '9999078960000001';

function start(): World {
  return new World({ plan: planModules(2, 'tcp'), pace: instantPace });
}

describe('hands at the rack', () => {
  it('take an FN out with its memory and put it back', () => {
    const world = start();
    const module = world.at(0);
    const own = module.fn?.fnNumber ?? '';
    expect(world.takeFnOut(module)).toBe(own);
    expect(module.fn).toBeUndefined();
    expect(world.takeFnOut(module)).toBeUndefined();
    world.putFnIn(module, own, undefined);
    expect(module.fn?.fnNumber).toBe(own);
    expect(module.isPowered).toBe(true);
  });

  it('put in a factory-fresh FN of the model that is named', () => {
    const world = start();
    world.takeFnOut(world.at(0));
    world.putFnIn(world.at(0), stockFn, 'fn-1.2-36');
    expect(world.at(0).fn?.model.id).toBe('fn-1.2-36');
    expect(world.at(0).fn?.state.phase).toBe(1);
  });

  it('put nothing into a full slot, and no FN into two slots', () => {
    const world = start();
    expect(() => world.putFnIn(world.at(0), stockFn, undefined)).toThrow(/holds the FN/);
    world.takeFnOut(world.at(0));
    expect(() => world.putFnIn(world.at(0), world.at(1).fn?.fnNumber ?? '', undefined)).toThrow(
      /is in the slot of/,
    );
  });
});
