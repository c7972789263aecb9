import type { Facts } from './facts';

export type Severity = 1 | 2 | 3 | 4;

/** Who has to act: the duty engineer, support, client service, the client himself. */
export type Route = 'hardware' | 'integration' | 'fn' | 'operator' | 'capacity' | 'platform';

export type ObjectKind =
  'register' | 'group' | 'receipt' | 'driver' | 'operator' | 'farm' | 'plant' | 'place' | 'stock';

/** Something that is wrong now. */
export interface Finding {
  objectKind: ObjectKind;
  objectId: string;
  /** The object in words: place and serial, group… */
  object: string;
  /** One sentence in Russian. */
  text: string;
  cause?: string;
  /** Graver or lighter than the rule's own. */
  severity?: Severity;
  /** Registers that it concerns. */
  registers: readonly number[];
  clientId?: string | null;
  facts?: Record<string, string | number | boolean | null>;
  /**
   * Common causes, as `objectKind|objectId`, that it would be part of: while an alert of the same rule about one of them is
   * open, this is no news of its own.
   */
  within?: readonly string[];
  /** What the client is told, by kind of message. */
  client?: {
    clientId: string;
    kind: 'delayed' | 'overloaded' | 'refused' | 'ofd';
    params: Record<string, string | number>;
  };
}

/** Numbers of a rule, which an installation may change. */
export type Parameters = Readonly<Record<string, number>>;

/** A rule as data; `find` reads the facts and nothing else. */
export interface Rule {
  /** Stable word: the class of its alerts. */
  id: string;
  title: string;
  titleEn: string;
  /** What to do first. */
  action: string;
  actionEn: string;
  severity: Severity;
  route: Route;
  /** It must hold so long before anybody is told. */
  forS: number;
  /** It must be over so long before the alert is closed. */
  clearS: number;
  parameters: Parameters;
  find(facts: Facts, parameters: Parameters): Finding[];
}
