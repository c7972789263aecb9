import { isoOf } from './days';
import { type FnForecast, warnDaysBefore } from './types';

export type ReasonLanguage = 'ru' | 'en';

const weekdays = {
  ru: ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
};

const whole = (value: number, language: ReasonLanguage): string =>
  Math.round(value)
    .toLocaleString(language === 'ru' ? 'ru-RU' : 'en-GB')
    .replace(/[\u00a0\u202f]/g, ' ');

const percent = (share: number): string => `${share > 0 ? '+' : '−'}${Math.abs(Math.round(share * 100))} %`;

/**
 * Why the end is when it is, in one or more sentences for support staff and clients.
 * `validUntil` and `capacityDocuments` as they were asked with.
 */
export function reasonInWords(
  forecast: FnForecast,
  asked: { capacityDocuments: number; validUntil?: number },
  language: ReasonLanguage,
): string {
  return (language === 'ru' ? russian : english)(forecast, asked);
}

type Asked = Parameters<typeof reasonInWords>[1];

function russian({ fill, end, usedDocuments, today, findings }: FnForecast, asked: Asked): string {
  const w = (value: number) => whole(value, 'ru');
  const { capacityDocuments, validUntil } = asked;
  const out: string[] = [];
  if (end.day === null) out.push('Конец срока ФН не виден: нет ни нагрузки, ни срока действия.');
  else if (usedDocuments >= capacityDocuments && end.cause === 'capacity')
    out.push(`ФН заполнен: ${w(usedDocuments)} из ${w(capacityDocuments)} документов, с ${isoOf(end.day)}.`);
  else if (end.cause === 'capacity')
    out.push(
      `ФН заполнится ${isoOf(end.day)}: занято ${w(usedDocuments)} из ${w(capacityDocuments)}, ожидается около ${w(findings.perDay)} документов в день${validUntil === undefined ? '' : `; срок действия (до ${isoOf(validUntil)}) кончается позже`}.`,
    );
  else if (end.day < today)
    out.push(
      `Срок действия ФН истёк ${isoOf(end.day)}; занято ${w(usedDocuments)} из ${w(capacityDocuments)} документов.`,
    );
  else
    out.push(
      `Срок действия ФН кончается ${isoOf(end.day)}, раньше, чем он заполнится${fill.p50 === null ? (findings.days > 0 ? ': при нынешней нагрузке этого не случится' : '') : ` (${isoOf(fill.p50)})`}; занято ${w(usedDocuments)} из ${w(capacityDocuments)}${findings.days > 0 ? `, около ${w(findings.perDay)} документов в день` : ''}.`,
    );
  const seen: string[] = [];
  const last = findings.steps[findings.steps.length - 1];
  if (last) seen.push(`нагрузка изменилась скачком с ${isoOf(last.day)} (${percent(last.factor - 1)})`);
  if (Math.abs(findings.growthPer30Days) >= 0.015)
    seen.push(
      `${findings.growthPer30Days > 0 ? 'рост' : 'спад'} ${percent(findings.growthPer30Days)} за 30 дней`,
    );
  if (findings.quietWeekdays.length > 0)
    seen.push(`тихие дни недели: ${findings.quietWeekdays.map((day) => weekdays.ru[day]).join(', ')}`);
  else if (findings.weekSwing > 1.25) seen.push(`недельный ритм (в ${findings.weekSwing.toFixed(1)} раза)`);
  if (findings.busyMonthDays.length > 0)
    seen.push(`больше продаж по числам ${findings.busyMonthDays.join(', ')}`);
  if (Math.abs(findings.holidayFactor - 1) > 0.15)
    seen.push(`в праздники ${percent(findings.holidayFactor - 1)}`);
  if (findings.peakShare > 0.003)
    seen.push(`всплески (${findings.peaks}) добавляют ${percent(findings.peakShare)} к обычной нагрузке`);
  if (findings.outageDays > 0) seen.push(`дни простоя не в счёт: ${findings.outageDays}`);
  if (findings.missingDays > 0) seen.push(`дни без показаний взяты как обычные: ${findings.missingDays}`);
  if (findings.groupMembers > 1) seen.push(`по нагрузке группы из ${findings.groupMembers} касс`);
  if (seen.length > 0) out.push(`Учтено: ${seen.join('; ')}.`);
  if (findings.days > 0 && findings.isShort)
    out.push(`История короткая (${findings.days} дн.), прогноз приблизительный.`);
  if (findings.days === 0) out.push('Показаний по дням нет.');
  if (end.day !== null) out.push(warningRussian(end.day - warnDaysBefore, today));
  return out.join(' ');
}

