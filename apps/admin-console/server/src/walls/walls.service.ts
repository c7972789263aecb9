import { Inject, Injectable } from '@nestjs/common';
import type { HardwareWall, Overview, PlantView, ServiceWall } from '@kkt/web-contract';
import { moment } from '@kkt/web-server';
import { AlertsService } from '../alerts/alerts.service';
import { OverviewService } from '../overview/overview.service';
import { type ConsoleParts, PARTS } from '../parts';
import { PlantService } from '../plant/plant.service';

const urgentShown = 6;
const grades = ['ok', 'degraded', 'down'] as const;

/** What hangs on the wall: seen from three metres, touched by nobody. */
@Injectable()
export class WallsService {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(OverviewService) private readonly overview: OverviewService,
    @Inject(PlantService) private readonly plant: PlantService,
    @Inject(AlertsService) private readonly alerts: AlertsService,
  ) {}

  async service(): Promise<ServiceWall> {
    const { database } = this.parts;
    const [overview, tests, urgent] = await Promise.all([
      this.overview.read(),
      database.query<{
        at: Date;
        outcome: 'ok' | 'failed';
        acceptMs: number | null;
        registerMs: number | null;
        error: string | null;
      }>(
        `select started_at as at, outcome, accept_ms as "acceptMs", register_ms as "registerMs", error
         from synthetic_receipts order by started_at desc limit 1`,
        [],
        'wall_test',
      ),
      database.query<Omit<ServiceWall['urgent'][number], 'openedAt'> & { openedAt: Date }>(
        `select a.id::text, a.severity, a.text, a.opened_at as "openedAt", s.name as owner, cardinality(a.registers) as registers
         from alerts a left join staff s on s.id = a.acked_by where a.closed_at is null and a.severity <= 2
         order by a.severity, a.opened_at limit $1`,
        [urgentShown],
        'wall_urgent',
      ),
    ]);
    const [test] = tests;
    return {
      health: overview.health,
      minutes: overview.minutes,
      queue: overview.queue,
      test: test ? { ...test, at: moment(test.at) } : null,
      operators: overview.operators.map(({ name, unsent, ready, oldestS }) => ({
        name,
        unsent,
        ready,
        oldestS,
      })),
      urgent: urgent.map((one) => ({ ...one, openedAt: moment(one.openedAt) })),
    };
  }

  async hardware(): Promise<HardwareWall> {
    const [overview, plant, duty] = await Promise.all([
      this.overview.read(),
      this.plant.read(),
      this.alerts.duty(1),
    ]);
    return {
      racks: racksOf(overview, plant),
      registers: overview.registers,
      fnEnding: overview.fnEnding,
      fnNearlyFull: overview.fnNearlyFull,
      duty: duty.now.map(({ role, staffId, name }) => ({
        role,
        name,
        until:
          duty.shifts
            .filter((shift) => shift.role === role && shift.staffId === staffId)
            .map(({ endsAt }) => endsAt)
            .find((endsAt) => Date.parse(endsAt) > this.parts.clock.nowMs()) ?? '',
      })),
    };
  }
}

const worst = (all: readonly (typeof grades)[number][]): (typeof grades)[number] | null =>
  all.length === 0 ? null : (grades.findLast((grade) => all.includes(grade)) ?? 'ok');

function racksOf(overview: Overview, plant: PlantView): HardwareWall['racks'] {
  return overview.racks.map(({ dc, rack, places, conditions, worst: worstState }) => {
    const inside =
      plant.centres.find((one) => one.dc === dc)?.assemblies.filter((one) => one.rack === rack) ?? [];
    return {
      dc,
      rack,
      up: conditions.works ?? 0,
      total: places,
      worst: worstState,
      network: worst(inside.map(({ network }) => network)),
      power: worst(inside.map(({ power }) => power)),
    };
  });
}
