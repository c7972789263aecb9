import { Forecaster } from '@kkt/forecast';
import { families, noises } from './families';
import { heldOutFamilies } from './held-out';

/** Foretells a whole farm with a year of daily readings, and prints what it cost. */

const drives = 17_280;
const days = 365;

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

const began = process.cpuUsage();
const forecaster = new Forecaster();
let withEnd = 0;
for (const history of histories) {
  const { end } = forecaster.forecast({
    history,
    capacityDocuments: 250_000,
    validUntil: history.firstDay + 410,
  });
  if (end.day !== null) withEnd += 1;
}
const { user, system } = process.cpuUsage(began);
const seconds = (user + system) / 1e6;
process.stdout.write(
  `fns=${drives} days=${days} with_end=${withEnd} cpu_seconds=${seconds.toFixed(2)} us_per_fn=${((seconds * 1e6) / drives).toFixed(0)}\n`,
);
process.exitCode = seconds < 5 ? 0 : 1;
