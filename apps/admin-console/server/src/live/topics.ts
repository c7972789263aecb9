import { Inject, Injectable } from '@nestjs/common';
import type { FarmChange } from '@kkt/storage';
import type { RackView, WireTraceView } from '@kkt/web-contract';
import type { LiveTopic } from '@kkt/web-server';
import { AlertDesk } from '../alerts/alert-desk';
import { DemoService } from '../demo/demo.service';
import { FarmService } from '../farm/farm.service';
import { OverviewService } from '../overview/overview.service';
import { PlantService } from '../plant/plant.service';
import { DoubtDesk } from '../queues/doubt-desk';
import { rackChanges, RacksService } from '../racks/racks.service';
import { ReceiptsService } from '../receipts/receipts.service';
import { RegisterDesk } from '../registers/register-desk';
import { RegistersService } from '../registers/registers.service';
import { WallsService } from '../walls/walls.service';

const everyMs = 1_000;

/** Topics that show what has changed: they are read at once. */
const touched: Readonly<Record<FarmChange, RegExp>> = {
  registers: /^(overview$|wall-hardware$|rack:|register:|doubt$)/,
  plant: /^(plant$|demo$|wall-hardware$|rack:)/,
  alerts: /^(alerts$|alert:|overview$|demo$|plant$|wall-)/,
};
export const isTouched = (change: FarmChange, topic: string): boolean => touched[change].test(topic);

/**
 * What browsers may watch, by name: `overview`, `wall-service`, `wall-hardware`, `queues`, `doubt`, `operators`, `alerts`, `alert:<id>`, `plant`, `demo`, `rack:<dc>/<rack>`, `register:<id>`, `trace:<id>`,
 * `receipt:<uuid>`.
 */
@Injectable()
export class Topics {
  constructor(
    @Inject(OverviewService) private readonly overview: OverviewService,
    @Inject(FarmService) private readonly farm: FarmService,
    @Inject(DemoService) private readonly demo: DemoService,
    @Inject(PlantService) private readonly plant: PlantService,
    @Inject(WallsService) private readonly walls: WallsService,
    @Inject(AlertDesk) private readonly alerts: AlertDesk,
    @Inject(RacksService) private readonly racks: RacksService,
    @Inject(RegistersService) private readonly registers: RegistersService,
    @Inject(RegisterDesk) private readonly desk: RegisterDesk,
    @Inject(ReceiptsService) private readonly receipts: ReceiptsService,
    @Inject(DoubtDesk) private readonly doubt: DoubtDesk,
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
      case 'doubt':
        return { everyMs, load: async () => ({ rows: await this.doubt.list() }) };
      case 'operators':
        return { everyMs: 2_000, load: () => this.farm.operators() };
      case 'alerts':
        return { everyMs, load: async () => ({ alerts: await this.alerts.list(true) }) };
    }
    return (
      this.alert(name) ?? this.rack(name) ?? this.register(name) ?? this.trace(name) ?? this.receipt(name)
    );
  }

  private alert(name: string): LiveTopic<unknown> | undefined {
    const id = /^alert:([0-9]{1,15})$/.exec(name)?.[1];
    return id === undefined ? undefined : { everyMs, load: () => this.alerts.read(id) };
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

  private trace(name: string): LiveTopic<unknown> | undefined {
    const id = Number(/^trace:([0-9]{1,9})$/.exec(name)?.[1]);
    if (!(id > 0)) return undefined;
    const topic: LiveTopic<WireTraceView> = {
      everyMs: 700,
      load: () => this.desk.trace(id),
      changes: traceChanges,
    };
    return topic as LiveTopic<unknown>;
  }

  private receipt(name: string): LiveTopic<unknown> | undefined {
    const id = /^receipt:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name)?.[1];
    return id === undefined ? undefined : { everyMs, load: () => this.receipts.inspect(id) };
  }
}

/** Lines that came since; everything when the trace was begun anew. */
function traceChanges(before: WireTraceView, after: WireTraceView): WireTraceView {
  const last = Number(before.lines.at(-1)?.id ?? 0);
  return { ...after, lines: after.lines.filter(({ id }) => Number(id) > last) };
}
