import { arithmeticLines } from './arithmetic';
import { type PeakLoad, peakQuantileS } from './queue-model';
import type { ServiceTime } from './service-time';
import type { CalculatorFault, CalculatorInput, CalculatorResult } from './types';

export class CalculatorError extends Error {
  constructor(readonly faults: readonly CalculatorFault[]) {
    super(faults.map(({ field, rule }) => `${field} ${rule}`).join('; '));
    this.name = 'CalculatorError';
  }
}

/** Ours: FNs of 13 months are what most clients must use; capacity by a cloud operator's published help (models/fn). */
export const calculatorDefaults = {
  peakMinutes: 60,
  itemsPerReceipt: 1,
  itemMs: 0,
  paceVariation: 0,
  growthPerMonth: 0,
  planMonths: 12,
  fnTermMonths: 13,
  fnCapacityDocuments: 250_000,
} as const;

/** Documents a register makes each day beside receipts: opening and closing of its shift. */
const reportsPerDay = 2;
const maxRegisters = 8640;
const daysPerMonth = 365.25 / 12;

const limits: Record<keyof CalculatorInput, readonly [least: number, most: number, isWhole: boolean]> = {
  receiptsPerDay: [1, 50_000_000, false],
  peakPerMinute: [0.01, 100_000, false],
  peakMinutes: [1, 1440, false],
  paceMs: [1, 60_000, false],
  itemsPerReceipt: [1, 1000, false],
  itemMs: [0, 10_000, false],
  paceVariation: [0, 4, false],
  growthPerMonth: [-0.5, 1, false],
  planMonths: [0, 36, false],
  p99S: [0.01, 86_400, false],
  fnTermMonths: [1, 60, false],
  fnCapacityDocuments: [100, 10_000_000, true],
};

/** Every broken rule at once; an empty list when the input can be reckoned with. */
export function calculatorFaults(input: Partial<CalculatorInput>): CalculatorFault[] {
  const faults: CalculatorFault[] = [];
  for (const [field, [least, most, isWhole]] of Object.entries(limits) as [
    keyof CalculatorInput,
    (typeof limits)[keyof CalculatorInput],
  ][]) {
    const value = input[field];
    if (value === undefined) {
      if (!(field in calculatorDefaults)) faults.push({ field, rule: 'must be given' });
      continue;
    }
    if (
      typeof value !== 'number' ||
      !(value >= least && value <= most) ||
      (isWhole && !Number.isInteger(value))
    )
      faults.push({ field, rule: `must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}` });
  }
  if (faults.length > 0) return faults;
  const { receiptsPerDay, peakPerMinute, p99S } = input as CalculatorInput;
  if (peakPerMinute < receiptsPerDay / 1440)
    faults.push({
      field: 'peakPerMinute',
      rule: `must be at least the day's mean of ${(receiptsPerDay / 1440).toFixed(2)}`,
    });
  const { serviceS, offered } = loadOf(input as CalculatorInput);
  if (p99S < serviceS)
    faults.push({
      field: 'p99S',
      rule: `must be at least the ${serviceS.toFixed(2)} s that one receipt takes`,
    });
  if (offered > maxRegisters)
    faults.push({
      field: 'peakPerMinute',
      rule: `asks for more registers than ${maxRegisters}, half a farm`,
    });
  return faults;
}

function loadOf(input: CalculatorInput) {
  const all = { ...calculatorDefaults, ...withoutGaps(input) };
  const growth = (1 + all.growthPerMonth) ** all.planMonths;
  const plannedPeakPerMinute = all.peakPerMinute * Math.max(1, growth);
  const plannedReceiptsPerDay = all.receiptsPerDay * Math.max(1, growth);
  const serviceS = (all.paceMs + (all.itemsPerReceipt - 1) * all.itemMs) / 1000;
  return {
    all,
    growth: Math.max(1, growth),
    plannedPeakPerMinute,
    plannedReceiptsPerDay,
    serviceS,
    offered: (plannedPeakPerMinute / 60) * serviceS,
  };
}

