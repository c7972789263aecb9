import type { AlertStore, LateRegister, OperatorStore } from '@kkt/storage';

const DAY_S = 86_400;
/** 54-FZ art. 4.1: after so many days without the operator's confirmation an FN makes no documents. */
export const BLOCK_AFTER_DAYS = 30;

interface Level {
  days: number;
  severity: 1 | 2 | 3;
}

/** Ages of the oldest unsent document at which people are warned, the longest first. */
export const UNSENT_LEVELS: readonly Level[] = [
  { days: 29, severity: 1 },
  { days: 20, severity: 2 },
  { days: 3, severity: 2 },
  { days: 1, severity: 3 },
];

const classOf = ({ days }: Level): string => `unsent_${days}d`;
const classes = new Set(UNSENT_LEVELS.map(classOf));

export interface UnsentWatchPorts {
  operators: Pick<OperatorStore, 'late'>;
  alerts: Pick<AlertStore, 'raise' | 'close' | 'open'>;
}

/**
 * Warns of registers whose documents do not reach the operator: after 1, 3, 20 and 29 days, one alert at a time and one
 * for each age, so that the journal shows them all. Also of registers that send by themselves: the FN tells.
 */
export class UnsentWatch {
  constructor(private readonly ports: UnsentWatchPorts) {}

  /** Raises what is new, closes what is over; returns how many were raised. */
  async look(): Promise<number> {
    const { operators, alerts } = this.ports;
    const late = await operators.late(DAY_S);
    const open = (await alerts.open()).filter((alert) => classes.has(alert.class));
    const due = new Map(late.map((register) => [String(register.registerId), register]));
    for (const alert of open) {
      const register = due.get(alert.objectId);
      if (!register || classOf(levelOf(register)) !== alert.class)
        await alerts.close(alert.class, 'register', alert.objectId);
    }
    const isOpen = new Set(open.map((alert) => `${alert.class} ${alert.objectId}`));
    let raised = 0;
    for (const register of late) {
      const level = levelOf(register);
      if (isOpen.has(`${classOf(level)} ${register.registerId}`)) continue;
      await alerts.raise(alertOf(register, level));
      raised++;
    }
    return raised;
  }
}

const levelOf = ({ ageS }: LateRegister): Level =>
  UNSENT_LEVELS.find(({ days }) => ageS >= days * DAY_S) ?? UNSENT_LEVELS[UNSENT_LEVELS.length - 1]!;

function alertOf(register: LateRegister, level: Level): Parameters<AlertStore['raise']>[0] {
  const { registerId, serial, fnNumber, operatorName, unsent, ageS } = register;
  const leftDays = Math.max(0, Math.floor(BLOCK_AFTER_DAYS - ageS / DAY_S));
  const end =
    level.days === 29
      ? 'касса снята с приёма чеков; через сутки ФН заблокируется по закону'
      : `до блокировки ФН ${leftDays} дн.`;
  return {
    class: classOf(level),
    objectKind: 'register',
    objectId: registerId,
    severity: level.severity,
    text: `Касса ${serial}: документы не доходят до оператора ${operatorName} больше ${level.days} сут., ${end}`,
    facts: { fnNumber, unsent, days: level.days, leftDays },
  };
}
