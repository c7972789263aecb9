import { affectedBy, elementKey, reach } from '@kkt/topology';
import type { Facts, RegisterFact } from './facts';
import type { Finding, Rule, Severity } from './rule';
import { durationText, placeText, registersText } from './words';

const inUse: readonly RegisterFact['state'][] = ['registering', 'ready', 'paused'];
const isSilent = (one: RegisterFact): boolean => inUse.includes(one.state) && !one.online;

const elementWords = { switch: 'коммутатор', link: 'линия', port: 'порт', feed: 'ввод питания' } as const;

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

/** Registers in use behind a failed element. Those that are well are not in the facts one by one, so they are counted. */
function behind(facts: Facts, dc: string, places: readonly { rack: string; number: number }[]) {
  const has = (rack: string, assembly: number): boolean =>
    places.some((place) => place.rack === rack && place.number === assembly);
  const count = facts.places
    .filter((place) => place.dc === dc && has(place.rack, place.assembly))
    .reduce((sum, { modules }) => sum + modules, 0);
  const known = facts.registers.filter((one) => one.dc === dc && has(one.rack, one.assembly));
  return { count, known };
}

/** Assemblies of a data centre that nothing reaches or powers now. */
function cutOff(facts: Facts, dc: string): Set<string> {
  const plant = facts.plants.find((one) => one.dc === dc);
  if (!plant) return new Set();
  const down = new Set(facts.down.filter((one) => one.dc === dc).map(elementKey));
  return new Set(
    reach(plant, down)
      .filter(({ network, power }) => network === 'down' || power === 'down')
      .map(({ rack, number }) => `${rack}/${number}`),
  );
}

