import type { Ids } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import {
  AnalyticsStore,
  CompanyStore,
  type Database,
  NotificationStore,
  type ReportSchedule,
  ReportScheduleStore,
  type Sql,
} from '@kkt/storage';
import { csvLine } from '../export/csv';
import { measureOf, reportLines, type ReportSpec, reportTable } from './report';

const dayMs = 86_400_000;
const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Days of the whole day, week or month before a moment, in Moscow. */
export function lastPeriod(every: ReportSchedule['every'], nowMs: number): { from: string; to: string } {
  const today = Date.parse(`${textOf(nowMs + 3 * 3_600_000)}T00:00:00Z`);
  if (every === 'day') return { from: textOf(today - dayMs), to: textOf(today - dayMs) };
  if (every === 'week') {
    const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * dayMs;
    return { from: textOf(monday - 7 * dayMs), to: textOf(monday - dayMs) };
  }
  const first = new Date(today);
  const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() - 1, 1);
  return {
    from: textOf(start),
    to: textOf(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1) - dayMs),
  };
}

const rubles = new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' });

/** Mails reports whose morning has come. What the reader may see is decided when it is mailed, not when it was set up. */
export class ReportMail {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly nowMs: () => number,
  ) {}

  /** Mails one; true when there was one. */
  turn(): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const due = await new ReportScheduleStore(sql).takeDue();
      if (!due) return false;
      await this.mail(sql, due);
      return true;
    });
  }

  private async mail(sql: Sql, due: ReportSchedule): Promise<void> {
    const access = await new CompanyStore(sql).access(due.personId, due.clientId);
    if (!access?.canSomewhere('analytics:read')) return;
    const sight = {
      clientId: due.clientId,
      groupIds: access.canEverywhere('analytics:read') ? null : access.groups('analytics:read'),
    };
    const groups = await new AnalyticsStore(sql).groups(sight);
    const period = lastPeriod(due.every, this.nowMs());
    const spec = due.spec as unknown as ReportSpec;
    const range = { groupIds: groups.map(({ id }) => id), ...period };
    const lines = await reportLines(sql, due.clientId, range, spec.rows);
    const file = `\ufeff${reportTable(lines, spec).map(csvLine).join('')}`;
    const fileId = this.ids.uuid();
    await new NotificationStore(sql).addFile(fileId, 'text/csv', Buffer.from(file));
    const revenueKop = lines.reduce((sum, line) => sum + measureOf(line, 'revenue'), 0);
    const title = `${due.name}: ${period.from === period.to ? period.from : `${period.from} — ${period.to}`}`;
    await notify(sql, {
      kind: 'message',
      params: {
        subject: title,
        text: `Отчёт «${due.name}» за ${period.from} — ${period.to} (по московскому времени) во вложении.\n\nВыручка: ${rubles.format(revenueKop / 100)}.\nСтрок: ${lines.length}.\n\nОтменить рассылку можно в кабинете, раздел «Аналитика».`,
      },
      to: { kind: 'address', id: due.email },
      channel: 'email',
      event: `report-${due.id}-${period.from}-${fileId}`,
      clientId: due.clientId,
      attachments: [{ name: `report-${period.from}.csv`, contentType: 'text/csv', fileId }],
    });
  }
}
