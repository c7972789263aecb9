import { Controller, Get, Inject, Param } from '@nestjs/common';
import { PlantStore } from '@kkt/storage';
import { elementKey, reach, singlePoints } from '@kkt/topology';
import type { PlantView, RegisterPlantView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { RegisterParams } from '../registers/registers.controller';
import { PlantService } from './plant.service';

/** Network and power of the halls. */
@Controller('api')
export class PlantController {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(PlantStore) private readonly plant: PlantStore,
    @Inject(PlantService) private readonly view: PlantService,
  ) {}

  @Get('plant')
  read(): Promise<PlantView> {
    return this.view.read();
  }

  /** By what a register is reached and powered, and what alone could cut it off. */
  @Get('registers/:id/plant')
  async ofRegister(@Param() { id }: RegisterParams): Promise<RegisterPlantView> {
    const [row] = await this.parts.database.query<{ place: Record<string, string | number> }>(
      'select place from registers where id = $1',
      [id],
    );
    if (!row) throw notFound('register');
    const [dc, rack, number] = [String(row.place.dc), String(row.place.rack), Number(row.place.assembly)];
    const plant = (await this.plant.plants()).find((one) => one.dc === dc);
    const assembly = plant?.assemblies.find((one) => one.rack === rack && one.number === number);
    if (!plant || !assembly)
      return { uplinks: {}, feeds: {}, network: null, power: null, singlePoints: null };
    const keys = new Set((await this.plant.down()).filter((one) => one.dc === dc).map(elementKey));
    const now = reach({ ...plant, assemblies: [assembly] }, keys)[0];
    return {
      uplinks: assembly.uplinks,
      feeds: assembly.feeds,
      network: now?.network ?? null,
      power: now?.power ?? null,
      singlePoints: singlePoints(plant, rack, number),
    };
  }
}
