import { Inject, Injectable } from '@nestjs/common';
import { PlantStore } from '@kkt/storage';
import { affectedBy, type Element, elementKey, type Plant, reach, singlePoints } from '@kkt/topology';
import type { PlantView } from '@kkt/web-contract';
import { type ConsoleParts, PARTS } from '../parts';

/** Network and power of the halls: as built, as they are, and what alone could cut an assembly off. */
@Injectable()
export class PlantService {
  private readonly single = new Map<string, { built: string; points: Map<string, Element[]> }>();

  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(PlantStore) private readonly plant: PlantStore,
  ) {}

  async read(): Promise<PlantView> {
    const [plants, down, reports] = await Promise.all([
      this.plant.plants(),
      this.plant.down(),
      this.plant.reports(),
    ]);
    return {
      panel: this.parts.emulatorControlUrl !== undefined,
      centres: plants.map((plant) => {
        const keys = new Set(down.filter(({ dc }) => dc === plant.dc).map(elementKey));
        const single = this.singleOf(plant);
        const said = reports.find(({ report }) => report.dc === plant.dc);
        return {
          dc: plant.dc,
          feeds: plant.feeds.map((code) => ({ code, up: !keys.has(`feed:${code}`) })),
          switches: plant.switches.map(({ code, role, rack, uplinks, feeds }) => ({
            code,
            role,
            rack: rack ?? null,
            up: !keys.has(`switch:${code}`),
            uplinks: uplinks.map((to) => ({ to, up: !keys.has(`link:${code}>${to}`) })),
            feeds: [...feeds],
            ports: [...(said?.report.switches.find((one) => one.code === code)?.ports ?? [])],
          })),
          assemblies: reach(plant, keys).map((one) => ({
            ...one,
            singlePoints: single.get(`${one.rack}/${one.number}`) ?? [],
          })),
          down: down
            .filter(({ dc }) => dc === plant.dc)
            .map(({ dc: _, since, ...element }) => ({
              ...element,
              since: since.toISOString(),
              assemblies: affectedBy(plant, element),
            })),
          seenAt: said?.seenAt.toISOString() ?? null,
        };
      }),
    };
  }

  /** Each assembly's single points of failure: of the hall as built, so they are found anew only when it is rebuilt. */
  private singleOf(plant: Plant): Map<string, Element[]> {
    const built = JSON.stringify(plant);
    const known = this.single.get(plant.dc);
    if (known?.built === built) return known.points;
    const points = new Map(
      plant.assemblies.map(({ rack, number }) => [`${rack}/${number}`, singlePoints(plant, rack, number)]),
    );
    this.single.set(plant.dc, { built, points });
    return points;
  }
}
