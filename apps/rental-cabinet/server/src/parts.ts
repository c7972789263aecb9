import type { Acquirer } from '@kkt/acquiring';
import type { Clock, Ids, Log } from '@kkt/contracts';
import type { OperatorRegistry } from '@kkt/operators';
import type { Database } from '@kkt/storage';

/** What the cabinet works with; made once, given to every part as {@link PARTS}. */
export interface CabinetParts {
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The installation is reached over TLS: cookies are Secure, HSTS is on. */
  isSecure: boolean;
  /** Addresses or networks of our own proxies, whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  /** Seals secrets and codes: SECRET_KEY, 32 bytes. */
  secretKey: Buffer;
  /** How people reach this cabinet; used in letters. */
  cabinetUrl: string;
  /** How shops reach the receipt API. */
  apiUrl: string;
  /** Payment providers are asked here instead, for demonstrations and tests. */
  paymentEmulatorUrl?: string;
  /** Tells other processes that something waits for them; never rejects. */
  wake: { group(groupId: number): void; callbacks(): void };
  /** The operator whom sandboxes report to (tag 1017), and the door where registers are made known to it. */
  operator: { inn: string; registry: OperatorRegistry };
  /** The bank that takes cards for us; absent: clients pay by invoice only. */
  acquirer?: Acquirer;
}

/** Nest injection token of {@link CabinetParts}. */
export const PARTS = Symbol('CabinetParts');
