import { struct, type Codec } from '../bytes/codec';
import { ascii, bcd, bytes, digits, reserved, u16be, u32be, u8 } from '../bytes/fields';
import { momentOrNone } from '../bytes/moment';
import { exchange, type Confidence, type Exchange } from '../commands/exchange';

export interface RegisterParameters {
  p1?: number;
  p2?: number;
}

/** One register: `91 number p1 p2` → `55 err data`. Parameters left out are 0. */
export interface Register<Name extends string, Data> extends Exchange<Name, RegisterParameters, Data> {
  readonly number: number;
  /** What the parameters choose; absent = not used. */
  readonly p1?: string;
  readonly p2?: string;
}

interface Facts {
  confidence: Confidence;
  p1?: string;
  p2?: string;
}

const both = struct({ p1: u8(), p2: u8() });
const parameters: Codec<RegisterParameters> = {
  shape: both.shape,
  write: (out, { p1 = 0, p2 = 0 }) => both.write(out, { p1, p2 }),
  read: (from) => both.read(from),
};

const row = <const Name extends string, Data>(
  number: number,
  name: Name,
  meaning: string,
  { confidence, ...chosen }: Facts,
  data: Codec<Data>,
): Register<Name, Data> => ({
  number,
  ...chosen,
  ...exchange({
    name,
    prefix: [0x91, number],
    meaning,
    timeoutClass: 'register',
    onSilence: 'repeat-safe',
    confidence,
    request: parameters,
    head: 'plain',
    answer: data,
  }),
});

const agreed = { confidence: 'agreed' } as const;
const single = { confidence: 'single' } as const;
/** The register's number is public, its format is ours. */
const ours = { confidence: 'ours' } as const;
const receiptType = 'receipt type';

const clock = () => momentOrNone(['DD', 'MM', 'YY', 'hh', 'mm', 'ss'], 'bcd');
const minute = () => momentOrNone(['DD', 'MM', 'YY', 'hh', 'mm'], 'bcd');
const sum6 = struct({ sumKop: bcd(6) });
const sum7 = struct({ sumKop: bcd(7) });
const count2 = struct({ count: bcd(2) });

/** Registers 51 and 52: 26 bytes, with `55 err` 28. */
const document = struct({
  /** Tag 1040. */
  fdNumber: bcd(5),
  /** `RECEIPT_TYPE` for a receipt. */
  type: u8(),
  sumKop: bcd(7),
  at: minute(),
  /** Tag 1077, the printed number. */
  fiscalSign: bcd(5),
  gap: reserved(3),
});

