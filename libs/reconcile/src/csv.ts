import type { FindingRow, NotRead } from '@kkt/storage';

const HEADER = ['serial', 'fn', 'fd', 'to_fd', 'kind', 'form', 'details', 'action', 'state', 'found_at'];

/** Quoted when it must be; what a spreadsheet would take for a formula is given as text. */
function cell(value: string | number | undefined): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Findings of a run and registers that were not read, RFC 4180, UTF-8; details are JSON. */
export function findingsCsv(findings: readonly FindingRow[], notRead: readonly NotRead[]): string {
  const rows = [
    HEADER,
    ...findings.map((row) => [
      row.serial,
      row.fnNumber,
      row.fdNumber,
      row.toFd,
      row.kind,
      row.form ?? undefined,
      JSON.stringify(row.details),
      row.action,
      row.state,
      row.foundAt.toISOString(),
    ]),
    ...notRead.map(({ serial, fnNumber, reason }) => [
      serial,
      fnNumber,
      undefined,
      undefined,
      'not_read',
      undefined,
      JSON.stringify({ reason }),
      NOT_READ_ACTION,
    ]),
  ];
  const width = HEADER.length;
  return rows
    .map((row) => Array.from({ length: width }, (_, index) => cell(row[index])).join(','))
    .map((line) => `${line}\r\n`)
    .join('');
}

const NOT_READ_ACTION = 'Касса или оператор не ответили: устранить причину и повторить сверку этой кассы.';
