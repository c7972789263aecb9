import {
  type Element,
  elementKey,
  elements,
  type Plant,
  type PlantReport,
  reach,
  usualPlant,
} from '@kkt/topology';
import type { KktModule } from '../module/kkt-module';
import type { World } from '../rack/world';

/** Traffic of one module at work, megabits a second: what a receipt's exchange takes on its line. Ours. */
const mbpsPerModule = 0.02;

/**
 * Switches and power of the emulated hall. What is thrown here takes its modules with it: an assembly with no working
 * way to the core is unplugged, one with no feed loses power. Modules that somebody unplugged by hand stay so.
 */
export class EmulatedPlant {
  readonly plants: readonly Plant[];
  private readonly down = new Map<string, Set<string>>();
  /** Grows with each fault thrown or mended. */
  private changes = 0;
  private readonly waiting = new Set<() => void>();
  /** What was taken by a fault here, and is given back when it ends. */
  private readonly unplugged = new Set<KktModule>();
  private readonly unpowered = new Set<KktModule>();

  constructor(private readonly world: World) {
    const halls = new Map<string, Map<string, Set<number>>>();
    for (const { place } of world.note.modules) {
      const racks = halls.get(place.dc) ?? new Map<string, Set<number>>();
      halls.set(
        place.dc,
        racks.set(String(place.rack), (racks.get(String(place.rack)) ?? new Set()).add(place.assembly)),
      );
    }
    this.plants = [...halls].map(([dc, racks]) => {
      const plant = usualPlant(dc, [...racks.keys()]);
      return {
        ...plant,
        assemblies: plant.assemblies.filter(({ rack, number }) => racks.get(rack)?.has(number)),
      };
    });
  }

  /** Breaks an element or mends it. False when there is no such element. */
  set(dc: string, element: Element, isUp: boolean): boolean {
    const plant = this.plants.find((candidate) => candidate.dc === dc);
    if (!plant || !elements(plant).some((known) => elementKey(known) === elementKey(element))) return false;
    const down = this.downOf(dc);
    if (isUp) down.delete(elementKey(element));
    else down.add(elementKey(element));
    this.apply(plant);
    return true;
  }

  get version(): number {
    return this.changes;
  }

  /** Resolves at the next change after this version, or after so long: what a trap is to a poll. */
  changedAfter(version: number, waitMs: number): Promise<void> {
    if (version !== this.changes) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.waiting.add(done);
    });
  }

  /** What is broken here. */
  broken(): (Element & { dc: string })[] {
    return this.plants.flatMap((plant) =>
      elements(plant)
        .filter((element) => this.downOf(plant.dc).has(elementKey(element)))
        .map((element) => ({ dc: plant.dc, ...element })),
    );
  }

  /** The plant took the module's network or power: whoever mends the module alone gives it nothing back. */
  holds(module: KktModule): { network: boolean; power: boolean } {
    return { network: this.unplugged.has(module), power: this.unpowered.has(module) };
  }

  /** Mends everything. */
  heal(): void {
    for (const plant of this.plants) {
      this.downOf(plant.dc).clear();
      this.apply(plant);
    }
  }

  /** What a monitor of switches and power would say. */
  report(dc: string): PlantReport | undefined {
    const plant = this.plants.find((candidate) => candidate.dc === dc);
    if (!plant) return undefined;
    const down = this.downOf(dc);
    const isUp = (kind: Element['kind'], code: string): boolean => !down.has(`${kind}:${code}`);
    return {
      dc,
      feeds: plant.feeds.map((code) => ({ code, up: isUp('feed', code) })),
      switches: plant.switches.map(({ code, uplinks, feeds }) => ({
        code,
        up: isUp('switch', code) && feeds.some((feed) => isUp('feed', feed)),
        links: uplinks.map((to) => ({ to, up: isUp('link', `${code}>${to}`) })),
        ports: plant.assemblies.flatMap(({ rack, number, uplinks: cables }) =>
          Object.values(cables)
            .filter((cable) => cable.switch === code)
            .map(({ port }) => {
              const up = isUp('port', `${code}:${port}`);
              const inside = this.modulesOf(dc, rack, number);
              const busy = inside.filter((module) => module.hasHost).length;
              return {
                port: String(port),
                up,
                loadMbps: up ? Math.round(busy * mbpsPerModule * 50) / 100 : 0,
                expectedMbps: Math.round(inside.length * mbpsPerModule * 100) / 100,
              };
            }),
        ),
      })),
    };
  }

  private downOf(dc: string): Set<string> {
    const found = this.down.get(dc) ?? new Set<string>();
    this.down.set(dc, found);
    return found;
  }

  private apply(plant: Plant): void {
    this.changes += 1;
    for (const done of [...this.waiting]) done();
    for (const { rack, number, network, power } of reach(plant, this.downOf(plant.dc))) {
      for (const module of this.modulesOf(plant.dc, rack, number)) {
        if (network === 'down' && module.isPlugged) {
          this.unplugged.add(module);
          module.unplug();
        } else if (network !== 'down' && this.unplugged.delete(module)) module.replug();
        if (power === 'down' && module.isPowered) {
          this.unpowered.add(module);
          module.powerOff();
        } else if (power !== 'down' && this.unpowered.delete(module)) module.powerOn();
      }
    }
  }

  private modulesOf(dc: string, rack: string, assembly: number): KktModule[] {
    return this.world.note.modules.flatMap(({ place }, index) =>
      place.dc === dc && String(place.rack) === rack && place.assembly === assembly
        ? [this.world.at(index)]
        : [],
    );
  }
}
