import type { Moment } from './common';

export interface AlertView {
  id: string;
  class: string;
  objectKind: string;
  objectId: string;
  severity: 1 | 2 | 3 | 4;
  text: string;
  facts: Record<string, string | number | boolean | null>;
  openedAt: Moment;
  seenAt: Moment;
  times: number;
  closedAt: Moment | null;
  /** Of the rule; null for what a process told by itself. */
  title: string | null;
  object: string | null;
  cause: string | null;
  action: string | null;
  route: string | null;
  affected: number;
  silenced: boolean;
  ackedAt: Moment | null;
  ackedBy: string | null;
  ackNote: string | null;
}

/** Who is told next of an alert that nobody has acknowledged. */
export interface AlertNextStep {
  at: Moment;
  /** Duty role (`duty`, `second`, `head`) or a desk (`support`…). */
  who: string;
  /** Who has that duty then; empty: nobody, the shared address is told. */
  names: string[];
  channels: string[];
}

/** An alert as the desk shows it: with its weight and what comes next. */
export interface AlertDeskRow extends AlertView {
  titleEn: string | null;
  actionEn: string | null;
  assignedToId: string | null;
  assignedTo: string | null;
  /** Clients whose registers or groups it concerns. */
  clients: number;
  /** Receipts of those groups that are not finished. */
  receipts: number;
  next: AlertNextStep | null;
  /** What the status page says of it. */
  public: { ru: string; en: string; at: Moment } | null;
}

export interface AlertDetails extends AlertDeskRow {
  registers: {
    id: number;
    serial: string;
    dc: string | null;
    rack: string | null;
    assembly: number | null;
    slot: number | null;
    state: string;
    online: boolean;
    groupCode: string | null;
    clientName: string | null;
  }[];
  /** Whose receipts wait, those with most first. */
  hit: { clientName: string; groupCode: string; receipts: number; inDoubt: number }[];
  events: { at: Moment; kind: string; who: string | null; note: string | null }[];
  messages: { id: string; at: Moment; channel: string; to: string; state: string; subject: string }[];
}

export interface SilenceView {
  id: string;
  rule: string | null;
  dc: string | null;
  rack: string | null;
  assembly: number | null;
  registerId: number | null;
  reason: string;
  staffName: string | null;
  startsAt: Moment;
  endsAt: Moment;
}

export interface DutyView {
  shifts: {
    id: string;
    staffId: string;
    name: string;
    role: 'duty' | 'second' | 'head';
    startsAt: Moment;
    endsAt: Moment;
    handoverNote: string | null;
  }[];
  now: { role: 'duty' | 'second' | 'head'; staffId: string; name: string }[];
  /** Times in which nobody has duty. */
  gaps: { from: Moment; to: Moment }[];
  staff: { id: string; name: string }[];
}

export interface AlertRuleView {
  id: string;
  title: string;
  titleEn: string;
  action: string;
  actionEn: string;
  route: string;
  enabled: boolean;
  severity: 1 | 2 | 3 | 4;
  forS: number;
  clearS: number;
  parameters: Record<string, number>;
  isChanged: boolean;
  escalation: { afterS: number; who: string; channels: string[] }[];
}
