import type { KktModule } from '../module/kkt-module';
import type { EmulatedPlant } from '../plant/emulated-plant';
import type { World } from '../rack/world';

/** A clock further off than this was moved by somebody. */
const movedClockMs = 30_000;

const byHand = (plant: EmulatedPlant, module: KktModule): { unplugged: boolean; unpowered: boolean } => {
  const held = plant.holds(module);
  return { unplugged: !module.isPlugged && !held.network, unpowered: !module.isPowered && !held.power };
};

/** Faults in force, of the hall and of its modules; what the hall takes from a module is the hall's. */
export function brokenView(world: World, plant: EmulatedPlant) {
  return {
    elements: plant.broken(),
    modules: world.note.modules.flatMap(({ serial, place }, index) => {
      const module = world.at(index);
      const { unplugged, unpowered } = byHand(plant, module);
      const { clockOffsetMs } = module.device;
      const faults = [
        ...(unplugged ? ['unplug'] : []),
        ...(unpowered ? ['powerOff'] : []),
        ...(Math.abs(clockOffsetMs) > movedClockMs ? ['clockJump'] : []),
        ...module.faults.list().map(({ fault }) => fault.name),
      ];
      return faults.length > 0 ? [{ serial, place, faults }] : [];
    }),
  };
}

/** Takes back everything that was done to a module by hand: faults, cable, power, clock. */
export function mendModule(plant: EmulatedPlant, module: KktModule): void {
  module.heal();
  const { unplugged, unpowered } = byHand(plant, module);
  if (unpowered) module.powerOn();
  if (unplugged) module.replug();
  module.device.setClock(module.device.now() - module.device.clockOffsetMs);
}
