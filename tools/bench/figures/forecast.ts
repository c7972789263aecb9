import { measureForecast } from '../../forecast/bench';
import { type Figure, median, row } from '../row';

const farm = 17_280;

/** A night's forecast for 30 racks. */
export const forecast: Figure = {
  name: 'forecast',
  quickS: 5,
  about: 'CPU of a forecast of the whole farm: 17,280 FNs with a year of daily readings',
  run({ quick, repeats }) {
    const drives = quick ? farm / 8 : farm;
    const { cpuSeconds } = measureForecast({ drives, repeats });
    return Promise.resolve([
      row({
        what: 'forecast of the whole farm, 17,280 FNs with a year of days, CPU',
        value: (median(cpuSeconds) * farm) / drives,
        unit: 's',
        goal: 5,
        goalIs: 'most',
        note: drives === farm ? 'one thread' : `one thread; ${drives} FNs measured, reckoned up to the farm`,
      }),
    ]);
  },
};
