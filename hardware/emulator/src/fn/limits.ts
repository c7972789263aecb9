import type { FnModel } from '../catalog/fn-model';
import { DAY_MS, toDay, type WallMs } from '../wall-time';

/** What of a registration bears on the life of the keys. */
export interface UseOfFn {
  /** Mask of tag 1062. */
  taxSystems: number;
  mode: number;
  extMode: number;
}

const AUTONOMOUS = 0x02;
const SERVICES = 0x08;
const EXCISE = 0x01;
const OSN = 0x01;

/**
 * Days of the keys by the model and the way of use: excise and autonomous use, or goods under the general tax system,
 * shorten the life of a long FN. Numbers are in the model's data file.
 */
export function validDays(model: FnModel, use: UseOfFn): number {
  const days = [model.keyDays];
  if (use.extMode & EXCISE) days.push(model.keyDaysExcise);
  if (use.mode & AUTONOMOUS) days.push(model.keyDaysAutonomous);
  if (use.taxSystems & OSN && !(use.mode & SERVICES)) days.push(model.keyDaysGeneralTaxGoods);
  return Math.min(...days);
}

export const validUntil = (model: FnModel, registeredAt: WallMs, use: UseOfFn): WallMs =>
  toDay(registeredAt) + validDays(model, use) * DAY_MS;

/** Whole days left, 0 on and after the last day. */
export const daysLeft = (until: WallMs, now: WallMs): number =>
  Math.max(0, Math.floor((until - toDay(now)) / DAY_MS));
