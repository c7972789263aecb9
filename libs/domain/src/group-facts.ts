import type { FfdVersion } from '@kkt/contracts';

/** What is known about the group of registers that will take the receipt. */
export interface GroupFacts {
  inn: string;
  ffd: FfdVersion;
  /** Mask of registered tax systems (tag 1062). */
  taxSystems: number;
  /** Taken when the receipt names none. */
  defaultTaxSystem: number | null;
  /** Tag 1187 of the registration. */
  place: string;
  /** Tag 1009 of the registration. */
  address: string;
  /** Tag 1117 of the registration. */
  senderEmail: string | null;
}
