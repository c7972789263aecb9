import type { Log } from '@kkt/contracts';
import {
  type Database,
  type ExportTask,
  ReceiptExportStore,
  type ReceiptCursor,
  type ReceiptListRow,
  type ReceiptQuery,
  ReceiptSearchStore,
} from '@kkt/storage';
import { type Cell, exportColumns } from './columns';
import { csvLine } from './csv';
import { XlsxWriter } from './xlsx';

const pageRows = 1_000;
/** A part of a file as it is stored. */
const partBytes = 262_144;
/** A writer that says nothing for so long is gone. */
const leaseS = 60;

interface Sheet {
  begin(): Promise<void>;
  rows(rows: readonly (readonly Cell[])[]): Promise<void>;
  end(): Promise<void>;
  /** Bytes that are ready, from the last call on. */
  take(): Buffer;
}

class CsvSheet implements Sheet {
  private text = '';

  begin(): Promise<void> {
    // The mark tells spreadsheets that it is UTF-8.
    this.text = `\ufeff${csvLine(exportColumns.map(({ title }) => ({ kind: 'text', value: title })))}`;
    return Promise.resolve();
  }

  rows(rows: readonly (readonly Cell[])[]): Promise<void> {
    for (const cells of rows) this.text += csvLine(cells);
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  take(): Buffer {
    const bytes = Buffer.from(this.text);
    this.text = '';
    return bytes;
  }
}

/** A search as it was stored, with its moments read again. */
export function readStoredQuery(stored: Record<string, unknown>): ReceiptQuery {
  const query = stored as unknown as ReceiptQuery & { from?: string; to?: string };
  return {
    ...query,
    from: query.from === undefined ? undefined : new Date(query.from),
    to: query.to === undefined ? undefined : new Date(query.to),
  };
}

/** Writes exports that people asked for, page by page: a file of any length takes the memory of one page. */
export class ExportRunner {
  private readonly exports: ReceiptExportStore;
  private readonly search: ReceiptSearchStore;

  constructor(
    database: Database,
    private readonly log: Log,
  ) {
    this.exports = new ReceiptExportStore(database);
    this.search = new ReceiptSearchStore(database);
  }

  /** Writes one export to its end; true when there was one. */
  async turn(): Promise<boolean> {
    const task = await this.exports.claim(leaseS);
    if (!task) return false;
    let rowsDone = 0;
    try {
      const isWanted = await this.write(task, (rows) => {
        rowsDone = rows;
      });
      if (isWanted) await this.exports.finish(task.id, { state: 'done', rowsDone });
      this.log.info({ exportId: task.id, rowsDone, isWanted }, 'an export of receipts is written');
    } catch (error) {
      this.log.error({ err: error, exportId: task.id, rowsDone }, 'an export of receipts failed');
      await this.exports.finish(task.id, { state: 'failed', rowsDone, error: 'SYS-EXPORT' });
    }
    return true;
  }

  private async write(task: ExportTask, tell: (rows: number) => void): Promise<boolean> {
    const asked = readStoredQuery(task.query);
    // What comes while it is written is not part of it.
    const query = { ...asked, to: asked.to && asked.to < task.createdAt ? asked.to : task.createdAt };
    await this.exports.putTotal(task.id, (await this.search.totals(query)).receipts);
    const sheet: Sheet = task.format === 'csv' ? new CsvSheet() : new XlsxWriter('Чеки', exportColumns);
    await sheet.begin();
    let seq = 0;
    let done = 0;
    let waiting = sheet.take();
    const flush = async (isEnd: boolean): Promise<boolean> => {
      waiting = Buffer.concat([waiting, sheet.take()]);
      // Progress is told with every page; parts are cut to size.
      const parts = [];
      while (waiting.length >= partBytes || (isEnd && waiting.length > 0)) {
        parts.push(waiting.subarray(0, partBytes));
        waiting = waiting.subarray(partBytes);
      }
      for (const part of parts)
        if (!(await this.exports.putPart(task.id, seq++, part, done, leaseS))) return false;
      return true;
    };
    let cursor: ReceiptCursor | undefined;
    for (;;) {
      const page = await this.search.page(query, pageRows, cursor);
      await sheet.rows(await this.cellsOf(page.rows, task.withContacts));
      done += page.rows.length;
      tell(done);
      if (!(await flush(false))) return false;
      if (!page.next) break;
      cursor = page.next;
    }
    await sheet.end();
    return flush(true);
  }

  private async cellsOf(rows: readonly ReceiptListRow[], withContacts: boolean): Promise<Cell[][]> {
    const contents = new Map(
      (await this.exports.contents(rows.map(({ id }) => id))).map((one) => [one.id, one]),
    );
    return rows.flatMap((row) => {
      const found = contents.get(row.id);
      return found ? [exportColumns.map((column) => column.cell({ row, ...found }, { withContacts }))] : [];
    });
  }
}
