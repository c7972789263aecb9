/**
 * How long a farm under test is waited for at least. It only keeps a test from waiting for ever: every wait ends as soon
 * as the thing has happened, and a machine that is busy with other work may take many times as long as an idle one.
 */
export const patienceMs = 240_000;
