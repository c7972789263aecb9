import type { StepName, TaskKind, Workflow, WorkflowKind } from './types';

export interface StepRule {
  name: StepName;
  /** Who moves it on. `device`: a task for the driver; `engineer`: hands and a scan; `system`: the farm itself. */
  by: 'device' | 'engineer' | 'client' | 'system';
  task?: TaskKind;
  /** A task that is done after the engineer has said that he did his part. */
  taskAfterScan?: boolean;
  /** Cannot be taken back: a second person must agree. */
  isDangerous?: boolean;
  /** The workflow can be broken off while it stands here, and the register goes on as before. */
  canCancel?: boolean;
}

const rules: Readonly<Record<StepName, StepRule>> = {
  join: { name: 'join', by: 'system', canCancel: true },
  application: { name: 'application', by: 'client', canCancel: true },
  drain: { name: 'drain', by: 'device', task: 'drain', canCancel: true },
  close_shift: { name: 'close_shift', by: 'device', task: 'close_shift', canCancel: true },
  deliver: { name: 'deliver', by: 'device', task: 'deliver', canCancel: true },
  close_fn: { name: 'close_fn', by: 'device', task: 'close_fn', isDangerous: true, canCancel: true },
  deliver_closing: { name: 'deliver_closing', by: 'device', task: 'deliver' },
  take_out: { name: 'take_out', by: 'engineer', task: 'identify', taskAfterScan: true },
  put_in: { name: 'put_in', by: 'engineer' },
  check_fn: { name: 'check_fn', by: 'device', task: 'identify' },
  register: { name: 'register', by: 'device', task: 'register' },
  deliver_report: { name: 'deliver_report', by: 'device', task: 'deliver' },
  hand_over: { name: 'hand_over', by: 'system' },
  tell_operator: { name: 'tell_operator', by: 'system' },
  test_receipt: { name: 'test_receipt', by: 'device', task: 'test_receipt' },
  return: { name: 'return', by: 'device', task: 'return' },
  release: { name: 'release', by: 'system' },
  store_old: { name: 'store_old', by: 'engineer' },
};

const orders: Readonly<Record<WorkflowKind, readonly StepName[]>> = {
  swap: [
    'join',
    'drain',
    'close_shift',
    'deliver',
    'close_fn',
    'deliver_closing',
    'take_out',
    'put_in',
    'check_fn',
    'register',
    'hand_over',
    'tell_operator',
    'test_receipt',
    'return',
    'store_old',
  ],
  install: [
    'application',
    'put_in',
    'check_fn',
    'register',
    'hand_over',
    'tell_operator',
    'test_receipt',
    'return',
  ],
  reregister: [
    'drain',
    'close_shift',
    'deliver',
    'register',
    'hand_over',
    'tell_operator',
    'test_receipt',
    'return',
  ],
  close: [
    'drain',
    'close_shift',
    'deliver',
    'close_fn',
    'deliver_closing',
    'hand_over',
    'take_out',
    'release',
    'store_old',
  ],
};

/** Steps that need an FN that answers: left out when the old one is out of order. */
const needOldFn: readonly StepName[] = ['close_shift', 'deliver', 'close_fn', 'deliver_closing'];

/** The steps of a workflow in their order. */
export function stepsOf(workflow: Pick<Workflow, 'kind' | 'oldFnBroken' | 'joins'>): readonly StepRule[] {
  return orders[workflow.kind]
    .filter((name) => name !== 'join' || workflow.joins !== null)
    .filter((name) => !workflow.oldFnBroken || !needOldFn.includes(name))
    .map((name) => ruleOf(workflow.kind, name));
}

/** The rule of a step. Re-registration uses up one of eleven: it needs a second person, too. */
export function ruleOf(kind: WorkflowKind, name: StepName): StepRule {
  const rule = rules[name];
  if (name === 'register' && kind === 'reregister') return { ...rule, isDangerous: true, canCancel: true };
  // Before the first report nothing of an installation is for ever.
  if (kind === 'install' && (name === 'put_in' || name === 'check_fn')) return { ...rule, canCancel: true };
  return rule;
}

/** The step after `step`; undefined after the last one. */
export function stepAfter(workflow: Pick<Workflow, 'kind' | 'oldFnBroken' | 'joins'>, step: StepName) {
  const steps = stepsOf(workflow);
  return steps[steps.findIndex(({ name }) => name === step) + 1];
}
