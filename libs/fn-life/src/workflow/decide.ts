import { addDays } from '../calendar/working-days';
import { ruleOf } from './steps';
import type { StepFacts, Verdict, Workflow, WorldSeen } from './types';

/** Keys of a new FN may have lost some days on the shelf; more than this is an FN that lay too long. */
const shelfDays = 120;

/**
 * What is to be done now. A pure function of what is stored: whoever asks after a crash gets the same answer, so a
 * workflow goes on where it stood.
 */
export function decide(workflow: Workflow, seen: WorldSeen): Verdict {
  const rule = ruleOf(workflow.kind, workflow.step);
  const { task } = seen;
  if (rule.isDangerous && !workflow.isApproved)
    return { is: 'wait', turn: 'approver', note: 'needs_second_person' };
  switch (rule.by) {
    case 'system':
      return bySystem(workflow, seen);
    case 'client':
      return seen.application === 'number_received' ||
        seen.application === 'report_entered' ||
        seen.application === 'card'
        ? { is: 'done', proof: { application: seen.application } }
        : { is: 'wait', turn: 'client', note: 'registration_number_awaited' };
    case 'engineer': {
      const said = workflow.said[workflow.step];
      if (!said) return { is: 'wait', turn: 'engineer', note: workflow.step };
      if (!rule.taskAfterScan) return { is: 'done', proof: said };
      break;
    }
    case 'device':
      break;
  }
  if (!task) return { is: 'ask', task: rule.task ?? 'identify', fnNumber: fnOf(workflow) };
  if (task.state === 'waiting')
    return { is: 'wait', turn: 'device', note: String(task.result?.note ?? 'device_asked') };
  if (task.state !== 'done') return { is: 'failed', note: task.reason ?? 'withdrawn' };
  return judge(workflow, seen, task.result ?? {});
}

function bySystem(workflow: Workflow, { joined }: WorldSeen): Verdict {
  if (workflow.step !== 'join') return { is: 'act' };
  if (joined === 'done') return { is: 'done', proof: { joined: workflow.joins } };
  if (joined === 'cancelled' || joined === undefined)
    return { is: 'failed', note: 'additional_register_cancelled' };
  return { is: 'wait', turn: 'system', note: 'additional_register_joins' };
}

/** The FN the present step is about. */
function fnOf({ step, kind, oldFn, newFn }: Workflow): string | null {
  switch (step) {
    case 'take_out':
    case 'check_fn':
      // The slot is looked at, whatever is in it.
      return null;
    case 'register':
    case 'test_receipt':
    case 'return':
      return kind === 'reregister' ? oldFn : newFn;
    default:
      return oldFn;
  }
}

/** The device has answered: is that what the step wants? */
function judge(workflow: Workflow, seen: WorldSeen, proof: StepFacts): Verdict {
  switch (workflow.step) {
    case 'drain':
      return seen.receiptsUnderWay > 0 || seen.openIntents > 0
        ? { is: 'wait', turn: 'device', note: 'receipts_under_way' }
        : { is: 'done', proof };
    case 'take_out':
      return proof.fnNumber === workflow.oldFn
        ? { is: 'failed', note: 'old_fn_still_in_slot' }
        : { is: 'done', proof };
    case 'check_fn':
      return judgeNewFn(workflow, seen, proof);
    default:
      return { is: 'done', proof };
  }
}

/** Number, phase, keys and model by the FN's own word, and the module it is in. */
function judgeNewFn(workflow: Workflow, seen: WorldSeen, proof: StepFacts): Verdict {
  if (proof.serial !== seen.serial) return { is: 'failed', note: 'wrong_module' };
  if (proof.fnNumber === '') return { is: 'failed', note: 'no_fn_in_slot' };
  if (proof.fnNumber !== workflow.newFn) return { is: 'failed', note: 'wrong_fn' };
  // After a registration report whose answer was lost the FN is in fiscal mode already; the next step adopts it.
  if (proof.phase !== 1) return { is: 'failed', note: 'fn_not_new' };
  if (typeof proof.execution === 'string' && seen.newFnModel && proof.execution !== seen.newFnModel)
    return { is: 'failed', note: 'wrong_fn_model' };
  const until = typeof proof.validUntil === 'string' ? proof.validUntil : '';
  const earliest = addDays(seen.today, Math.max(1, (seen.newFnKeyDays ?? 0) - shelfDays));
  if (until < earliest) return { is: 'failed', note: 'fn_keys_too_short' };
  return { is: 'done', proof };
}
