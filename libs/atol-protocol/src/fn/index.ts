import { archiveCommands } from './archive.commands';
import { documentCommands } from './document.commands';
import { infoCommands } from './info.commands';
import { operatorCommands } from './operator.commands';
import { oursCommands } from './ours';

/** Commands of the fiscal drive passed by A4, by name. */
export const FN_COMMANDS = {
  ...documentCommands,
  ...operatorCommands,
  ...infoCommands,
  ...archiveCommands,
  ...oursCommands,
} as const;

export type FnCommandName = keyof typeof FN_COMMANDS;
export type AnyFnCommand = (typeof FN_COMMANDS)[FnCommandName];

const byCode = new Map<number, AnyFnCommand>(
  Object.values(FN_COMMANDS).map((row): [number, AnyFnCommand] => [row.fnCode, row]),
);

/** The row of an FN command: `fnCommand('findDocument').encodeRequest({ fdNumber: 7 })` → `A4 40 07 00 00 00`. */
export const fnCommand = <N extends FnCommandName>(name: N): (typeof FN_COMMANDS)[N] => FN_COMMANDS[name];

/** Device side, by the byte behind A4; undefined = FN answer 01 (device error D3). */
export const fnCommandByCode = (code: number): AnyFnCommand | undefined => byCode.get(code);

export { WHOLE_REGISTRATION } from './archive.commands';
export {
  ARCHIVE_LAYOUTS,
  decodeArchiveDocument,
  encodeArchiveDocument,
  type ArchiveDocument,
  type RegistrationTotals,
} from './archive-document';
export { DEBUG_RESET_CODE, FN_DOCUMENT, FN_PHASE } from './info.commands';
export type { FnCommand } from './fn-exchange';
