import type { Facts, RegisterFact } from './facts';
import type { Finding, Rule } from './rule';
import { counted, durationText, ofdCause, registersText } from './words';

/** Refusals that only the client can mend: the door's check of the body, the device's "the receipt is wrong". */
function integrationTitle(text: string): string {
  if (/ИНН|inn/i.test(text)) return 'неверный ИНН';
  if (/сумм|total|sum|оплач|скид/i.test(text)) return 'суммы чека не сходятся';
  if (/марк|КМ|mark/i.test(text)) return 'ошибка маркировки';
  if (/НДС|vat|sno|налог/i.test(text)) return 'неверная ставка НДС или система налогообложения';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Needed registers so that what comes is taken: by the group's own pace per register. */
export function registersNeeded(group: {
  acceptedPerMinute: number;
  finishedPerMinute: number;
  registersReady: number;
}): number {
  const { acceptedPerMinute, finishedPerMinute, registersReady } = group;
  const perRegister = finishedPerMinute / Math.max(1, registersReady);
  if (perRegister <= 0) return registersReady + 1;
  // A tenth in reserve: shift reports and the operator's exchange take their time too.
  return Math.max(registersReady + 1, Math.ceil((acceptedPerMinute * 1.1) / perRegister));
}

/** Registers that sell while the operator gets nothing, by operator and cause. */
function notReceiving(facts: Facts, afterS: number): Finding[] {
  const stuck = facts.registers.filter(
    (one) => one.unsent > 0 && one.unsentAgeS > afterS && one.online && one.ofdInn !== null,
  );
  const parts = new Map<string, RegisterFact[]>();
  for (const one of stuck) {
    // A cause of the operator itself concerns all its registers; a cause of a register only that client's.
    const isCommon =
      one.ofdCause === null || one.ofdCause === 'network' || one.ofdCause === 'operator_unavailable';
    const key = `${one.ofdInn}|${isCommon ? 'common' : `${one.ofdCause}|${one.clientId}`}`;
    parts.set(key, [...(parts.get(key) ?? []), one]);
  }
  return [...parts.entries()].map(([key, members]) => {
    const [first] = members;
    const { cause, action } = ofdCause(members.find(({ ofdCause: said }) => said !== null)?.ofdCause ?? null);
    const unsent = members.reduce((sum, one) => sum + one.unsent, 0);
    const isOneClient = members.every(({ clientId }) => clientId === first?.clientId);
    const oldestS = Math.max(...members.map(({ unsentAgeS }) => unsentAgeS));
    return {
      objectKind: 'operator',
      objectId: key,
      object: `ОФД ${first?.ofdName ?? first?.ofdInn}${isOneClient && first?.clientName ? `, клиент ${first.clientName}` : ''}`,
      text: `Чеки пробиваются, но ОФД ${first?.ofdName ?? ''} ничего не получает: ${cause}; ждут ${counted(unsent, 'документ', 'документа', 'документов')}, ${registersText(members.length)}`,
      cause,
      registers: members.map(({ id }) => id),
      clientId: isOneClient ? (first?.clientId ?? null) : null,
      facts: { unsent, oldestS, ofdInn: first?.ofdInn ?? null, action, operator: first?.ofdName ?? '' },
      client:
        isOneClient && first?.clientId
          ? {
              clientId: first.clientId,
              kind: 'ofd',
              params: {
                group: first.groupCode ?? '',
                operator: first.ofdName ?? '',
                cause,
                unsent,
                action,
              },
            }
          : undefined,
    };
  });
}

const aboutGroup = (group: { code: string; clientId: string; clientName: string }) => ({
  objectKind: 'group' as const,
  objectId: group.code,
  object: `группа ${group.code}, ${group.clientName}`,
  registers: [],
  clientId: group.clientId,
});

export const serviceRules: readonly Rule[] = [
  {
    id: 'receipts_stand',
    title: 'Чеки не регистрируются ни у кого',
    titleEn: 'Nobody’s receipts pass',
    action: 'Проверьте драйверы и базу; объявите инцидент на странице состояния.',
    actionEn: 'Check the drivers and the database; announce the incident on the status page.',
    severity: 1,
    route: 'platform',
    forS: 30,
    clearS: 30,
    parameters: { waiting: 5, oldestS: 60 },
    find: ({ groups, finished2m }, { waiting = 5, oldestS = 60 }) => {
      const all = groups.filter(({ paused }) => !paused);
      const total = all.reduce((sum, group) => sum + group.waiting, 0);
      const oldest = Math.max(0, ...all.map((group) => group.oldestS));
      if (finished2m.done > 0 || total < waiting || oldest < oldestS) return [];
      return [
        {
          objectKind: 'farm',
          objectId: 'receipts',
          object: 'ферма',
          text: `Чеки не регистрируются: ждут ${counted(total, 'чек', 'чека', 'чеков')}, старший — ${durationText(oldest)}`,
          registers: [],
          facts: { waiting: total, oldestS: Math.round(oldest) },
        },
      ];
    },
  },
  {
    id: 'group_down',
    title: 'Группа касс не работает',
    titleEn: 'A client’s group is down',
    action: 'Верните кассы группы в работу или подключите запасную.',
    actionEn: 'Bring the group’s registers back or connect a spare one.',
    severity: 2,
    route: 'hardware',
    forS: 20,
    clearS: 10,
    parameters: { oldestS: 20 },
    find: ({ groups }, { oldestS = 20 }) =>
      groups
        .filter(
          (group) =>
            !group.paused && group.waiting > 0 && group.registersReady === 0 && group.oldestS > oldestS,
        )
        .map((group) => ({
          ...aboutGroup(group),
          text: `В группе ${group.code} нет ни одной рабочей кассы, ждут ${counted(group.waiting, 'чек', 'чека', 'чеков')}`,
          facts: { waiting: group.waiting },
          client: {
            clientId: group.clientId,
            kind: 'delayed',
            params: { group: group.code, cause: 'кассы группы временно не работают', waiting: group.waiting },
          },
        })),
  },
  {
    id: 'group_overloaded',
    title: 'Группе не хватает касс',
    titleEn: 'A group has too few registers',
    action: 'Предложите клиенту добавить кассы.',
    actionEn: 'Offer the client more registers.',
    severity: 3,
    route: 'capacity',
    forS: 15 * 60,
    clearS: 10 * 60,
    parameters: { oldestS: 60 },
    find: ({ groups }, { oldestS = 60 }) =>
      groups
        .filter(
          (group) =>
            !group.paused &&
            group.registersReady > 0 &&
            group.oldestS > oldestS &&
            group.acceptedPerMinute > group.finishedPerMinute,
        )
        .map((group) => {
          const needed = registersNeeded(group);
          return {
            ...aboutGroup(group),
            text: `Группе ${group.code} не хватает касс: есть ${group.registersReady}, нужно ${needed}`,
            facts: { have: group.registersReady, needed, acceptedPerMinute: group.acceptedPerMinute },
            client: {
              clientId: group.clientId,
              kind: 'overloaded',
              params: {
                group: group.code,
                needed,
                have: group.registersReady,
                perMinute: Math.round(group.acceptedPerMinute),
                oldest: durationText(group.oldestS),
              },
            },
          };
        }),
  },
  {
    id: 'integration_errors',
    title: 'Ошибки интеграции у клиента',
    titleEn: 'Integration errors of a client',
    action: 'Свяжитесь с клиентом: назовите поле и правило.',
    actionEn: 'Contact the client: name the field and the rule.',
    severity: 3,
    route: 'integration',
    forS: 0,
    clearS: 5 * 60,
    parameters: { receipts: 5 },
    find: ({ refusals }, { receipts = 5 }) =>
      refusals
        .filter((one) => one.receipts >= receipts)
        .map((one) => {
          const title = integrationTitle(one.text);
          return {
            ...aboutGroup({ code: one.groupCode, clientId: one.clientId, clientName: one.clientName }),
            objectId: `${one.groupCode}:${one.code}`,
            text: `Отклонено ${counted(one.receipts, 'чек', 'чека', 'чеков')} группы ${one.groupCode} за 10 минут: ${title}`,
            cause: title,
            facts: { code: one.code, receipts: one.receipts, example: one.text.slice(0, 300) },
            client: {
              clientId: one.clientId,
              kind: 'refused',
              params: {
                group: one.groupCode,
                title,
                count: one.receipts,
                minutes: 10,
                example: one.text.slice(0, 300),
              },
            },
          };
        }),
  },
  {
    id: 'ofd_not_receiving',
    title: 'Продажи идут, ОФД ничего не получает',
    titleEn: 'Sales are fine, the operator gets nothing',
    action: 'Причина — в тексте; касса исправна.',
    actionEn: 'The cause is in the text; the register is well.',
    severity: 3,
    route: 'operator',
    // After an outage of ours the queue is old too, and drains by itself within seconds.
    forS: 60,
    clearS: 10,
    parameters: { afterS: 300 },
    find: (facts, { afterS = 300 }) => notReceiving(facts, afterS),
  },
  {
    id: 'receipts_in_doubt',
    title: 'Чеки в сомнении',
    titleEn: 'Receipts in doubt',
    action: 'Откройте чеки в сомнении: ФН ещё не спрошен.',
    actionEn: 'Open the receipts in doubt: the FN has not been asked yet.',
    severity: 2,
    route: 'hardware',
    forS: 0,
    clearS: 5,
    parameters: { oldestS: 120 },
    find: ({ inDoubt }, { oldestS = 120 }) =>
      inDoubt.receipts > 0 && inDoubt.oldestS > oldestS
        ? [
            {
              objectKind: 'farm',
              objectId: 'in_doubt',
              object: 'чеки в сомнении',
              text: `В сомнении ${counted(inDoubt.receipts, 'чек', 'чека', 'чеков')}, старший — ${durationText(inDoubt.oldestS)}`,
              registers: [],
              facts: { receipts: inDoubt.receipts },
            },
          ]
        : [],
  },
  {
    id: 'ledger_mismatch',
    title: 'Расхождение с архивом ФН',
    titleEn: 'The ledger differs from the FNs',
    action: 'Откройте последнюю сверку: каждое расхождение названо.',
    actionEn: 'Open the last reconciliation: every difference is named.',
    severity: 1,
    route: 'platform',
    forS: 0,
    clearS: 0,
    parameters: {},
    find: ({ ledgerFindings }) =>
      ledgerFindings > 0
        ? [
            {
              objectKind: 'farm',
              objectId: 'ledger',
              object: 'сверка',
              text: `Сверка нашла ${counted(ledgerFindings, 'расхождение', 'расхождения', 'расхождений')}`,
              registers: [],
              facts: { findings: ledgerFindings },
            },
          ]
        : [],
  },
  {
    id: 'synthetic_failing',
    title: 'Тестовые чеки не проходят',
    titleEn: 'Test receipts fail',
    action: 'Пройдите путь чека: приём, драйвер, касса.',
    actionEn: 'Follow the receipt’s way: door, driver, register.',
    severity: 2,
    route: 'platform',
    forS: 0,
    clearS: 0,
    parameters: { failures: 3, silentS: 600 },
    find: ({ synthetic }, { failures = 3, silentS = 600 }) => {
      if (!synthetic) return [];
      const { failedInRow, lastOkAgeS, error } = synthetic;
      if (failedInRow < failures && (lastOkAgeS ?? 0) < silentS) return [];
      return [
        {
          objectKind: 'farm',
          objectId: 'synthetic',
          object: 'тестовые чеки',
          text: `Тестовые чеки не проходят: ${counted(failedInRow, 'неудача', 'неудачи', 'неудач')} подряд`,
          cause: error ?? undefined,
          registers: [],
          facts: { failedInRow, lastOkAgeS },
        },
      ];
    },
  },
  {
    id: 'roster_gap',
    title: 'В дежурстве пробел',
    titleEn: 'The duty roster has a gap',
    action: 'Назначьте дежурного.',
    actionEn: 'Put somebody on duty.',
    severity: 3,
    route: 'hardware',
    forS: 0,
    clearS: 0,
    parameters: {},
    find: ({ rosterGapInS }) =>
      rosterGapInS === null
        ? []
        : [
            {
              objectKind: 'farm',
              objectId: 'roster',
              object: 'график дежурств',
              text:
                rosterGapInS <= 0
                  ? 'Сейчас никто не дежурит'
                  : `Через ${durationText(rosterGapInS)} никто не дежурит`,
              registers: [],
              severity: rosterGapInS <= 0 ? 2 : 3,
            },
          ],
  },
  {
    id: 'callbacks_stand',
    title: 'Обратные вызовы клиента не доходят',
    titleEn: 'A client’s callbacks do not get through',
    action: 'Сообщите клиенту: его сервер не принимает результаты.',
    actionEn: 'Tell the client: his server does not take results.',
    severity: 3,
    route: 'integration',
    forS: 0,
    clearS: 60,
    parameters: { oldestS: 3_600 },
    find: ({ callbackHosts }, { oldestS = 3_600 }) =>
      callbackHosts
        .filter((one) => one.oldestS > oldestS)
        .map((one) => ({
          objectKind: 'group',
          objectId: `${one.clientId}:${one.host}`,
          object: `${one.clientName}, ${one.host}`,
          text: `Сервер ${one.host} (${one.clientName}) не принимает результаты ${durationText(one.oldestS)}, ждут ${one.pending}`,
          registers: [],
          clientId: one.clientId,
          facts: { pending: one.pending, oldestS: Math.round(one.oldestS) },
        })),
  },
];
