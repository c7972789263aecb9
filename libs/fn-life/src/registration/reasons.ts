/**
 * Bits of tag 1205 (FFD 1.1 and later) and what stands for them in the tax service's application. FFD 1.05 knows one
 * reason of four (tag 1101): the driver derives it.
 */
export const reregistrationReasons = [
  { bit: 0x1, name: 'fn', application: 4 },
  { bit: 0x2, name: 'operator', application: 2 },
  { bit: 0x4, name: 'user_name', application: 7 },
  { bit: 0x8, name: 'address', application: 1 },
  { bit: 0x10, name: 'to_transfer', application: 5 },
  { bit: 0x20, name: 'to_autonomous', application: 6 },
  { bit: 0x80, name: 'tax_systems', application: 8 },
  { bit: 0x100, name: 'machine_number', application: 3 },
  { bit: 0x2000, name: 'from_internet', application: 8 },
  { bit: 0x4000, name: 'to_internet', application: 8 },
  { bit: 0x8000, name: 'no_agent', application: 8 },
  { bit: 0x10000, name: 'agent', application: 8 },
  { bit: 0x200000, name: 'ffd', application: 8 },
  { bit: 0x80000000, name: 'other', application: 8 },
] as const;

export type ReregistrationReason = (typeof reregistrationReasons)[number]['name'];

export const reasonFn = 0x1;
export const reasonOperator = 0x2;

/** Mask of tag 1205. */
export const reasonMask = (names: readonly ReregistrationReason[]): number =>
  reregistrationReasons.filter(({ name }) => names.includes(name)).reduce((mask, { bit }) => mask + bit, 0);

/** Codes of the application, ascending, without repeats. */
export const applicationReasons = (mask: number): number[] =>
  [
    ...new Set(
      reregistrationReasons
        .filter(({ bit }) => Math.floor(mask / bit) % 2 === 1)
        .map((one) => one.application),
    ),
  ].sort((a, b) => a - b);
