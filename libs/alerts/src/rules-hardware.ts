import { byCommonCause, type CommonCause } from './common-cause';
import type { Facts, RegisterFact } from './facts';
import type { Finding, Rule } from './rule';
import { slowRule } from './rule-slow';
import { inUse, isSilent, durationText, placeText, registersText } from './words';

/** Shop and receipts: told when a receipt waits for something that is not to come by itself. */
function delayed(facts: Facts, groupCode: string | null, cause: string): Finding['client'] {
  const group = facts.groups.find(({ code }) => code === groupCode);
  if (!group) return undefined;
  return {
    clientId: group.clientId,
    kind: 'delayed',
    params: { group: group.code, cause, waiting: Math.max(1, group.waiting) },
  };
}

export const stockRules: readonly Rule[] = [
  {
    id: 'spares_low',
    title: 'Мало запасных частей',
    titleEn: 'Spares are low',
    action: 'Закажите запас.',
    actionEn: 'Order spares.',
    severity: 4,
    route: 'hardware',
    forS: 0,
    clearS: 60,
    parameters: {},
    find: ({ spares }) =>
      spares
        .filter((one) => one.spares < one.minimum)
        .map((one) => ({
          objectKind: 'stock',
          objectId: `${one.kind}/${one.code}`,
          object: one.name,
          text: `Запас «${one.name}»: ${one.spares}, нужно не меньше ${one.minimum}`,
          registers: [],
          facts: { spares: one.spares, minimum: one.minimum },
        })),
  },
];

/** Silent registers by their common cause: the driver, the rack, the assembly, or the register itself. */
function silentByCause(facts: Facts, { commonPercent = 80, commonAtLeast = 8 }): CommonCause[] {
  const silent = facts.registers.filter(isSilent);
  const dead = new Set(
    facts.drivers
      .filter(({ registers, leases }) => registers > 0 && leases === 0)
      .map(({ driverId }) => driverId),
  );
  const isOrphan = (one: RegisterFact): boolean => !one.isLeased && dead.has(one.driverId);
  const orphans = silent.filter(isOrphan);
  const drivers = [...new Set(orphans.map(({ driverId }) => driverId))].map((id): CommonCause => ({
    kind: 'driver',
    id,
    members: orphans.filter(({ driverId }) => driverId === id),
  }));
  const rest = silent.filter((one) => !isOrphan(one));
  return [...drivers, ...byCommonCause(facts, rest, ['rack', 'assembly'], { commonPercent, commonAtLeast })];
}

function silentFinding(facts: Facts, { kind, id, members }: CommonCause): Finding {
  const registers = members.map((one) => one.id);
  const hit = members.find(({ hasReceipt }) => hasReceipt);
  const clientHit = hit ?? undefined;
  const common = {
    registers,
    clientId: kind === 'register' ? (members[0]?.clientId ?? null) : null,
    facts: { registers: registers.length },
    client: clientHit && delayed(facts, clientHit.groupCode, 'касса перестала отвечать'),
  };
  switch (kind) {
    case 'driver':
      return {
        ...common,
        objectKind: 'driver',
        objectId: id,
        object: `драйвер ${id}`,
        text: `Драйвер ${id} не работает: ${registersText(registers.length)} без связи`,
        cause: 'процесс драйвера остановлен',
        severity: 1,
      };
    case 'rack':
      return {
        ...common,
        objectKind: 'place',
        objectId: id,
        object: `стойка ${id}`,
        text: `Стойка ${id} не отвечает: молчат ${registersText(registers.length)}`,
        cause: 'общая причина: сеть или питание стойки',
        severity: 1,
      };
    case 'assembly':
      return {
        ...common,
        objectKind: 'place',
        objectId: id,
        object: `сборка ${id}`,
        text: `Сборка ${id} не отвечает: молчат ${registersText(registers.length)}`,
        cause: 'общая причина: сеть или питание сборки',
        severity: 2,
      };
    default: {
      const [one] = members;
      return {
        ...common,
        objectKind: 'register',
        objectId: String(one?.id ?? id),
        object: one ? placeText(one) : id,
        text: `Касса ${one?.serial ?? id} не отвечает${hit ? ', у неё остался чек' : ''}`,
        cause: one?.problem ?? undefined,
      };
    }
  }
}

/** Words for what an FN itself, or the KKT about it, says when it can work no more. */
const fnTroubles: Readonly<Record<string, string>> = {
  fn_critical: 'сообщает критическую ошибку',
  'DEVICE-FN-FAULT': 'неисправен',
  'DEVICE-FN-CRYPTO': 'неисправен: ошибка криптографического сопроцессора',
  'DEVICE-FN-LINK': 'не отвечает кассе или вынут',
};

const eachRegister = (
  facts: Facts,
  isBad: (one: RegisterFact) => boolean,
  tell: (one: RegisterFact) => Pick<Finding, 'text'> & Partial<Finding>,
): Finding[] =>
  facts.registers.filter(isBad).map((one) => ({
    objectKind: 'register',
    objectId: String(one.id),
    object: placeText(one),
    registers: [one.id],
    clientId: one.clientId,
    ...tell(one),
  }));

