import { z } from 'zod';

const days = z.number().int().positive();

/** Data file of an FN model (`hardware/models/fn/*.yaml`): limits and lifetimes. */
export const fnModelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9.-]+$/),
  /** Name as on the passport and in the FNS register. */
  name: z.string().min(1),
  maker: z.string().min(1),
  /** Highest FFD: code of tag 1190. */
  ffd: z.union([z.literal(2), z.literal(3), z.literal(4)]),
  /** Term by name, months. */
  months: days,
  keyDays: days,
  keyDaysExcise: days,
  keyDaysAutonomous: days,
  keyDaysGeneralTaxGoods: days,
  /** Documents over the whole life. */
  documents: days,
  /** The last documents are kept for closing: shift, settlement report, FN. */
  closingReserve: days,
  /** Store of documents that wait for the operator's receipt, KiB. */
  unsentStoreKib: days,
  /** Reports of form 11 after the first registration. */
  reregistrations: days,
  /** 16 characters of command 33. */
  firmware: z.string().max(16),
  /** False: a test FN of series 9999, plain containers, command 60 allowed. */
  serial: z.boolean(),
});

export type FnModel = Readonly<z.infer<typeof fnModelSchema>>;
