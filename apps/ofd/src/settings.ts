import type { Settings } from '@kkt/config';
import { REFERENCE_OPERATOR_KEY } from '@kkt/ofd-protocol';

/** What the operator is made with; times and limits that no installation needs to change have their values here. */
export interface OperatorSettings {
  databaseUrl: string;
  databasePoolSize: number;
  host: string;
  tcpPort: number;
  portalPort: number;
  operatorInn: string;
  operatorName: string;
  /** Without a key the JSON API answers only this machine. */
  apiKey?: string;
  /** The portal shows the latest documents to everybody. */
  openPortal: boolean;
  faults: boolean;
  /** Key of tag 1078. */
  signKey: string;
  /** The operator's wall clock, minutes east of Greenwich. */
  utcOffsetMinutes: number;
  idleTimeoutMs: number;
  messageTimeoutMs: number;
  maxConnections: number;
  maxPending: number;
  /** Look-ups a minute from one address of the portal. */
  portalLookupsPerMinute: number;
}

/** Moscow time. */
const UTC_OFFSET_MINUTES = 180;

/** The settings of a process read by `@kkt/config`. */
export const operatorSettings = (settings: Settings<'ofd'>): OperatorSettings => ({
  ...settings,
  signKey: REFERENCE_OPERATOR_KEY,
  utcOffsetMinutes: UTC_OFFSET_MINUTES,
  // The exchange allows 300 s of waiting for an answer; a silent peer is let go a little later.
  idleTimeoutMs: 310_000,
  messageTimeoutMs: 30_000,
  maxConnections: 10_000,
  maxPending: 32,
  portalLookupsPerMinute: 120,
});
