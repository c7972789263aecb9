import type { CalculatorResult } from './types';

interface Facts {
  receiptsPerDay: number;
  peakPerMinute: number;
  peakMinutes: number;
  paceMs: number;
  itemsPerReceipt: number;
  itemMs: number;
  growthPerMonth: number;
  planMonths: number;
  growth: number;
  p99S: number;
  fnTermMonths: number;
  fnCapacityDocuments: number;
  serviceS: number;
  offered: number;
  termDays: number;
  fnDays: number;
}

const number = (value: number, digits = 2): string => String(Math.round(value * 10 ** digits) / 10 ** digits);

/** The calculation told step by step, as a client may check it with a pencil. */
export function arithmeticLines(
  facts: Facts,
  result: Omit<CalculatorResult, 'arithmetic'>,
): { ru: string; en: string }[] {
  const { minimum, optimal, options } = result;
  const lines: { ru: string; en: string }[] = [];
  const add = (ru: string, en: string) => lines.push({ ru, en });
  const service = `${number(facts.serviceS, 3)}`;
  if (facts.itemMs > 0 && facts.itemsPerReceipt > 1) {
    const sum = `${number(facts.paceMs)} + (${number(facts.itemsPerReceipt)} − 1) × ${number(facts.itemMs)} = ${number(facts.serviceS * 1000)}`;
    add(`Чек занимает кассу: ${sum} мс`, `A receipt occupies a register: ${sum} ms`);
  }
  if (facts.growth > 1) {
    const grown = `${number(facts.peakPerMinute)} × ${number(1 + facts.growthPerMonth, 4)}^${number(facts.planMonths)} = ${number(result.plannedPeakPerMinute)}`;
    add(
      `Пик с ростом за ${number(facts.planMonths)} мес.: ${grown} чеков в минуту`,
      `Peak grown over ${number(facts.planMonths)} months: ${grown} receipts a minute`,
    );
  }
  const offered = `${number(result.plannedPeakPerMinute)} ÷ 60 × ${service} = ${number(facts.offered, 3)}`;
  add(`Занято касс в пик: ${offered}`, `Registers busy in the peak: ${offered}`);
  add(
    `Минимум: ${minimum}, первое целое больше ${number(facts.offered, 3)}; при меньшем числе очередь в пик только растёт`,
    `Minimum: ${minimum}, the first whole number above ${number(facts.offered, 3)}; with fewer the peak's queue only grows`,
  );
  for (const option of options
    .filter(({ registers }) => registers >= minimum && registers <= optimal)
    .slice(-4)) {
    const text = `${option.registers}: ${number(facts.offered, 3)} ÷ ${option.registers} = ${number(option.utilisation * 100, 1)} %`;
    const isEnough = option.predictedP99S <= facts.p99S;
    add(
      `Касс ${text} занятости, 99 % чеков пика готовы за ${number(option.predictedP99S)} с ${isEnough ? '≤' : '>'} ${number(facts.p99S)} с`,
      `Registers ${text} busy, 99 % of the peak's receipts done in ${number(option.predictedP99S)} s ${isEnough ? '≤' : '>'} ${number(facts.p99S)} s`,
    );
  }
  add(`Оптимально: ${optimal}`, `Optimal: ${optimal}`);
  const perDay = number(result.documentsPerRegisterDay, 1);
  const life = `min(${number(facts.fnTermMonths)} × 30.44 = ${number(facts.termDays, 0)}, ${facts.fnCapacityDocuments} ÷ ${perDay} = ${number(facts.fnCapacityDocuments / result.documentsPerRegisterDay, 0)})`;
  add(
    `Документов в день на кассу: ${perDay} (чеки и два отчёта смены, в среднем за год); ФН служит ${life} = ${number(facts.fnDays, 0)} дней`,
    `Documents a day per register: ${perDay} (receipts and two shift reports, mean of a year); an FN lasts ${life} = ${number(facts.fnDays, 0)} days`,
  );
  const need = `${optimal} × 365.25 ÷ ${number(facts.fnDays, 1)} = ${number((optimal * 365.25) / facts.fnDays)}`;
  add(`ФН в год: ${need}, то есть ${result.fnsPerYear}`, `FNs a year: ${need}, that is ${result.fnsPerYear}`);
  return lines;
}
