import { printingCommands } from './printing.commands';
import { receiptCommands } from './receipt.commands';
import { serviceCommands } from './service.commands';
import { stateCommands } from './state.commands';

/** Every command of the device, by name. */
export const COMMANDS = {
  ...stateCommands,
  ...receiptCommands,
  ...serviceCommands,
  ...printingCommands,
} as const;

export type CommandName = keyof typeof COMMANDS;
/** A row of the table; `name` tells the rows apart, so a `switch` on it narrows requests and answers. */
export type AnyCommand = (typeof COMMANDS)[CommandName];

const byCode = new Map<number, AnyCommand>(
  Object.values(COMMANDS).map((row): [number, AnyCommand] => [row.prefix[0] ?? 0, row]),
);

/** The row of a command: `command('closeReceipt').encodeRequest({ flags: 0, paymentType: 1, sumKop: 0 })`. */
export const command = <N extends CommandName>(name: N): (typeof COMMANDS)[N] => COMMANDS[name];

/** Device side: whose request this is, by its first byte; undefined = bad command (device error F2). */
export const commandByCode = (code: number): AnyCommand | undefined => byCode.get(code);

export { POWER_ACTION } from './state.commands';
export { REPORT_TYPE } from './service.commands';
