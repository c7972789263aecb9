import { applicationReasons, dayOf, daysBetween, nextStates, stepsOf } from '@kkt/fn-life';
import type {
  FnWorkflowEvent,
  FnWorkflowRow,
  MoveRow,
  RegistrationRow,
  RenewalRow,
  ReportRow,
} from '@kkt/storage';
import type {
  FnApplicationView,
  FnDrivePage,
  FnRenewalView,
  FnReportView,
  FnWorkflowPage,
  FnWorkflowView,
} from '@kkt/web-contract';

const iso = (at: Date): string => at.toISOString();
const isoOrNull = (at: Date | null): string | null => at && at.toISOString();

const placeText = (place: Record<string, string | number>): string =>
  [place.dc, place.rack, place.assembly, place.slot].filter((part) => part !== undefined).join(' / ');

export function workflowView(row: FnWorkflowRow, nowMs: number, staffId: string | null): FnWorkflowView {
  const steps = stepsOf(row);
  const at = steps.findIndex(({ name }) => name === row.step);
  const isOver = row.status === 'done';
  const downEnd = row.backInDispatchAt?.getTime() ?? nowMs;
  return {
    id: row.id,
    kind: row.kind,
    registerId: row.registerId,
    serial: row.serial,
    place: placeText(row.place),
    clientName: row.clientName,
    groupCode: row.groupCode,
    oldFn: row.oldFn,
    newFn: row.newFn,
    oldFnBroken: row.oldFnBroken,
    why: row.why,
    joins: row.joins,
    step: row.step,
    status: row.status,
    turn: row.turn,
    note: row.note,
    assigneeName: row.assigneeName,
    isMine: staffId !== null && row.assigneeId === staffId,
    approvedName: row.approvedName,
    dueAt: iso(row.dueAt),
    isOverdue: !row.finishedAt && row.dueAt.getTime() < nowMs,
    createdAt: iso(row.createdAt),
    stepSince: iso(row.stepSince),
    finishedAt: isoOrNull(row.finishedAt),
    downtimeS:
      row.leftDispatchAt && row.status !== 'cancelled'
        ? Math.max(0, Math.round((downEnd - row.leftDispatchAt.getTime()) / 1000))
        : null,
    steps: steps.map(({ name, canCancel, isDangerous }, index) => ({
      name,
      state: isOver || index < at ? 'done' : index === at ? 'now' : 'ahead',
      canCancel: canCancel ?? false,
      isDangerous: isDangerous ?? false,
    })),
  };
}

export const workflowPage = (
  row: FnWorkflowRow,
  events: readonly FnWorkflowEvent[],
  application: FnApplicationView | null,
  nowMs: number,
  staffId: string | null,
): FnWorkflowPage => ({
  ...workflowView(row, nowMs, staffId),
  proofs: row.proofs,
  events: events.map(({ step, event, actorName, proof, note, at }) => ({
    step,
    event,
    actorName,
    proof,
    note,
    at: iso(at),
  })),
  application,
});

export const moveView = ({ id: _id, at, ...move }: MoveRow): FnDrivePage['moves'][number] => ({
  ...move,
  at: iso(at),
});

export const renewalView = (row: RenewalRow, nowMs: number): FnRenewalView => ({
  id: row.id,
  fnNumber: row.fnNumber,
  registerId: row.registerId,
  serial: row.serial,
  clientName: row.clientName,
  groupCode: row.groupCode,
  state: row.state,
  endDate: row.endDate,
  endCause: row.endCause,
  daysLeft: daysBetween(dayOf(nowMs), row.endDate),
  nextAt: row.nextAt,
  nextPerson: row.nextPerson,
  answeredBy: row.answeredBy,
  note: row.note,
  openedAt: iso(row.openedAt),
});

export function applicationView(
  row: RegistrationRow,
  problems: readonly { field: string; text: string }[],
  nowMs: number,
): FnApplicationView {
  const data = row.data as {
    facts?: { fnNumber?: string };
    report?: FnApplicationView['report'];
    closing?: FnApplicationView['closing'];
  };
  return {
    id: row.id,
    kind: row.kind,
    registerId: row.registerId,
    serial: row.serial,
    clientName: row.clientName,
    workflowId: row.workflowId,
    state: row.state,
    nextStates: [...nextStates(row.kind, row.state)],
    reasons: applicationReasons(row.reasons),
    rnm: row.rnm,
    fnNumber: data.facts?.fnNumber ?? null,
    report: data.report ?? null,
    closing: data.closing ?? null,
    card: row.card as FnApplicationView['card'],
    problems: [...problems],
    dueAt: iso(row.dueAt),
    isOverdue: row.state !== 'card' && row.state !== 'cancelled' && row.dueAt.getTime() < nowMs,
    createdAt: iso(row.createdAt),
  };
}

export const reportView = ({ fnNumber, fdNumber, form, rnm, fiscalSign, at }: ReportRow): FnReportView => ({
  fnNumber,
  fdNumber,
  form,
  rnm,
  fiscalSign,
  at,
});
