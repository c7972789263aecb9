import { byCommonCause, causesOf, type CommonCause } from './common-cause';
import type { Facts } from './facts';
import type { Finding, ObjectKind, Rule } from './rule';
import { placeText, registersText } from './words';

const msOf = (seconds: number | null): number => Math.round((seconds ?? 0) * 1_000);

/** How an incident about a cause is named. */
const objectOf = ({
  kind,
  id,
}: {
  kind: string;
  id: string;
}): { objectKind: ObjectKind; objectId: string } => {
  switch (kind) {
    case 'driver':
      return { objectKind: 'driver', objectId: id };
    case 'rack':
    case 'assembly':
      return { objectKind: 'place', objectId: id };
    case 'switch':
      return { objectKind: 'plant', objectId: id.replace(':', ':switch:') };
    default:
      return { objectKind: 'register', objectId: id };
  }
};

const nameOf: Readonly<Record<string, (id: string) => string>> = {
  driver: (id) => `драйвер ${id}`,
  rack: (id) => `стойка ${id}`,
  assembly: (id) => `сборка ${id}`,
  switch: (id) => `коммутаторы ${id.slice(id.indexOf(':') + 1).replaceAll('+', ', ')}`,
};

const causeText: Readonly<Record<string, string>> = {
  driver: 'общая причина: процесс драйвера или его машина перегружены',
  rack: 'общая причина: коммутаторы или линии стойки',
  switch: 'общая причина: коммутаторы',
  assembly: 'общая причина: линия или питание сборки',
};

function commonFinding(facts: Facts, { kind, id, members }: CommonCause): Finding {
  const worstMs = Math.max(...members.map(({ commandP95S }) => msOf(commandP95S)));
  const [first] = members;
  const down = facts.down
    .filter((one) => one.dc === first?.dc && kind !== 'driver')
    .map(({ code }) => code)
    .join(', ');
  const name = nameOf[kind]?.(id) ?? id;
  return {
    ...objectOf({ kind, id }),
    object: name,
    text: `Отвечают медленно ${registersText(members.length)}: ${name}; худшая — ${worstMs} мс`,
    cause: `${causeText[kind] ?? 'общая причина'}${down === '' ? '' : `; не работает: ${down}`}`,
    severity: kind === 'assembly' ? 3 : 2,
    registers: members.map((one) => one.id),
    facts: { registers: members.length, commandP95Ms: worstMs },
  };
}

/** Slow answers: many at once behind one thing are one incident of that thing. */
export const slowRule: Rule = {
  id: 'slow_module',
  title: 'Модуль отвечает медленно',
  titleEn: 'Module answers slowly',
  action: 'Проверьте линию: ошибки и повторы в показаниях кассы.',
  actionEn: 'Check the line: errors and repeats are in the register’s readings.',
  severity: 3,
  route: 'hardware',
  forS: 60,
  clearS: 120,
  parameters: { p95S: 0.4, commonPercent: 50, commonAtLeast: 6 },
  find(facts, { p95S = 0.4, commonPercent = 50, commonAtLeast = 6 }) {
    const slow = facts.registers.filter(
      ({ commandP95S, online }) => online && commandP95S !== null && commandP95S > p95S,
    );
    const kinds = ['driver', 'rack', 'switch', 'assembly'] as const;
    return byCommonCause(facts, slow, kinds, { commonPercent, commonAtLeast }).map((cause): Finding => {
      const [one] = cause.members;
      if (cause.kind !== 'register' || !one) return commonFinding(facts, cause);
      return {
        objectKind: 'register',
        objectId: String(one.id),
        object: placeText(one),
        registers: [one.id],
        clientId: one.clientId,
        text: `Касса ${one.serial} отвечает на команды ${msOf(one.commandP95S)} мс`,
        facts: { commandP95Ms: msOf(one.commandP95S) },
        within: causesOf(facts, one).map((key) => {
          const { objectKind, objectId } = objectOf({
            kind: key.slice(0, key.indexOf(':')),
            id: key.slice(key.indexOf(':') + 1),
          });
          return `${objectKind}|${objectId}`;
        }),
      };
    });
  },
};
