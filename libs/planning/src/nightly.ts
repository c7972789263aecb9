import type { Clock, Log } from '@kkt/contracts';
import {
  type Day,
  dayOf,
  Forecaster,
  forecastModel,
  type FnForecast,
  type FnForecastInput,
  isoOf,
  reasonInWords,
} from '@kkt/forecast';
import type {
  DriveToForecast,
  FarmCapacityRow,
  ForecastRow,
  GroupNeedRow,
  PlanningStore,
} from '@kkt/storage';
import { groupNeed } from './group-need';

export interface PlanningPorts {
  store: Pick<
    PlanningStore,
    | 'keepReadings'
    | 'beginNightly'
    | 'finishNightly'
    | 'groupsWithDrives'
    | 'drivesOf'
    | 'saveForecasts'
    | 'groupLoads'
    | 'saveNeeds'
    | 'keepCapacity'
    | 'forget'
  >;
  clock: Clock;
  log: Log;
}

export interface PlanningReport {
  day: string;
  forecasts: number;
  needs: number;
  drifted: number;
  capacity: FarmCapacityRow;
}

/** Moscow's hour from which on yesterday's readings are complete and the night's run may begin. */
export const planningStartHour = 1;
const moscowOffsetMs = 3 * 3_600_000;
const kind = 'planning';
/** Registers are read by groups, so many groups at once: memory stays small on a whole farm. */
const groupsAtOnce = 50;
const historyDays = 760;

/** Foretells every FN, reckons every group's need anew and counts the room of the farm; once a night, by one process. */
export class NightlyPlanning {
  constructor(private readonly ports: PlanningPorts) {}

  /** Keeps today's readings; begins the night's run when it is due. */
  async look(): Promise<PlanningReport | undefined> {
    const { store, clock } = this.ports;
    await store.keepReadings();
    const hour = new Date(clock.nowMs() + moscowOffsetMs).getUTCHours();
    if (hour < planningStartHour) return undefined;
    return this.run();
  }

  /** The run of this day, unless it was made. */
  async run(): Promise<PlanningReport | undefined> {
    const { store, log } = this.ports;
    const day = await store.beginNightly(kind);
    if (day === undefined) return undefined;
    const groups = await store.groupsWithDrives();
    let forecasts = 0;
    let needs = 0;
    let drifted = 0;
    const forecaster = new Forecaster();
    for (let at = 0; at < groups.length; at += groupsAtOnce) {
      const part = groups.slice(at, at + groupsAtOnce);
      const rows = forecastDrives(forecaster, await store.drivesOf(part, historyDays), day);
      await store.saveForecasts(day, rows);
      forecasts += rows.length;
      const asked = (await store.groupLoads(part))
        .map(groupNeed)
        .filter((need): need is GroupNeedRow => need !== undefined);
      await store.saveNeeds(day, asked);
      needs += asked.length;
      drifted += asked.filter(({ isDrifted }) => isDrifted).length;
    }
    const capacity = await store.keepCapacity();
    await store.forget();
    const report = { day, forecasts, needs, drifted, capacity };
    await store.finishNightly(kind, day, report);
    log.info({ ...report, capacity: undefined, ...capacity }, 'planning of the night ended');
    return report;
  }
}

/** Forecasts by groups: registers of one group share its load. */
export function forecastDrives(
  forecaster: Forecaster,
  drives: readonly DriveToForecast[],
  day: string,
): ForecastRow[] {
  const today = dayOf(day) as Day;
  const groups = new Map<number, DriveToForecast[]>();
  for (const drive of drives) {
    const group = groups.get(drive.groupId);
    if (group) group.push(drive);
    else groups.set(drive.groupId, [drive]);
  }
  return [...groups.values()].flatMap((group) => {
    const inputs = group.map((drive) => inputOf(drive, today));
    const forecasts = forecaster.forecastGroup(inputs);
    return group.map((drive, at) => rowOf(drive, inputs[at] as FnForecastInput, forecasts[at] as FnForecast));
  });
}

function inputOf(drive: DriveToForecast, today: Day): FnForecastInput {
  const firstDay = drive.firstDay === null ? today : (dayOf(drive.firstDay) as Day);
  return {
    history: { firstDay, documents: Float64Array.from(drive.documents, (value) => value ?? NaN) },
    capacityDocuments: drive.capacityDocuments,
    usedDocuments: drive.usedDocuments,
    validUntil: drive.validUntil === null ? undefined : dayOf(drive.validUntil),
    today,
  };
}

function rowOf(drive: DriveToForecast, asked: FnForecastInput, forecast: FnForecast): ForecastRow {
  const iso = (day: Day | null) => (day === null ? null : isoOf(day));
  const { fill, end, warnOn, findings, usedDocuments } = forecast;
  return {
    fnNumber: drive.fnNumber,
    registerId: drive.registerId,
    groupId: drive.groupId,
    model: forecastModel,
    fillP10: iso(fill.p10),
    fillP50: iso(fill.p50),
    fillP90: iso(fill.p90),
    endOn: iso(end.day),
    cause: end.cause,
    warnOn: iso(warnOn),
    documentsUsed: usedDocuments,
    perDay: findings.perDay,
    reasonRu: reasonInWords(forecast, asked, 'ru'),
    reasonEn: reasonInWords(forecast, asked, 'en'),
  };
}
