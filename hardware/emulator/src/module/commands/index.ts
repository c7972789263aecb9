import type { CommandHandler } from '../command-handler';
import { attributeHandlers } from './attributes';
import { receiptHandlers } from './receipt';
import { readRegister } from './registers';
import { serviceHandlers } from './service';
import { shiftHandlers } from './shift';
import { stateHandlers } from './state';

const byCode = new Map<number, CommandHandler>(
  [
    ...stateHandlers,
    ...attributeHandlers,
    ...receiptHandlers,
    ...shiftHandlers,
    ...serviceHandlers,
    readRegister,
  ].map((handler) => [handler.code, handler]),
);

/** What the module does for a command byte; undefined = it does not know the command (error F2). */
export const handlerByCode = (code: number): CommandHandler | undefined => byCode.get(code);
