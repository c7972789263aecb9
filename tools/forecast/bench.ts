import { Forecaster } from '@kkt/forecast';
import { families, noises } from './families';
import { heldOutFamilies } from './held-out';

const farmDrives = 17_280;
const days = 365;

export interface FarmForecastCost {
  /** Of each run over the whole farm. */
  cpuSeconds: number[];
  /** FNs whose end lies within the horizon. */
  withEnd: number;
}

/** Foretells `drives` FNs with a year of daily readings, so many times; what it cost. */
export function measureForecast({ drives = farmDrives, repeats = 1 } = {}): FarmForecastCost {
  const made = [...families, ...heldOutFamilies].flatMap((family) =>
    noises.flatMap((noise) => [1, 2, 3].map((seed) => family.make(seed, noise))),
  );
  const histories = Array.from({ length: drives }, (_, drive) => {
    const life = made[drive % made.length] as (typeof made)[number];
    const documents = new Float64Array(days);
    // Shorter lives go round: every drive has its whole year of readings.
    for (let at = 0; at < days; at++) documents[at] = life.documents[at % life.documents.length] as number;
    return { firstDay: life.firstDay, documents };
  });
  const cost: FarmForecastCost = { cpuSeconds: [], withEnd: 0 };
  for (let turn = 0; turn < repeats; turn += 1) {
    const began = process.cpuUsage();
    const forecaster = new Forecaster();
    cost.withEnd = 0;
    for (const history of histories) {
      const { end } = forecaster.forecast({
        history,
        capacityDocuments: 250_000,
        validUntil: history.firstDay + 410,
      });
      if (end.day !== null) cost.withEnd += 1;
    }
    const { user, system } = process.cpuUsage(began);
    cost.cpuSeconds.push((user + system) / 1e6);
  }
  return cost;
}

if (require.main === module) {
  const { cpuSeconds, withEnd } = measureForecast();
  const seconds = cpuSeconds[0] ?? NaN;
  process.stdout.write(
    `fns=${farmDrives} days=${days} with_end=${withEnd} cpu_seconds=${seconds.toFixed(2)} us_per_fn=${((seconds * 1e6) / farmDrives).toFixed(0)}\n`,
  );
  process.exitCode = seconds < 5 ? 0 : 1;
}
