/** `swap`: FN of a working register; `install`: first registration of a module; `reregister`: same FN, changed data; `close`: de-registration. */
export type WorkflowKind = 'swap' | 'install' | 'reregister' | 'close';

export const stepNames = [
  'join',
  'application',
  'drain',
  'close_shift',
  'deliver',
  'close_fn',
  'deliver_closing',
  'take_out',
  'put_in',
  'check_fn',
  'register',
  'deliver_report',
  'hand_over',
  'tell_operator',
  'test_receipt',
  'return',
  'release',
  'store_old',
] as const;
export type StepName = (typeof stepNames)[number];

/** What a device can be asked for a step; see the driver's `FnDuty`. */
export type TaskKind =
  | 'drain'
  | 'close_shift'
  | 'deliver'
  | 'close_fn'
  | 'identify'
  | 'register'
  | 'test_receipt'
  | 'return'
  | 'read_report';

export type WorkflowStatus = 'running' | 'waiting' | 'failed' | 'cancelled' | 'done';
export type Turn = 'system' | 'device' | 'engineer' | 'approver' | 'client';

/** Facts written down with a step: numbers and words only, so that they can be audited and hashed. */
export type StepFacts = Readonly<Record<string, string | number | boolean | null>>;

export interface Workflow {
  id: string;
  kind: WorkflowKind;
  oldFn: string | null;
  newFn: string | null;
  oldFnBroken: boolean;
  joins: string | null;
  step: StepName;
  status: WorkflowStatus;
  attempt: number;
  /** What engineers said of a step: scans, cell… */
  said: Readonly<Partial<Record<StepName, StepFacts>>>;
  proofs: Readonly<Partial<Record<StepName, StepFacts>>>;
  /** A second person has agreed to the dangerous step that is now due. */
  isApproved: boolean;
}

/** The present step's task for the device. */
export interface TaskSeen {
  state: 'waiting' | 'done' | 'failed' | 'withdrawn';
  result: StepFacts | null;
  reason: string | null;
}

/** What the world looks like when a step is looked at. */
export interface WorldSeen {
  /** The task of this step and attempt. */
  task?: TaskSeen;
  /** The additional register's workflow. */
  joined?: WorkflowStatus;
  /** State of the workflow's own application. */
  application?: 'draft' | 'sent' | 'number_received' | 'report_entered' | 'card' | 'cancelled';
  /** Receipts of this register that are being made or are in doubt. */
  receiptsUnderWay: number;
  /** Intents whose outcome is not proven yet. */
  openIntents: number;
  /** What the model of the FN promises, days of keys; for the check of a new FN. */
  newFnKeyDays?: number;
  newFnModel?: string;
  serial: string;
  /** Moscow's day. */
  today: string;
}

/** What is to be done with a workflow now. */
export type Verdict =
  | { is: 'ask'; task: TaskKind; fnNumber: string | null }
  /** Something the farm does by itself in the same commit: hand over, tell. */
  | { is: 'act' }
  | { is: 'wait'; turn: Turn; note: string }
  | { is: 'done'; proof: StepFacts }
  | { is: 'failed'; note: string };
