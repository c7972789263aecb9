import type { Random } from '@kkt/contracts';
import { type PeakLoad, peakQuantileS } from './queue-model';
import { simulatePeaks } from './simulate';

/** A load on which the calculator is checked. */
export interface LoadShape {
  name: string;
  perMinute: number;
  ordinaryPerMinute: number;
  peakMinutes: number;
  registers: number;
  paceMs: number;
  /** Variance ÷ mean² of the time a receipt takes, by what makes it differ. */
  variation: number;
  serviceS: (random: Random) => number;
}

const equal = (paceMs: number) => ({ paceMs, variation: 0, serviceS: () => paceMs / 1000 });

/** A fixed part and a part for each item; their number falls off geometrically from 1. */
function byItems(fixedMs: number, itemMs: number, meanItems: number) {
  const more = 1 - 1 / meanItems;
  const paceMs = fixedMs + itemMs * meanItems;
  return {
    paceMs,
    variation: (itemMs ** 2 * more * meanItems ** 2) / paceMs ** 2,
    serviceS: (random: Random) => {
      const items = more > 0 ? 1 + Math.floor(Math.log(1 - random.next()) / Math.log(more)) : 1;
      return (fixedMs + itemMs * items) / 1000;
    },
  };
}

export const loadShapes: readonly LoadShape[] = [
  {
    name: 'one register, half busy',
    perMinute: 30,
    ordinaryPerMinute: 5,
    peakMinutes: 60,
    registers: 1,
    ...equal(1000),
  },
  {
    name: 'one register, nearly full',
    perMinute: 51,
    ordinaryPerMinute: 10,
    peakMinutes: 120,
    registers: 1,
    ...equal(1000),
  },
  {
    name: 'three, busy',
    perMinute: 70,
    ordinaryPerMinute: 20,
    peakMinutes: 60,
    registers: 3,
    ...equal(2200),
  },
  {
    name: 'ten, quiet',
    perMinute: 150,
    ordinaryPerMinute: 60,
    peakMinutes: 60,
    registers: 10,
    ...equal(2500),
  },
  {
    name: 'ten, nearly full',
    perMinute: 228,
    ordinaryPerMinute: 60,
    peakMinutes: 60,
    registers: 10,
    ...equal(2500),
  },
  {
    name: 'fifty, busy',
    perMinute: 930,
    ordinaryPerMinute: 300,
    peakMinutes: 30,
    registers: 50,
    ...equal(3000),
  },
  {
    name: 'short rush beyond the pace',
    perMinute: 140,
    ordinaryPerMinute: 20,
    peakMinutes: 5,
    registers: 4,
    ...equal(2000),
  },
  {
    name: 'rush of an hour beyond the pace',
    perMinute: 62,
    ordinaryPerMinute: 10,
    peakMinutes: 60,
    registers: 2,
    ...equal(2000),
  },
  {
    name: 'few items, three registers',
    perMinute: 60,
    ordinaryPerMinute: 15,
    peakMinutes: 60,
    registers: 3,
    ...byItems(900, 400, 3),
  },
  {
    name: 'many items, eight registers',
    perMinute: 120,
    ordinaryPerMinute: 40,
    peakMinutes: 90,
    registers: 8,
    ...byItems(600, 300, 9),
  },
];

export interface ShapeCheck {
  name: string;
  predictedP99S: number;
  simulatedP99S: number;
  /** Predicted ÷ simulated − 1. */
  difference: number;
  receipts: number;
}

/** Predicts and simulates one shape; `receipts` is about how many are simulated. */
export function shapeCheck(shape: LoadShape, random: Random, receipts: number): ShapeCheck {
  const load: PeakLoad = {
    ordinaryPerS: shape.ordinaryPerMinute / 60,
    peakPerS: shape.perMinute / 60,
    peakS: shape.peakMinutes * 60,
  };
  const service = { meanS: shape.paceMs / 1000, variation: shape.variation };
  const predictedP99S = peakQuantileS(load, shape.registers, service, 0.99);
  const simulated = simulatePeaks(load, shape.registers, {
    serviceS: shape.serviceS,
    leadInS: 300,
    peaks: Math.max(8, Math.ceil(receipts / (shape.perMinute * shape.peakMinutes))),
    random,
  });
  return {
    name: shape.name,
    predictedP99S,
    simulatedP99S: simulated.p99S,
    difference: predictedP99S / simulated.p99S - 1,
    receipts: simulated.receipts,
  };
}
