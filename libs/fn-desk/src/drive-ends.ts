import { dayOf as dayNumber, Forecaster, isoOf, reasonInWords, warnDaysBefore } from '@kkt/forecast';
import { FnLedgerStore, PlanningStore, type Sql } from '@kkt/storage';
import type { DriveEnd } from './renewal-desk';

/** Days of documents that a forecast is made of. */
const historyDays = 420;
/** A forecast of an earlier night than these is not relied on: the planning may be down. */
const freshDays = 2;

/**
 * When each FN in a register ends: by the newest forecast of the night, the one that pages and dispatch go by too. An FN
 * without one (put in today, or the night's planning is down) is foretold here from its documents and its term.
 */
export async function driveEnds(sql: Sql, today: string): Promise<DriveEnd[]> {
  const planned = await endsOfPlanning(sql, today);
  return [...planned, ...(await endsByDocuments(sql, today, planned))];
}

async function endsOfPlanning(sql: Sql, today: string): Promise<DriveEnd[]> {
  const now = dayNumber(today) ?? 0;
  return (await new PlanningStore(sql).forecasts()).flatMap((row): DriveEnd[] => {
    const { fnNumber, registerId, clientId, endOn, cause, madeOn, reasonRu, reasonEn } = row;
    const warnOn = row.warnOn ?? isoOf((dayNumber(endOn ?? today) ?? now) - warnDaysBefore);
    if (clientId === null || endOn === null || cause === 'none') return [];
    if (now - (dayNumber(madeOn) ?? 0) > freshDays) return [];
    return [{ fnNumber, registerId, clientId, endDate: endOn, warnOn, cause, reason: reasonRu, reasonEn }];
  });
}

async function endsByDocuments(sql: Sql, today: string, known: readonly DriveEnd[]): Promise<DriveEnd[]> {
  const forecaster = new Forecaster();
  const ends: DriveEnd[] = [];
  const left = await new FnLedgerStore(sql).installedWithHistory(
    historyDays,
    known.map(({ fnNumber }) => fnNumber),
  );
  for (const drive of left) {
    const now = dayNumber(today) ?? 0;
    const asked = {
      history: { firstDay: dayNumber(drive.firstDay ?? today) ?? now, documents: drive.documents },
      capacityDocuments: drive.capacityDocuments,
      usedDocuments: drive.usedDocuments,
      ...(drive.validUntil ? { validUntil: dayNumber(drive.validUntil) } : {}),
      today: now,
    };
    const found = forecaster.forecast(asked);
    if (found.end.day === null || found.warnOn === null || found.end.cause === 'none') continue;
    ends.push({
      fnNumber: drive.fnNumber,
      registerId: drive.registerId,
      clientId: drive.clientId,
      endDate: isoOf(found.end.day),
      warnOn: isoOf(found.warnOn),
      cause: found.end.cause,
      reason: reasonInWords(found, asked, 'ru'),
      reasonEn: reasonInWords(found, asked, 'en'),
    });
  }
  return ends;
}
