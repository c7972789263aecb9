import type { DateText } from './common';

/** `GET /api/capacity`. */
export interface CapacityView {
  racks: { dc: string; rack: string; slots: number; taken: number; reserved: number }[];
  /** Modules in stock that stand in a slot or a cell, not rented. */
  spareModules: number;
  /** FNs by model: in stock, kept for clients, and those at work that end within 90 days by the forecast. */
  fns: { model: string; free: number; reserved: number; ending90d: number }[];
  /** What each group's true load asks for, as the night reckoned it. */
  groups: {
    groupCode: string;
    clientName: string;
    madeOn: DateText;
    registers: number;
    minimum: number;
    optimal: number;
    receiptsPerDay: number;
    peakPerMinute: number;
    predictedP99S: number;
    isDrifted: boolean;
    arithmetic: { ru: string; en: string }[];
  }[];
  /** Room of the farm by days, the oldest first. */
  days: { day: DateText; freeSlots: number; rented: number; freeFns: number; daysToFull: number | null }[];
}

/** `GET /api/capacity/plan`: what a load would need, and whether the farm has it. */
export interface CapacityPlan {
  minimum: number;
  optimal: number;
  predictedP99S: number;
  utilisation: number;
  fnsPerYear: number;
  arithmetic: { ru: string; en: string }[];
  freeSlots: number;
  spareModules: number;
  freeFns: number;
  /** What is missing for the optimal number. */
  lacks: { slots: number; modules: number; fns: number };
}
