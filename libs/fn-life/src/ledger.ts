import { addDays, daysBetween } from './calendar/working-days';

/**
 * Where an FN is in its life with us. `stock`: received and not tested; `closed`: retired, its archive is closed or it
 * is written off as out of order; `in_cell`: kept in the protected cell.
 */
export const driveStates = [
  'stock',
  'tested',
  'reserved',
  'installed',
  'closed',
  'in_cell',
  'returned',
  'faulty',
] as const;
export type DriveState = (typeof driveStates)[number];

const moves: Readonly<Record<DriveState, readonly DriveState[]>> = {
  stock: ['tested', 'faulty', 'installed'],
  tested: ['reserved', 'faulty', 'installed'],
  reserved: ['installed', 'faulty', 'tested'],
  installed: ['closed', 'faulty'],
  closed: ['in_cell', 'returned'],
  faulty: ['in_cell', 'returned'],
  in_cell: ['returned'],
  returned: [],
};

/** States in which an FN can still be put into a register. */
export const usableStates: readonly DriveState[] = ['stock', 'tested', 'reserved'];

export interface LedgerDrive {
  fnNumber: string;
  model: string;
  state: DriveState;
  clientId: string | null;
  registrationsLeft: number | null;
}

export interface LedgerMove {
  to: DriveState;
  /** For whom it is reserved or installed. */
  clientId?: string;
  cell?: string;
  responsible?: string;
  /** `YYYY-MM-DD`. */
  keepUntil?: string;
  /** Number of the hand-over act. */
  act?: string;
}

/** Why something may not be: a stable code, a sentence for people. */
export interface Objection {
  code: `CLIENT-${string}`;
  text: string;
}

/** Why this FN may not be moved so; undefined when it may. Source of "one owner for ever": 54-FZ art. 4.1. */
export function objectionToMove(drive: LedgerDrive, move: LedgerMove, today: string): Objection | undefined {
  if (!moves[drive.state].includes(move.to))
    return {
      code: 'CLIENT-FN-STATE',
      text: `ФН ${drive.fnNumber}: из состояния «${drive.state}» нельзя перейти в «${move.to}»`,
    };
  if (move.clientId && drive.clientId && move.clientId !== drive.clientId)
    return {
      code: 'CLIENT-FN-OWNER',
      text: `ФН ${drive.fnNumber} принадлежит другому клиенту: владельца изменить нельзя`,
    };
  if (move.to === 'reserved' && !move.clientId && !drive.clientId)
    return { code: 'CLIENT-FN-OWNER', text: 'Укажите клиента, для которого резервируется ФН' };
  if (move.to === 'tested' && drive.state === 'reserved' && drive.clientId)
    return { code: 'CLIENT-FN-OWNER', text: `ФН ${drive.fnNumber} уже записан за клиентом` };
  if (move.to === 'in_cell') {
    if (!move.cell) return { code: 'CLIENT-CELL', text: 'Укажите ячейку сейфа' };
    if (!move.responsible) return { code: 'CLIENT-CELL', text: 'Укажите ответственного за хранение' };
    if (!move.keepUntil || daysBetween(today, move.keepUntil) <= 0)
      return { code: 'CLIENT-CELL', text: 'Срок хранения должен быть в будущем' };
  }
  if (move.to === 'returned' && !move.act)
    return { code: 'CLIENT-ACT', text: 'Укажите номер акта передачи ФН клиенту' };
  return undefined;
}

/** What the farm knows of FN models: see `hardware/models/fn`. */
export interface FnModelFacts {
  id: string;
  name: string;
  /** Highest FFD as in tag 1209. */
  ffd: number;
  keyDays: number;
  documents: number;
  reregistrations: number;
}

/** Why this FN may not go into this register; undefined when it may. */
export function objectionToInstall(
  drive: LedgerDrive | undefined,
  fnNumber: string,
  target: { clientId: string; ffd: number },
  model: FnModelFacts | undefined,
): Objection | undefined {
  if (!drive || !usableStates.includes(drive.state))
    return {
      code: 'CLIENT-FN-NOT-IN-STOCK',
      text: drive
        ? `ФН ${fnNumber} не на складе: его состояние «${drive.state}»`
        : `ФН ${fnNumber} нет в учёте: сначала примите его на склад`,
    };
  if (drive.clientId !== null && drive.clientId !== target.clientId)
    return {
      code: 'CLIENT-FN-OWNER',
      text: `ФН ${fnNumber} принадлежит другому клиенту и не может быть установлен в эту кассу`,
    };
  if (!model)
    return {
      code: 'CLIENT-FN-MODEL',
      text: `Модель ФН «${drive.model}» неизвестна: её нет в справочнике моделей`,
    };
  if (drive.state === 'stock')
    return {
      code: 'CLIENT-FN-NOT-TESTED',
      text: `ФН ${fnNumber} ещё не проверен: отметьте проверку на складе`,
    };
  if (model.ffd < target.ffd)
    return {
      code: 'CLIENT-FN-FFD',
      text: `ФН ${fnNumber} (${model.name}) не умеет формат ФФД, по которому работает касса`,
    };
  return undefined;
}

export interface StockNeed {
  /** FNs that can be installed now. */
  usable: number;
  /** Last days (`YYYY-MM-DD`) of FNs in registers, by the forecast. */
  ends: readonly string[];
  today: string;
  /** How far ahead FNs must be at hand, days. */
  horizonDays: number;
  /** FNs for failures, beyond the forecast. */
  reserve: number;
}

/** FNs that end within the horizon against what is in stock. */
export function stockOutlook({ usable, ends, today, horizonDays, reserve }: StockNeed): {
  needed: number;
  missing: number;
  until: string;
} {
  const until = addDays(today, horizonDays);
  const needed = ends.filter((end) => end <= until).length + reserve;
  return { needed, missing: Math.max(0, needed - usable), until };
}
