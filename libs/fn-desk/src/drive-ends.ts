import { dayOf as dayNumber, Forecaster, isoOf } from '@kkt/forecast';
import { FnLedgerStore, type Sql } from '@kkt/storage';
import type { DriveEnd } from './renewal-desk';

/** Days of documents that a forecast is made of. */
const historyDays = 420;

/** When each FN in a register ends, by the forecast over its own documents and by its term. */
export async function driveEnds(sql: Sql, today: string): Promise<DriveEnd[]> {
  const forecaster = new Forecaster();
  const ends: DriveEnd[] = [];
  for (const drive of await new FnLedgerStore(sql).installedWithHistory(historyDays)) {
    const now = dayNumber(today) ?? 0;
    const found = forecaster.forecast({
      history: { firstDay: dayNumber(drive.firstDay ?? today) ?? now, documents: drive.documents },
      capacityDocuments: drive.capacityDocuments,
      usedDocuments: drive.usedDocuments,
      ...(drive.validUntil ? { validUntil: dayNumber(drive.validUntil) } : {}),
      today: now,
    });
    if (found.end.day === null || found.end.cause === 'none') continue;
    const endDate = isoOf(found.end.day);
    const perDay = Math.round(found.findings.perDay);
    ends.push({
      fnNumber: drive.fnNumber,
      registerId: drive.registerId,
      clientId: drive.clientId,
      endDate,
      cause: found.end.cause,
      reason:
        found.end.cause === 'capacity'
          ? `память заполнится раньше срока: сейчас около ${perDay} документов в день, осталось ${drive.capacityDocuments - drive.usedDocuments}`
          : 'закончится срок действия ключей',
    });
  }
  return ends;
}
