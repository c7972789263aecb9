import { formatKop } from '@kkt/domain';
import type { ReceiptReport } from '@kkt/storage';
import type { Principal } from '../access/scopes';
import type { ReceiptBriefView } from '../dto/views';
import { cursorOf, readCursor } from '../http/cursor';
import type { OwnApi } from '../own-api';
import type { EventPageView, EventView } from './views';

const briefOf = (report: ReceiptReport): ReceiptBriefView => ({
  id: report.id,
  external_id: report.externalId,
  group: report.groupCode,
  operation: report.operation,
  state: report.state,
  total: formatKop(report.totalKop),
  accepted_at: report.acceptedAt.toISOString(),
  finished_at: report.finishedAt?.toISOString() ?? null,
  register: report.registerSerial,
  fn_number: report.proof?.fnNumber ?? null,
  fd_number: report.proof?.fdNumber ?? null,
  error_code: report.errorCode,
  error_text: report.errorText,
});

/** A page of the ends of receipts after a position. */
export async function readEvents(
  api: OwnApi,
  caller: Pick<Principal, 'clientId' | 'groupCode'>,
  after: string | undefined,
  limit: number,
): Promise<EventPageView> {
  const cursor = after === undefined ? undefined : readCursor(after);
  const { ends, more } = await api.queue.endsAfter(caller.clientId, caller.groupCode, cursor, limit);
  const reports = await Promise.all(ends.map(({ receiptId }) => api.receipts.report(receiptId)));
  const items = ends.flatMap((end, index): EventView[] => {
    const report = reports[index];
    if (!report) return [];
    return [
      {
        id: cursorOf(end.atText, end.receiptId),
        type: `receipt.${end.state}`,
        at: end.at.toISOString(),
        receipt: briefOf(report),
      },
    ];
  });
  return { items, next: items.at(-1)?.id ?? after ?? null, more };
}
