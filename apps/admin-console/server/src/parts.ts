import type { Clock, Ids, Log } from '@kkt/contracts';
import type { Database } from '@kkt/storage';

/** What the console works with; made once, given to every part as {@link PARTS}. */
export interface ConsoleParts {
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The installation is reached over TLS: cookies are Secure, HSTS is on. */
  isSecure: boolean;
  /** Addresses or networks of our own proxies, whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  /** Seals the seeds of second factors: SECRET_KEY of the installation. */
  secretKey: Buffer;
  /** The mailbox page needs no log-in: a demonstration. */
  mailboxOpen?: boolean;
  /** Control port of the emulated hall, when there is one that may be broken from here. */
  emulatorControlUrl?: string;
}

/** Nest injection token of {@link ConsoleParts}. */
export const PARTS = Symbol('ConsoleParts');
