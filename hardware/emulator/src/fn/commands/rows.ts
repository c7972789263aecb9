import type { AnyFnCommand, FnCommandName } from '@kkt/atol-protocol';
import type { WallMs } from '../../wall-time';
import { wallFromText } from '../../wall-time';
import type { ArchivedDocument, FiscalDrive, MadeDocument } from '../fiscal-drive';
import { FN_CODE, FnRefusal } from '../refusal';

/** Row of the FN command table by name. */
export type Row<N extends FnCommandName> = Extract<AnyFnCommand, { name: N }>;

/** A test whether a row is one of a group; inside, `row.name` narrows the row. */
export const rowsOf =
  <const N extends FnCommandName>(...names: N[]) =>
  (row: AnyFnCommand): row is Row<N> =>
    (names as readonly string[]).includes(row.name);

/** FD number and fiscal sign of a document just made. */
export const signed = (made: MadeDocument): { fdNumber: number; fiscalSign: number } => ({
  fdNumber: made.fd,
  fiscalSign: made.fiscalSign,
});

export function wallOrRefuse(text: string): WallMs {
  const wall = wallFromText(text);
  if (wall === undefined) throw new FnRefusal(FN_CODE.badTime, 'no date and time');
  return wall;
}

export function documentOrRefuse(drive: FiscalDrive, fd: number): ArchivedDocument {
  const document = drive.document(fd);
  if (!document) throw new FnRefusal(FN_CODE.noData, `no document ${fd}`);
  return document;
}