export const registerRules: readonly Rule[] = [
  {
    id: 'register_silent',
    title: 'Касса молчит',
    titleEn: 'Register is silent',
    action: 'Проверьте питание и кабель модуля; замените модуль.',
    actionEn: 'Check the module’s power and cable; replace the module.',
    severity: 3,
    route: 'hardware',
    forS: 1,
    clearS: 2,
    parameters: { commonPercent: 80, commonAtLeast: 8 },
    find: (facts, parameters) => silentByCause(facts, parameters).map((cause) => silentFinding(facts, cause)),
  },
  {
    id: 'register_stopped',
    title: 'Касса остановлена',
    titleEn: 'Register is stopped',
    action: 'Откройте карточку кассы: причина остановки и что проверить.',
    actionEn: 'Open the register’s page: why it stopped and what to check.',
    severity: 3,
    route: 'hardware',
    forS: 0,
    clearS: 0,
    parameters: {},
    find: (facts) =>
      eachRegister(
        facts,
        ({ state }) => state === 'stopped',
        (one) => ({
          text: `Касса ${one.serial} остановлена: ${one.stateReason ?? 'без причины'}`,
          cause: one.stateReason ?? undefined,
          client: one.hasReceipt ? delayed(facts, one.groupCode, 'касса остановлена до проверки') : undefined,
        }),
      ),
  },
  slowRule,
  {
    id: 'clock_drift',
    title: 'Часы кассы ушли',
    titleEn: 'Clock of the register is off',
    action: 'Драйвер поправит часы между чеками; если не может — проверьте батарею.',
    actionEn: 'The driver sets the clock between receipts; if it cannot, check the battery.',
    severity: 3,
    route: 'hardware',
    forS: 0,
    clearS: 5,
    parameters: { offsetS: 60 },
    find: (facts, { offsetS = 60 }) =>
      eachRegister(
        facts,
        ({ clockOffsetS, online }) => online && clockOffsetS !== null && Math.abs(clockOffsetS) > offsetS,
        ({ serial, clockOffsetS }) => ({
          text: `Часы кассы ${serial} ушли на ${durationText(Math.abs(clockOffsetS ?? 0))}`,
          facts: { offsetS: clockOffsetS },
        }),
      ),
  },
  {
    id: 'shift_age',
    title: 'Смена скоро превысит 24 часа',
    titleEn: 'Shift is near its 24 hours',
    action: 'Закройте смену: драйвер не смог сделать это сам.',
    actionEn: 'Close the shift: the driver could not do it by itself.',
    severity: 3,
    route: 'hardware',
    forS: 0,
    clearS: 0,
    parameters: { leftS: 1_800 },
    find: (facts, { leftS = 1_800 }) =>
      eachRegister(
        facts,
        ({ shiftLeftS, state }) => shiftLeftS !== null && shiftLeftS < leftS && inUse.includes(state),
        ({ serial, shiftLeftS }) => ({
          text:
            (shiftLeftS ?? 0) < 0
              ? `Смена кассы ${serial} открыта больше 24 часов`
              : `Смене кассы ${serial} осталось ${durationText(shiftLeftS ?? 0)}`,
          severity: (shiftLeftS ?? 0) < 0 ? 2 : 3,
        }),
      ),
  },
  {
    id: 'fn_critical',
    title: 'Критическая ошибка ФН',
    titleEn: 'Critical fault of the FN',
    action: 'Не продавайте на этой кассе; замените ФН по регламенту.',
    actionEn: 'Do not sell on this register; swap the FN by the book.',
    severity: 2,
    route: 'hardware',
    forS: 0,
    clearS: 5,
    parameters: {},
    find: (facts) =>
      eachRegister(
        facts,
        ({ problem }) => fnTroubles[problem ?? ''] !== undefined,
        ({ serial, fnNumber, problem }) => ({
          text: `ФН ${fnNumber} кассы ${serial} ${fnTroubles[problem ?? '']}`,
        }),
      ),
  },
  {
    id: 'fn_filling',
    title: 'ФН пора менять',
    titleEn: 'FN is to be replaced',
    action: 'Предложите клиенту замену ФН.',
    actionEn: 'Offer the client a swap of the FN.',
    severity: 3,
    route: 'fn',
    forS: 0,
    clearS: 60,
    parameters: { leftPercent: 5, daysLeft: 14 },
    find: (facts, { leftPercent = 5, daysLeft = 14 }) =>
      eachRegister(
        facts,
        (one) =>
          inUse.includes(one.state) &&
          ((one.documentsLeft !== null &&
            one.capacityDocuments !== null &&
            one.documentsLeft * 100 < one.capacityDocuments * leftPercent) ||
            (one.fnDaysLeft !== null && one.fnDaysLeft < daysLeft)),
        (one) => {
          const isFull =
            one.documentsLeft !== null &&
            one.capacityDocuments !== null &&
            one.documentsLeft * 100 < one.capacityDocuments * leftPercent;
          const reason = isFull
            ? `осталось документов: ${one.documentsLeft}`
            : `осталось дней: ${one.fnDaysLeft}`;
          return {
            text: `ФН ${one.fnNumber} кассы ${one.serial}: ${reason}`,
            cause: reason,
            facts: {
              fnNumber: one.fnNumber,
              documentsLeft: one.documentsLeft,
              daysLeft: one.fnDaysLeft,
              client: one.clientName,
            },
          };
        },
      ),
  },
  {
    id: 'ofd_blocking',
    title: 'Касса близка к блокировке: документы не передаются',
    titleEn: 'FN is near its block: documents are not sent',
    action: 'Немедленно восстановите передачу: через 30 дней ФН заблокируется.',
    actionEn: 'Restore the delivery at once: after 30 days the FN blocks itself.',
    severity: 2,
    route: 'hardware',
    forS: 0,
    clearS: 5,
    parameters: { days: 20, criticalDays: 27 },
    find: (facts, { days = 20, criticalDays = 27 }) =>
      eachRegister(
        facts,
        ({ unsent, unsentAgeS }) => unsent > 0 && unsentAgeS > days * 86_400,
        ({ serial, unsentAgeS }) => ({
          text: `Касса ${serial}: первый непереданный документ ждёт ${durationText(unsentAgeS)}`,
          severity: unsentAgeS > criticalDays * 86_400 ? 1 : 2,
          facts: { unsentAgeS },
        }),
      ),
  },
];
