/** What a client sells and wants. */
export interface CalculatorInput {
  receiptsPerDay: number;
  /** Receipts in the busiest minute. */
  peakPerMinute: number;
  /** How long such a peak lasts. */
  peakMinutes?: number;
  /** Milliseconds in which a register makes a receipt of ordinary length. */
  paceMs: number;
  /** Items of an ordinary receipt; each beyond the first few lengthens it by `itemMs`. */
  itemsPerReceipt?: number;
  itemMs?: number;
  /** Variance ÷ mean² of the time a receipt takes. */
  paceVariation?: number;
  /** Growth of the load in a month, e.g. 0.05. */
  growthPerMonth?: number;
  /** How far ahead the registers must do. */
  planMonths?: number;
  /** Seconds from acceptance to the document that 99 of 100 receipts of the peak must keep. */
  p99S: number;
  fnTermMonths?: number;
  fnCapacityDocuments?: number;
}

export interface CalculatorResult {
  /** Registers below which the peak's queue has no end. */
  minimum: number;
  /** Registers with which 99 % of the peak's receipts keep the wanted time. */
  optimal: number;
  /** FNs bought in a year for the optimal number. */
  fnsPerYear: number;
  /** At the optimal number, in the peak. */
  predictedP99S: number;
  /** Share of the peak in which a register works, at the optimal number. */
  utilisation: number;
  /** Days that one FN lasts, at the optimal number. */
  fnDays: number;
  /** Documents of one register a day: receipts and the two reports of its shift. */
  documentsPerRegisterDay: number;
  /** The load that was reckoned with: grown to the end of the plan. */
  plannedPeakPerMinute: number;
  plannedReceiptsPerDay: number;
  /** Seconds a receipt occupies a register. */
  serviceS: number;
  /** From few registers to more: what each number gives; for a chart. */
  options: { registers: number; predictedP99S: number; utilisation: number }[];
  arithmetic: { ru: string; en: string }[];
}

/** One broken rule of the input. */
export interface CalculatorFault {
  field: keyof CalculatorInput;
  rule: string;
}
