import type { DocumentRow, ReceiptListRow } from '@kkt/storage';
import type { DocumentBrief, Moment, Place, ReceiptBrief } from '@kkt/web-contract';

export const moment = (at: Date): Moment => at.toISOString();
export const momentOrNull = (at: Date | null): Moment | null => at?.toISOString() ?? null;

export const receiptBrief = (row: ReceiptListRow): ReceiptBrief => ({
  ...row,
  acceptedAt: moment(row.acceptedAt),
  finishedAt: momentOrNull(row.finishedAt),
  confirmedAt: momentOrNull(row.confirmedAt),
});

export const documentBrief = (row: DocumentRow): DocumentBrief => ({
  ...row,
  recordedAt: moment(row.recordedAt),
  confirmedAt: momentOrNull(row.confirmedAt),
});

/** The stored place; parts that are not written down yet are empty. */
export const placeOf = (place: Record<string, string | number>): Place => ({
  dc: String(place.dc ?? ''),
  rack: String(place.rack ?? ''),
  assembly: Number(place.assembly ?? 0),
  slot: Number(place.slot ?? 0),
});
