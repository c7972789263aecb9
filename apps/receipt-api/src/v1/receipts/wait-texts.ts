/** Why receipts wait: stable name, Russian, English. Names of obstacles are those the driver writes. */
const texts: Readonly<Record<string, readonly [ru: string, en: string]>> = {
  in_line: [
    'Ждёт своей очереди: кассы группы заняты другими чеками',
    'In line: the registers are busy with other receipts',
  ],
  over_limit: [
    'Очередь длиннее предела ожидания: чек может не успеть до срока и завершится отказом',
    'The line is longer than the limit of waiting: the receipt may fail at its deadline',
  ],
  shift_opening: [
    'Касса открывает смену и регистрирует чек',
    'A register opens its shift and makes the document',
  ],
  registering: ['Касса регистрирует чек', 'A register is making the document'],
  in_doubt: [
    'Связь с кассой прервалась; спрашиваем у ФН, зарегистрирован ли чек, прежде чем повторять',
    'The link to the register broke; the FN is being asked whether the document exists before anything is repeated',
  ],
  group_paused: ['Группа касс приостановлена', 'The group is paused'],
  no_registers: ['В группе нет касс', 'The group has no registers'],
  offline: ['Кассы группы не на связи', 'The registers are not reachable'],
  checking: ['Кассы группы проверяются после перерыва', 'The registers are being checked after a break'],
  register_in_doubt: [
    'Кассы группы выясняют судьбу прежних чеков',
    'The registers are settling earlier receipts',
  ],
  resting: ['Кассы группы отдыхают после отказа', 'The registers rest after a refusal'],
  registering_kkt: ['Кассы группы регистрируются в ФНС', 'The registers are being registered'],
  paused: ['Кассы группы приостановлены', 'The registers are paused'],
  stopped: ['Кассы группы остановлены инженером', 'The registers are stopped by an engineer'],
  swap: ['В кассах группы меняют ФН', 'FNs are being replaced'],
  fn_not_registered: ['ФН ещё не зарегистрирован', 'The FN is not registered yet'],
  fn_closed: ['ФН закрыт', 'The FN is closed'],
  fn_critical: ['ФН требует замены', 'The FN must be replaced'],
  fn_faulty: ['ФН неисправен', 'The FN is faulty'],
  fn_silent: ['ФН не отвечает кассе или вынут', 'The FN does not answer or is taken out'],
  fn_full: ['ФН заполнен', 'The FN is full'],
  fn_expired: ['Срок ФН истёк', 'The term of the FN has ended'],
  operator_change: ['Касса меняет ОФД', 'The register is changing its operator'],
  ofd_silent: ['ОФД давно не подтверждает документы', 'The operator has not confirmed documents for long'],
  retry: [
    'Прошлая попытка не удалась, документа не создано; чек снова в очереди',
    'The last attempt made no document; back in the queue',
  ],
  other: ['Ни одна касса группы сейчас не принимает чеки', 'No register of the group takes receipts now'],
};

/** Obstacles of registers under the names told outside; those in capitals are the device's own refusals. */
const renamed: Readonly<Record<string, string>> = {
  in_doubt: 'register_in_doubt',
  registering: 'registering_kkt',
  'DEVICE-FN-ARCHIVE-FULL': 'fn_full',
  'DEVICE-FN-EXPIRED': 'fn_expired',
  'DEVICE-FN-KEYS-EXHAUSTED': 'fn_expired',
  'DEVICE-FN-STORAGE-FULL': 'ofd_silent',
  'DEVICE-FN-FAULT': 'fn_faulty',
  'DEVICE-FN-CRYPTO': 'fn_faulty',
  'DEVICE-FN-LINK': 'fn_silent',
};

export interface WaitText {
  reason: string;
  text: string;
  text_en: string;
}

export function waitText(reason: string): WaitText {
  const name = texts[reason] ? reason : 'other';
  const [text, text_en] = texts[name] ?? ['', ''];
  return { reason: name, text, text_en };
}

/** The driver's joined obstacles: the first that has words. */
export function obstacleText(joined: string | null): WaitText {
  const names = (joined ?? '').split(',').map((name) => renamed[name.trim()] ?? name.trim());
  return waitText(names.find((name) => texts[name]) ?? (joined === null ? 'offline' : 'other'));
}

/** Obstacles of hardware only a person removes: a shop's program is told of them in the report while it waits. */
const lasting: ReadonlySet<string> = new Set([
  'no_registers',
  'stopped',
  'swap',
  'fn_not_registered',
  'fn_closed',
  'fn_critical',
  'fn_faulty',
  'fn_silent',
  'fn_full',
  'fn_expired',
  'ofd_silent',
]);

/** Russian words of a lasting obstacle; undefined for what passes by itself. */
export function lastingObstacle(joined: string): string | undefined {
  const { reason, text } = obstacleText(joined);
  return lasting.has(reason) ? text : undefined;
}
