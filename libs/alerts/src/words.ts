import type { RegisterFact } from './facts';

export const inUse: readonly RegisterFact['state'][] = ['registering', 'ready', 'paused'];
/** In use, and nothing hears it. */
export const isSilent = (one: RegisterFact): boolean => inUse.includes(one.state) && !one.online;

/** Place and serial of a register, as engineers say it. */
export const placeText = ({ dc, rack, assembly, slot, serial }: RegisterFact): string =>
  `${dc}, стойка ${rack}, сборка ${assembly}, слот ${slot}, касса ${serial}`;

const rules = new Intl.PluralRules('ru');

/** 1 касса, 2 кассы, 5 касс. */
export function counted(value: number, one: string, few: string, many: string): string {
  const form = { one, few, many }[rules.select(value) as 'one' | 'few' | 'many'] ?? many;
  return `${value} ${form}`;
}

export const registersText = (count: number): string => counted(count, 'касса', 'кассы', 'касс');

/** 45 с, 12 мин, 3 ч, 2 дн. */
export function durationText(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} с`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} мин`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} ч` : `${Math.floor(seconds / 86_400)} дн.`;
}

/** Causes by the operator's answers, in words (A32 of the task: each has a cure of its own). */
const ofdCauses: Readonly<Record<string, { cause: string; action: string }>> = {
  network: { cause: 'нет связи с ОФД', action: 'Проверьте сеть и адрес оператора.' },
  operator_unavailable: { cause: 'ОФД недоступен', action: 'Дождитесь восстановления, известите оператора.' },
  not_registered: {
    cause: 'касса или ФН не добавлены у ОФД',
    action: 'Добавьте кассу и ФН в кабинете оператора.',
  },
  unpaid: {
    cause: 'не введён код активации ОФД, касса считается неоплаченной',
    action: 'Введите код активации в кабинете оператора.',
  },
  wrong_fn: { cause: 'у ОФД за кассой числится другой ФН', action: 'Исправьте номер ФН у оператора.' },
  refused_document: {
    cause: 'неверные данные клиента в документах',
    action: 'Исправьте данные регистрации.',
  },
};

export const ofdCause = (cause: string | null): { cause: string; action: string } =>
  ofdCauses[cause ?? ''] ?? {
    cause: cause ? `ответ оператора: ${cause}` : 'причина ещё не известна',
    action: 'Откройте карточку оператора.',
  };
