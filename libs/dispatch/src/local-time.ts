/** Wall clock of the registers: `YYYY-MM-DDTHH:MM:SS` without a zone. */
export function toLocal(epochMs: number, utcOffsetMin: number): string {
  return new Date(epochMs + utcOffsetMin * 60_000).toISOString().slice(0, 19);
}

/** The moment of a register's wall clock, Unix milliseconds. */
export function fromLocal(local: string, utcOffsetMin: number): number {
  return Date.parse(`${local}Z`) - utcOffsetMin * 60_000;
}
