/** How the driver treats registers. Each value can be set per installation; the defaults fit a rack. */
export interface DispatchSettings {
  /** How long a lease lasts without being prolonged, seconds. */
  leaseTtlS: number;
  /** How long before the end of its lease a driver stops writing: must exceed the longest device command. */
  leaseGuardMs: number;
  renewEveryMs: number;
  /** How often PostgreSQL is asked for waiting receipts without being woken. */
  sweepEveryMs: number;
  /** How often the operators' answers are fetched without being woken. */
  answerSweepEveryMs: number;
  statusEveryMs: number;
  /** How often it is looked whether a register went silent or came back, to tell it at once. */
  statusChangesEveryMs: number;
  /** How often readings are stored: each time makes a row of minute history. */
  readingsEveryMs: number;
  /** Attempts, each proven to have made no document, after which a receipt is refused. */
  maxAttempts: number;
  reconnectMinMs: number;
  reconnectMaxMs: number;
  /** Age at which an open shift is closed; spread over registers so that a group never closes at once. */
  shiftCloseAfterMs: number;
  shiftCloseSpreadMs: number;
  /** Documents kept free in the FN for shift reports, settlement report and closing. */
  fnReserveDocuments: number;
  /** Age of the oldest unsent document at which dispatch leaves the register; the FN blocks itself at 30 days. */
  unsentLimitMs: number;
  /** Clock difference that is corrected between receipts. */
  clockToleranceMs: number;
  /** How often the FN's limits, its queue and the clock are read again. */
  checkEveryMs: number;
  /** How often a register at rest is asked whether its FN still answers: it sells nothing that would show it. */
  fnLookEveryMs: number;
  /** While a queue of receipts is served, one step of the FN–operator exchange is made this often; otherwise at once. */
  pumpUnderLoadEveryMs: number;
  /** How often wishes to read archives are looked for. */
  archiveSweepEveryMs: number;
  /** How often wishes of workflows to the device are looked for. */
  taskSweepEveryMs: number;
  /** How often the traffic of wires that somebody looks at is told. */
  tracesEveryMs: number;
  /** One part of an archive ends after so many records or so long, whichever comes first: a receipt may wait for it. */
  archiveRecordsAtOnce: number;
  archiveStepMs: number;
  /** Pause after each part, in which a waiting receipt gets the register. */
  archivePauseMs: number;
  /** How often the forecasts for wear levelling are read. */
  wearEveryMs: number;
  /** Texts of documents a register may owe under load before it stops for one after each receipt; 0: none is put off. */
  textsOwedAtMost: number;
  /** Offset of the registers' wall clock from UTC, minutes. */
  deviceUtcOffsetMin: number;
}

export const defaultDispatchSettings: DispatchSettings = {
  leaseTtlS: 60,
  leaseGuardMs: 25_000,
  renewEveryMs: 10_000,
  sweepEveryMs: 1_000,
  answerSweepEveryMs: 1_000,
  statusEveryMs: 2_000,
  statusChangesEveryMs: 500,
  readingsEveryMs: 60_000,
  maxAttempts: 5,
  reconnectMinMs: 500,
  reconnectMaxMs: 15_000,
  shiftCloseAfterMs: 22 * 3_600_000,
  shiftCloseSpreadMs: 3_600_000,
  fnReserveDocuments: 20,
  unsentLimitMs: 29 * 86_400_000,
  clockToleranceMs: 20_000,
  checkEveryMs: 300_000,
  fnLookEveryMs: 10_000,
  pumpUnderLoadEveryMs: 2_000,
  archiveSweepEveryMs: 1_000,
  taskSweepEveryMs: 500,
  tracesEveryMs: 700,
  archiveRecordsAtOnce: 20,
  archiveStepMs: 200,
  archivePauseMs: 10,
  wearEveryMs: 600_000,
  textsOwedAtMost: 2_000,
  deviceUtcOffsetMin: 180,
};