const warningRussian = (warnOn: number, today: number): string =>
  warnOn > today
    ? `Предупредить ${isoOf(warnOn)}, за ${warnDaysBefore} дней.`
    : `До конца не больше ${warnDaysBefore} дней: предупредить сейчас.`;

function english({ fill, end, usedDocuments, today, findings }: FnForecast, asked: Asked): string {
  const w = (value: number) => whole(value, 'en');
  const { capacityDocuments, validUntil } = asked;
  const out: string[] = [];
  if (end.day === null) out.push('No end in sight: neither a load nor a term is known.');
  else if (usedDocuments >= capacityDocuments && end.cause === 'capacity')
    out.push(
      `The FN is full: ${w(usedDocuments)} of ${w(capacityDocuments)} documents, since ${isoOf(end.day)}.`,
    );
  else if (end.cause === 'capacity')
    out.push(
      `The FN fills on ${isoOf(end.day)}: ${w(usedDocuments)} of ${w(capacityDocuments)} used, about ${w(findings.perDay)} documents a day expected${validUntil === undefined ? '' : `; its term (until ${isoOf(validUntil)}) ends later`}.`,
    );
  else if (end.day < today)
    out.push(
      `The FN's term ended on ${isoOf(end.day)}; ${w(usedDocuments)} of ${w(capacityDocuments)} documents used.`,
    );
  else
    out.push(
      `The FN's term ends on ${isoOf(end.day)}, before it is full${fill.p50 === null ? (findings.days > 0 ? ': with this load it will not be' : '') : ` (${isoOf(fill.p50)})`}; ${w(usedDocuments)} of ${w(capacityDocuments)} used${findings.days > 0 ? `, about ${w(findings.perDay)} documents a day` : ''}.`,
    );
  const seen: string[] = [];
  const last = findings.steps[findings.steps.length - 1];
  if (last) seen.push(`load changed suddenly on ${isoOf(last.day)} (${percent(last.factor - 1)})`);
  if (Math.abs(findings.growthPer30Days) >= 0.015)
    seen.push(
      `${findings.growthPer30Days > 0 ? 'growth' : 'decline'} ${percent(findings.growthPer30Days)} in 30 days`,
    );
  if (findings.quietWeekdays.length > 0)
    seen.push(`quiet weekdays: ${findings.quietWeekdays.map((day) => weekdays.en[day]).join(', ')}`);
  else if (findings.weekSwing > 1.25) seen.push(`weekly rhythm (${findings.weekSwing.toFixed(1)} times)`);
  if (findings.busyMonthDays.length > 0)
    seen.push(`busier days of the month: ${findings.busyMonthDays.join(', ')}`);
  if (Math.abs(findings.holidayFactor - 1) > 0.15)
    seen.push(`holidays ${percent(findings.holidayFactor - 1)}`);
  if (findings.peakShare > 0.003)
    seen.push(`peaks (${findings.peaks}) add ${percent(findings.peakShare)} to the ordinary load`);
  if (findings.outageDays > 0) seen.push(`outage days left out: ${findings.outageDays}`);
  if (findings.missingDays > 0)
    seen.push(`days without a reading taken as ordinary: ${findings.missingDays}`);
  if (findings.groupMembers > 1) seen.push(`by the load of a group of ${findings.groupMembers} registers`);
  if (seen.length > 0) out.push(`Taken into account: ${seen.join('; ')}.`);
  if (findings.days > 0 && findings.isShort)
    out.push(`The history is short (${findings.days} days): a rough forecast.`);
  if (findings.days === 0) out.push('There are no daily readings.');
  if (end.day !== null)
    out.push(
      end.day - warnDaysBefore > today
        ? `Warn on ${isoOf(end.day - warnDaysBefore)}, ${warnDaysBefore} days ahead.`
        : `No more than ${warnDaysBefore} days are left: warn now.`,
    );
  return out.join(' ');
}