const withoutGaps = (input: CalculatorInput): CalculatorInput =>
  Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as unknown as CalculatorInput;

/** How many registers and FNs a load needs. Throws `CalculatorError` naming every field that cannot be. */
export function calculate(input: CalculatorInput): CalculatorResult {
  const faults = calculatorFaults(input);
  if (faults.length > 0) throw new CalculatorError(faults);
  const planned = loadOf(input);
  const { all, serviceS, offered, plannedPeakPerMinute, plannedReceiptsPerDay } = planned;
  const peakS = all.peakMinutes * 60;
  const peakShare = Math.min(plannedReceiptsPerDay, plannedPeakPerMinute * all.peakMinutes);
  const restS = 86_400 - peakS;
  const load: PeakLoad = {
    ordinaryPerS:
      restS > 0
        ? Math.min((plannedReceiptsPerDay - peakShare) / restS, plannedPeakPerMinute / 60)
        : plannedPeakPerMinute / 60,
    peakPerS: plannedPeakPerMinute / 60,
    peakS,
  };
  const service: ServiceTime = { meanS: serviceS, variation: all.paceVariation };
  const known = new Map<number, number>();
  const p99 = (registers: number): number => {
    let value = known.get(registers);
    if (value === undefined) known.set(registers, (value = peakQuantileS(load, registers, service, 0.99)));
    return value;
  };
  const minimum = Math.max(1, Math.floor(offered) + 1);
  const optimal = smallest(minimum, (registers) => p99(registers) <= Math.max(all.p99S, floorS(service)));
  const documentsPerRegisterDay =
    averageReceipts(all.receiptsPerDay, all.growthPerMonth) / optimal + reportsPerDay;
  const termDays = all.fnTermMonths * daysPerMonth;
  const fnDays = Math.min(termDays, all.fnCapacityDocuments / documentsPerRegisterDay);
  const result = {
    minimum,
    optimal,
    fnsPerYear: Math.ceil((optimal * 365.25) / fnDays - 1e-9),
    predictedP99S: round(p99(optimal)),
    utilisation: round(offered / optimal),
    fnDays: Math.floor(fnDays),
    documentsPerRegisterDay: round(documentsPerRegisterDay),
    plannedPeakPerMinute: round(plannedPeakPerMinute),
    plannedReceiptsPerDay: round(plannedReceiptsPerDay),
    serviceS,
    options: optionsAround(minimum, optimal).map((registers) => ({
      registers,
      predictedP99S: round(p99(registers)),
      utilisation: round(offered / registers),
    })),
  };
  return { ...result, arithmetic: arithmeticLines({ ...planned, ...all, termDays, fnDays }, result) };
}

/** More registers cannot make a receipt quicker than the slowest hundredth of receipts is by itself. */
const floorS = (service: ServiceTime): number =>
  service.variation > 0
    ? peakQuantileS({ ordinaryPerS: 0, peakPerS: 1e-6, peakS: service.meanS }, 1, service, 0.99) * 1.02
    : 0;

/** Smallest number from `from` on that will do; more registers never do worse. */
function smallest(from: number, will: (registers: number) => boolean): number {
  if (will(from)) return from;
  let low = from;
  let step = 1;
  while (!will(low + step)) {
    low += step;
    step *= 2;
  }
  let high = low + step;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (will(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function optionsAround(minimum: number, optimal: number): number[] {
  const all = new Set([minimum, optimal]);
  const step = Math.max(1, Math.round(optimal / 20));
  for (let registers = Math.max(1, optimal - 4 * step); registers <= optimal + 4 * step; registers += step)
    if (registers >= minimum) all.add(registers);
  return [...all].sort((a, b) => a - b);
}

/** Mean receipts a day over the coming year. */
function averageReceipts(perDay: number, growthPerMonth: number): number {
  let sum = 0;
  for (let month = 0; month < 12; month++) sum += perDay * (1 + growthPerMonth) ** (month + 0.5);
  return sum / 12;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
