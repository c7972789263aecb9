import { Inject, Injectable } from '@nestjs/common';
import type { RackView } from '@kkt/web-contract';
import type { LiveTopic } from '@kkt/web-server';
import { DemoService } from '../demo/demo.service';
import { FarmService } from '../farm/farm.service';
import { OverviewService } from '../overview/overview.service';
import { PlantService } from '../plant/plant.service';
import { rackChanges, RacksService } from '../racks/racks.service';
import { ReceiptsService } from '../receipts/receipts.service';
import { RegistersService } from '../registers/registers.service';
import { WallsService } from '../walls/walls.service';

const everyMs = 1_000;

/**
 * What browsers may watch, by name: `overview`, `wall-service`, `wall-hardware`, `queues`, `operators`, `alerts`, `plant`, `demo`, `rack:<dc>/<rack>`, `register:<id>`, `receipt:<uuid>`.
 */
@Injectable()
export class Topics {
  constructor(
    @Inject(OverviewService) private readonly overview: OverviewService,
    @Inject(FarmService) private readonly farm: FarmService,
    @Inject(DemoService) private readonly demo: DemoService,
    @Inject(PlantService) private readonly plant: PlantService,
    @Inject(WallsService) private readonly walls: WallsService,
    @Inject(RacksService) private readonly racks: RacksService,
    @Inject(RegistersService) private readonly registers: RegistersService,
    @Inject(ReceiptsService) private readonly receipts: ReceiptsService,
  ) {}

  /** Undefined for a name that means nothing. */
  find(name: string): LiveTopic<unknown> | undefined {
    switch (name) {
      case 'overview':
        return { everyMs, load: () => this.overview.read() };
      case 'demo':
        return { everyMs: 500, load: () => this.demo.read() };
      case 'plant':
        return { everyMs, load: () => this.plant.read() };
      case 'wall-service':
        return { everyMs, load: () => this.walls.service() };
      case 'wall-hardware':
        return { everyMs, load: () => this.walls.hardware() };
      case 'queues':
        return { everyMs, load: () => this.farm.queues() };
      case 'operators':
        return { everyMs: 2_000, load: () => this.farm.operators() };
      case 'alerts':
        return { everyMs, load: async () => ({ alerts: await this.farm.alerts(true) }) };
    }
    return this.rack(name) ?? this.register(name) ?? this.receipt(name);
  }

  private rack(name: string): LiveTopic<unknown> | undefined {
    const [, dc, rack] = /^rack:([^/]{1,64})\/([^/]{1,64})$/.exec(name) ?? [];
    if (dc === undefined || rack === undefined) return undefined;
    const topic: LiveTopic<RackView | undefined> = {
      everyMs,
      load: () => this.racks.rack(dc, rack),
      changes: rackChanges,
    };
    return topic as LiveTopic<unknown>;
  }

  private register(name: string): LiveTopic<unknown> | undefined {
    const id = Number(/^register:([0-9]{1,9})$/.exec(name)?.[1]);
    return id > 0 ? { everyMs, load: () => this.registers.read(id) } : undefined;
  }

  private receipt(name: string): LiveTopic<unknown> | undefined {
    const id = /^receipt:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name)?.[1];
    return id === undefined ? undefined : { everyMs, load: () => this.receipts.inspect(id) };
  }
}
