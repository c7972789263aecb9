import { z } from 'zod';

const ffd = z.union([z.literal(2), z.literal(3), z.literal(4)]);

/** Data file of a KKT model (`hardware/models/kkt/*.yaml`): how the device introduces itself, its sizes and quirks. */
export const kktModelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9.-]+$/),
  /** Model code, byte 3 of the answer to A5. */
  code: z.number().int().min(0).max(255),
  name: z.string().min(1),
  maker: z.string().min(1),
  firmware: z.strictObject({
    major: z.number().int().min(0).max(99),
    minor: z.number().int().min(0).max(99),
    language: z.number().int().min(0).max(255),
    build: z.number().int().min(0).max(9999),
  }),
  bootloader: z.strictObject({
    major: z.number().int().min(0).max(99),
    minor: z.number().int().min(0).max(99),
    language: z.number().int().min(0).max(255),
    build: z.number().int().min(0).max(9999),
  }),
  /** Tag 1188. */
  kktVersion: z.string().min(1).max(8),
  /** FFD codes (tag 1189) the firmware can be registered for. */
  ffd: z.array(ffd).min(1),
  lineWidth: z.number().int().min(16).max(99),
  /** Digits of the factory number. */
  serialDigits: z.number().int().min(7).max(14),
  /** Tax number of EB (byte taxType) to VAT rate code (tag 1199). */
  taxNumbers: z.record(z.string().regex(/^\d+$/), z.number().int().min(1).max(12)),
  taskBuffer: z.strictObject({
    tasks: z.number().int().positive(),
    bytes: z.number().int().positive(),
    survivesPowerOff: z.boolean(),
  }),
  quirks: z.strictObject({
    /** An open receipt is still open after a power cut. */
    receiptSurvivesPowerOff: z.boolean(),
    /** 92 opens a shift by itself when none is open. */
    opensShiftByItself: z.boolean(),
    /** 5A and 67 answer at once and work on: 45 shows 3.2, 7.1, 3.0 (2.2, 2.0). */
    reportsInBackground: z.boolean(),
    /** The check digits of the RNM are compared with the INN and the factory number. */
    checksRnm: z.boolean(),
  }),
  /** Time from power on to the first answer, ms. */
  bootMs: z.number().int().min(0),
});

export type KktModel = Readonly<z.infer<typeof kktModelSchema>>;
