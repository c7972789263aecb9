import type { FnDocument, TestFarm } from './test-farm';

export interface Verdict {
  accepted: number;
  done: number;
  failed: number;
  waiting: number;
  /** Receipts (form 3, 31) in all FNs. */
  fnReceipts: number;
  faults: string[];
}

interface ReceiptRow {
  externalId: string;
  state: string;
  totalKop: number;
  fnNumber: string | null;
  fdNumber: number | null;
}

/**
 * Compares the database, every FN's own archive and, when asked, the operator's store. An empty list of faults means:
 * each done receipt is exactly one document with its own total, no FN holds a receipt that nobody asked for, documents
 * of each FN are numbered without gaps, and the operator has exactly the FNs' documents.
 */
export async function checkFarm(farm: TestFarm, options: { operator?: boolean } = {}): Promise<Verdict> {
  const rows = await farm.database.query<ReceiptRow>(
    `select external_id as "externalId", state, total_kop::float8 as "totalKop", fn_number as "fnNumber", fd_number as "fdNumber" from receipts`,
  );
  const faults: string[] = [];
  const byDocument = new Map<string, ReceiptRow>();
  for (const row of rows) {
    if (row.state !== 'done') continue;
    const key = `${row.fnNumber}/${row.fdNumber}`;
    if (byDocument.has(key)) faults.push(`${key} proves two receipts`);
    byDocument.set(key, row);
  }
  let fnReceipts = 0;
  for (const module of await farm.modules()) {
    const documents = await farm.fnDocuments(module.serial);
    documents.forEach((document, index) => {
      if (document.fd !== index + 1) faults.push(`${module.fnNumber}: gap before FD ${document.fd}`);
      if (document.form !== 3 && document.form !== 31) return;
      fnReceipts += 1;
      const key = `${module.fnNumber}/${document.fd}`;
      const row = byDocument.get(key);
      if (!row) faults.push(`${key} is a receipt that no request asked for`);
      else if (row.totalKop !== document.total)
        faults.push(`${key}: total ${document.total}, asked ${row.totalKop}`);
      byDocument.delete(key);
    });
    if (options.operator) faults.push(...(await operatorFaults(farm, module.fnNumber, documents)));
  }
  for (const [key, row] of byDocument) faults.push(`${row.externalId} is done by ${key}, which no FN has`);
  const count = (...states: string[]) => rows.filter((row) => states.includes(row.state)).length;
  return {
    accepted: rows.length,
    done: count('done'),
    failed: count('failed'),
    waiting: count('queued', 'working', 'in_doubt'),
    fnReceipts,
    faults,
  };
}

async function operatorFaults(
  farm: TestFarm,
  fnNumber: string,
  documents: readonly FnDocument[],
): Promise<string[]> {
  const stored = await farm.database.query<{ fd: number; sign: number }>(
    `select fd_number as fd, fiscal_sign::float8 as sign from ofd.documents where fn_number = $1 order by fd_number`,
    [fnNumber],
  );
  const faults: string[] = [];
  const signs = new Map(stored.map(({ fd, sign }) => [fd, sign]));
  for (const { fd, fiscalSign, confirmed } of documents) {
    if (!signs.has(fd)) faults.push(`operator has no ${fnNumber}/${fd}`);
    else if (signs.get(fd) !== fiscalSign)
      faults.push(`operator's ${fnNumber}/${fd} has another fiscal sign`);
    if (!confirmed) faults.push(`${fnNumber}/${fd} is not confirmed in the FN`);
    signs.delete(fd);
  }
  for (const fd of signs.keys()) faults.push(`operator has ${fnNumber}/${fd}, which the FN does not`);
  return faults;
}
