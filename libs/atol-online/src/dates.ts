/** ATOL Online speaks Moscow time without a zone; Moscow has kept UTC+3 all year since October 2014. */
const moscowOffsetMs = 3 * 3_600_000;

/** `dd.mm.yyyy HH:MM:SS`, zero padded, Moscow: the only date layout that clients of the protocol parse. */
export function atolDateTime(at: Date): string {
  return fromIsoLocal(new Date(at.getTime() + moscowOffsetMs).toISOString());
}

/** The same layout from a wall clock `YYYY-MM-DDTHH:MM:SS…` as kept in fiscal documents (tag 1012): no zone is applied. */
export function fromIsoLocal(local: string): string {
  const [date = '', time = ''] = local.split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}.${month}.${year} ${time.slice(0, 8)}`;
}
