/** When an FN ends: from documents a day to the day it is full, with its reason. Pure: no clock, no database. */
export * from './days';
export { dayKind, DayKind, dayOfMonth, weekday } from './calendar';
export * from './types';
export { Forecaster, fillDays, horizonDays } from './forecast';
export { reasonInWords, type ReasonLanguage } from './words';
export { HistoryError, readHistoryCsv } from './csv';