/** Registers by name. Numbers and formats: atol-protocol facts 4.5; rows marked `ours` have a public number only. */
export const REGISTERS = {
  registrationsSum: row(
    1,
    'registrationsSum',
    'Sum of registrations',
    { ...ours, p1: receiptType, p2: 'section' },
    sum6,
  ),
  stornoSum: row(2, 'stornoSum', 'Sum of storno', { ...ours, p1: receiptType, p2: 'section' }, sum6),
  paymentsSum: row(
    3,
    'paymentsSum',
    'Sum of payments',
    { ...agreed, p1: receiptType, p2: 'payment type' },
    sum6,
  ),
  cashInSum: row(4, 'cashInSum', 'Cash put in', ours, sum6),
  cashOutSum: row(5, 'cashOutSum', 'Cash taken out', ours, sum6),
  registrationsCount: row(
    6,
    'registrationsCount',
    'Number of registrations',
    { ...agreed, p1: receiptType },
    count2,
  ),
  stornoCount: row(7, 'stornoCount', 'Number of storno', { ...ours, p1: receiptType }, count2),
  cashInCount: row(8, 'cashInCount', 'How often cash was put in', ours, count2),
  cashOutCount: row(9, 'cashOutCount', 'How often cash was taken out', ours, count2),
  cashInDrawer: row(10, 'cashInDrawer', 'Cash in the drawer', agreed, sum7),
  revenue: row(11, 'revenue', 'Revenue of the shift', ours, sum7),
  shiftTotal: row(12, 'shiftTotal', 'Total of the shift', ours, sum7),
  legacyTotal: row(13, 'legacyTotal', 'Non-nullable sum of models before FN', single, sum7),
  legacyReregistrationsLeft: row(
    15,
    'legacyReregistrationsLeft',
    'Re-registrations left, models before FN',
    single,
    struct({ left: u8() }),
  ),
  /** Six BCD bytes are agreed; the order of parts is that of register 18. */
  clock: row(17, 'clock', 'Date and time of the register', agreed, struct({ clock: clock() })),
  shiftLimit: row(
    18,
    'shiftLimit',
    'Is a shift open, and the moment its 24 hours end',
    agreed,
    struct({ shiftOpen: u8(), limit: clock() }),
  ),
  currentDocument: row(
    19,
    'currentDocument',
    'Current receipt and document numbers',
    ours,
    struct({ receiptNumber: bcd(2), documentNumber: bcd(5) }),
  ),
  openReceipt: row(
    20,
    'openReceipt',
    'State (0 closed, else a receipt type) and sum of the open receipt',
    { confidence: 'recalled' },
    struct({ state: u8(), sumKop: bcd(5) }),
  ),
  currentShift: row(21, 'currentShift', 'Number of the current shift', ours, struct({ shiftNumber: bcd(2) })),
  serialNumber: row(
    22,
    'serialNumber',
    'Serial number, 14 digits',
    agreed,
    struct({ serialNumber: digits(7) }),
  ),
  printSettings: row(
    24,
    'printSettings',
    'Line width and other print settings',
    single,
    struct({ lineWidth: bcd(1), others: bytes() }),
  ),
  registrationParameters: row(
    27,
    'registrationParameters',
    'Registration parameters, as the model keeps them',
    agreed,
    struct({ parameters: bytes() }),
  ),
  printStation: row(29, 'printStation', 'Print station', single, struct({ station: u8() })),
  grandTotal: row(40, 'grandTotal', 'Non-nullable sum', { ...single, p1: receiptType }, sum7),
  exchangeError: row(
    43,
    'exchangeError',
    'Last error of the exchange with the operator',
    { ...ours, p1: '1 network, 2 operator, 3 FN' },
    struct({ error: u16be() }),
  ),
  unsentCount: row(
    44,
    'unsentCount',
    'Documents not sent to the operator',
    agreed,
    struct({ count: bcd(3) }),
  ),
  oldestUnsentAt: row(
    45,
    'oldestUnsentAt',
    'Moment of the oldest unsent document',
    ours,
    struct({ at: minute() }),
  ),
  fnNumber: row(47, 'fnNumber', 'FN number (tag 1041)', ours, struct({ fnNumber: ascii(16) })),
  lastRegistration: row(
    48,
    'lastRegistration',
    'FD number and moment of the last (re)registration',
    ours,
    struct({ fdNumber: bcd(5), at: minute() }),
  ),
  lastReceipt: row(51, 'lastReceipt', 'Last receipt: FD number, sum, moment, fiscal sign', agreed, document),
  lastDocument: row(52, 'lastDocument', 'Last fiscal document, of any form', agreed, document),
  /** Three bytes of unknown meaning stand before the number. */
  fnShift: row(
    53,
    'fnShift',
    'Shift number in the FN',
    agreed,
    struct({ unknown: bytes(3), shiftNumber: bcd(3) }),
  ),
  ffdVersions: row(
    54,
    'ffdVersions',
    'FFD versions of the register and of the FN (values of tag 1209)',
    single,
    struct({ register: u8(), fn: u8(), unknown: bytes(4) }),
  ),
  extendedError: row(
    55,
    'extendedError',
    'Details of the last error; asked after device error EE',
    single,
    struct({ command: u16be(), error: u16be(), extra: u32be() }),
  ),
  receiptsCount: row(
    65,
    'receiptsCount',
    'Number of receipts',
    { ...ours, p1: '0 closed, 1 cancelled' },
    count2,
  ),
} as const;

export type RegisterName = keyof typeof REGISTERS;
export type AnyRegister = (typeof REGISTERS)[RegisterName];

const byNumber = new Map<number, AnyRegister>(
  Object.values(REGISTERS).map((item): [number, AnyRegister] => [item.number, item]),
);

/** The row of a register: `register('unsentCount').encodeRequest()` → `91 2C 00 00`. */
export const register = <N extends RegisterName>(name: N): (typeof REGISTERS)[N] => REGISTERS[name];

/** Device side, by the byte behind 91; undefined = device error 6C, bad register number. */
export const registerByNumber = (number: number): AnyRegister | undefined => byNumber.get(number);
