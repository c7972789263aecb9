import type { SaleWord } from '../../device';
import type { ArchiveReader } from './archive-reader';
import type { AtolSession } from './atol.session';
import { fnStateOf, fnStatus, shiftOf, shiftState, type Reader } from './reader';
import { takeAll } from './take-all';

/** The FN's state (A4 30), the record of one document (A4 40) and the shift (A4 10) in one round trip. */
export async function saleWord(
  session: AtolSession,
  reader: Reader,
  archive: ArchiveReader,
  fdNumber: number,
): Promise<SaleWord> {
  const [state, record, shift] =
    (await takeAll(session, [
      session.taskOf(fnStatus),
      archive.recordTask(fdNumber),
      session.taskOf(shiftState),
    ])) ?? [];
  if (!state || !record || !shift) {
    return {
      state: await reader.fnState(),
      record: await archive.record(fdNumber),
      shift: await reader.shift(),
    };
  }
  return {
    state: fnStateOf(await session.dataOf(fnStatus, state)),
    record: await archive.recordBy(fdNumber, record),
    shift: shiftOf(await session.dataOf(shiftState, shift)),
  };
}