/** Switches, cables and feeds: one alert with everything that hangs on it. */
export const plantRules: readonly Rule[] = [
  {
    id: 'plant_element_down',
    title: 'Отказ сети или питания',
    titleEn: 'Network or power failed',
    action: 'Проверьте устройство на месте; замените его или кабель.',
    severity: 2,
    route: 'hardware',
    forS: 0,
    clearS: 2,
    parameters: { farmSharePercent: 5 },
    find: (facts, { farmSharePercent = 5 }) => {
      const total = facts.places.reduce((sum, { registers }) => sum + registers, 0);
      return facts.down.map(({ dc, kind, code }) => {
        const plant = facts.plants.find((one) => one.dc === dc);
        const places = plant ? affectedBy(plant, { kind, code }) : [];
        const { count, known } = behind(facts, dc, places);
        // A switch that leaves a way explains nothing: only where nothing is left is silence its doing.
        const cut = cutOff(facts, dc);
        const taken = known.filter((one) => isSilent(one) && cut.has(`${one.rack}/${one.assembly}`));
        const silent = taken.length;
        const isOutage = silent > 0 && silent * 100 >= total * farmSharePercent;
        const severity: Severity = isOutage ? 1 : kind === 'switch' || kind === 'feed' || silent > 0 ? 2 : 3;
        return {
          objectKind: 'plant',
          objectId: `${dc}:${kind}:${code}`,
          object: `${dc}, ${elementWords[kind]} ${code}`,
          text: `Не работает ${elementWords[kind]} ${code}: ${registersText(count)} ${silent > 0 ? `за ним, из них молчат ${silent}` : 'без резерва'}`,
          cause: `отказ: ${elementWords[kind]} ${code}`,
          severity,
          registers: taken.map(({ id }) => id),
          facts: {
            registers: count,
            silent,
            places: places.map(({ rack, number }) => `${rack}/${number}`).join(' '),
          },
        };
      });
    },
  },
  {
    id: 'spares_low',
    title: 'Мало запасных частей',
    titleEn: 'Spares are low',
    action: 'Закажите запас.',
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
function silentByCause(facts: Facts, { commonPercent = 80, commonAtLeast = 8 }): Map<string, RegisterFact[]> {
  const silent = facts.registers.filter(isSilent);
  const dead = new Set(
    facts.drivers
      .filter(({ registers, leases }) => registers > 0 && leases === 0)
      .map(({ driverId }) => driverId),
  );
  const causes = new Map<string, RegisterFact[]>();
  const add = (key: string, one: RegisterFact): void =>
    void causes.set(key, [...(causes.get(key) ?? []), one]);
  const rest: RegisterFact[] = [];
  for (const one of silent) {
    if (!one.isLeased && dead.has(one.driverId)) add(`driver:${one.driverId}`, one);
    else rest.push(one);
  }
  const total = (dc: string, rack: string, assembly?: number): number =>
    facts.places
      .filter(
        (place) =>
          place.dc === dc && place.rack === rack && (assembly === undefined || place.assembly === assembly),
      )
      .reduce((sum, { registers }) => sum + registers, 0);
  const isCommon = (members: readonly RegisterFact[], all: number): boolean =>
    members.length >= commonAtLeast && members.length * 100 >= all * commonPercent;
  const grouped = new Set<RegisterFact>();
  const by = (keyOf: (one: RegisterFact) => string): RegisterFact[][] => {
    const parts = new Map<string, RegisterFact[]>();
    for (const one of rest)
      if (!grouped.has(one)) parts.set(keyOf(one), [...(parts.get(keyOf(one)) ?? []), one]);
    return [...parts.values()];
  };
  for (const members of by(({ dc, rack }) => `${dc}/${rack}`)) {
    const [first] = members;
    const assemblies = new Set(members.map(({ assembly }) => assembly));
    if (!first || assemblies.size < 2 || !isCommon(members, total(first.dc, first.rack))) continue;
    members.forEach((one) => grouped.add(one));
    causes.set(`rack:${first.dc}/${first.rack}`, members);
  }
  for (const members of by(({ dc, rack, assembly }) => `${dc}/${rack}/${assembly}`)) {
    const [first] = members;
    if (!first || !isCommon(members, total(first.dc, first.rack, first.assembly))) continue;
    members.forEach((one) => grouped.add(one));
    causes.set(`assembly:${first.dc}/${first.rack}/${first.assembly}`, members);
  }
  for (const one of rest) if (!grouped.has(one)) causes.set(`register:${one.id}`, [one]);
  return causes;
}

function silentFinding(facts: Facts, key: string, members: readonly RegisterFact[]): Finding {
  const [kind = '', id = ''] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
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
    severity: 3,
    route: 'hardware',
    forS: 1,
    clearS: 2,
    parameters: { commonPercent: 80, commonAtLeast: 8 },
    find: (facts, parameters) =>
      [...silentByCause(facts, parameters)].map(([key, members]) => silentFinding(facts, key, members)),
  },
  {
    id: 'register_stopped',
    title: 'Касса остановлена',
    titleEn: 'Register is stopped',
    action: 'Откройте карточку кассы: причина остановки и что проверить.',
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
  {
    id: 'slow_module',
    title: 'Модуль отвечает медленно',
    titleEn: 'Module answers slowly',
    action: 'Проверьте линию: ошибки и повторы в показаниях кассы.',
    severity: 3,
    route: 'hardware',
    forS: 60,
    clearS: 120,
    parameters: { p95S: 0.4 },
    find: (facts, { p95S = 0.4 }) =>
      eachRegister(
        facts,
        ({ commandP95S, online }) => online && commandP95S !== null && commandP95S > p95S,
        ({ serial, commandP95S }) => ({
          text: `Касса ${serial} отвечает на команды ${Math.round((commandP95S ?? 0) * 1_000)} мс`,
          facts: { commandP95Ms: Math.round((commandP95S ?? 0) * 1_000) },
        }),
      ),
  },
  {
    id: 'clock_drift',
    title: 'Часы кассы ушли',
    titleEn: 'Clock of the register is off',
    action: 'Драйвер поправит часы между чеками; если не может — проверьте батарею.',
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
    severity: 2,
    route: 'hardware',
    forS: 0,
    clearS: 5,
    parameters: {},
    find: (facts) =>
      eachRegister(
        facts,
        ({ problem }) => problem === 'fn_critical',
        ({ serial, fnNumber }) => ({ text: `ФН ${fnNumber} кассы ${serial} сообщает критическую ошибку` }),
      ),
  },
  {
    id: 'fn_filling',
    title: 'ФН пора менять',
    titleEn: 'FN is to be replaced',
    action: 'Предложите клиенту замену ФН.',
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
