import type { ClientGroupRow, ClientRegisterRow, Figures } from '@kkt/storage';
import { CompanyTree, type TreeNode } from '@kkt/company';
import type { CheckState, CheckView, Condition, ShopChecks, TodoView } from '@kkt/web-contract';
import { conditionOf, momentOrNull } from '@kkt/web-server';
import { operatorPaid, operatorPaidState } from '../operators/operator-paid';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** When a number becomes a warning and when a trouble. */
export const limits = {
  /** Age of the first unsent document. */
  unsentWarnMs: 60 * minuteMs,
  unsentBadMs: dayMs,
  /** Days until the end of an FN's term; 60 is when its replacement should be planned. */
  fnWarnDays: 60,
  fnBadDays: 3,
  /** Share of an FN's documents used. */
  fnWarnShare: 0.9,
  fnBadShare: 0.98,
  queueWarnMs: 60_000,
  queueBadMs: 5 * minuteMs,
  /** A shift may be open for 24 hours; the farm closes it before. */
  shiftWarnMs: 60 * minuteMs,
  clockMs: 60_000,
  /** Share of refused receipts of the day. */
  failedWarnShare: 0.01,
  failedBadShare: 0.1,
  /** Of fewer receipts a share says little. */
  failedMinSample: 20,
} as const;

export interface CheckFacts {
  registers: readonly ClientRegisterRow[];
  groups: readonly ClientGroupRow[];
  today: Figures;
  nowMs: number;
  /** INN of the operator that tariffs include. */
  includedOperator: string;
}

const worse = (a: CheckState, b: CheckState): CheckState => {
  const order: readonly CheckState[] = ['ok', 'unknown', 'warning', 'trouble'];
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
};

/** How near the end an FN is, by its term and by its fill. */
export function fnState(row: ClientRegisterRow, nowMs: number): CheckState {
  const daysLeft = row.validUntil === null ? undefined : (Date.parse(row.validUntil) - nowMs) / dayMs;
  const used =
    row.documentsLeft === null || !row.capacityDocuments
      ? undefined
      : 1 - row.documentsLeft / row.capacityDocuments;
  if (daysLeft === undefined && used === undefined) return 'unknown';
  if ((daysLeft ?? Infinity) < limits.fnBadDays || (used ?? 0) >= limits.fnBadShare) return 'trouble';
  return (daysLeft ?? Infinity) < limits.fnWarnDays || (used ?? 0) >= limits.fnWarnShare ? 'warning' : 'ok';
}

export const sendingState = (row: ClientRegisterRow, nowMs: number): CheckState => {
  if (row.unsent === null) return 'unknown';
  const ageMs = row.firstUnsentAt === null ? 0 : nowMs - row.firstUnsentAt.getTime();
  if (row.unsent === 0 || ageMs < limits.unsentWarnMs) return 'ok';
  return ageMs < limits.unsentBadMs ? 'warning' : 'trouble';
};

const shiftState = (row: ClientRegisterRow, nowMs: number): CheckState => {
  if (row.shiftOpen === null) return 'unknown';
  if (!row.shiftOpen || row.shiftExpiresAt === null) return 'ok';
  const leftMs = row.shiftExpiresAt.getTime() - nowMs;
  return leftMs < 0 ? 'trouble' : leftMs < limits.shiftWarnMs ? 'warning' : 'ok';
};

/** A check over registers: its state is the worst one's, its count those that are not well. */
function overRegisters(
  code: CheckView['code'],
  registers: readonly ClientRegisterRow[],
  stateOf: (row: ClientRegisterRow) => CheckState,
  sinceOf: (row: ClientRegisterRow) => Date | null = () => null,
): CheckView {
  const states = registers.map((row) => ({ row, state: stateOf(row) }));
  const bad = states.filter(({ state }) => state === 'warning' || state === 'trouble');
  const since = bad
    .map(({ row }) => sinceOf(row))
    .filter((at) => at !== null)
    .sort((a, b) => a.getTime() - b.getTime())[0];
  return {
    code,
    state:
      registers.length === 0
        ? 'unknown'
        : states.reduce<CheckState>((sum, { state }) => worse(sum, state), 'ok'),
    count: bad.length,
    total: registers.length,
    since: momentOrNull(since ?? null),
  };
}

const inWork: readonly Condition[] = ['works', 'attention', 'offline', 'stopped'];

/** The board of checks: each green, amber or red with the reason's number. */
export function checksOf({ registers, groups, today, nowMs, includedOperator }: CheckFacts): CheckView[] {
  const working = registers.filter((row) => inWork.includes(conditionOf(row)));
  const oldestMs = Math.max(0, ...groups.map((group) => group.oldestS * 1000));
  const waiting = groups.reduce((sum, group) => sum + group.waiting, 0);
  const finished = today.receipts + today.failed;
  const failedShare = finished === 0 ? 0 : today.failed / finished;
  return [
    overRegisters(
      'online',
      working,
      (row) => (row.online ? 'ok' : 'trouble'),
      (row) => row.onlineSince,
    ),
    overRegisters(
      'ready',
      working,
      (row) => {
        const condition = conditionOf(row);
        return condition === 'stopped' ? 'trouble' : condition === 'attention' ? 'warning' : 'ok';
      },
      (row) => row.stateSince,
    ),
    overRegisters(
      'sending',
      working,
      (row) => sendingState(row, nowMs),
      (row) => row.firstUnsentAt,
    ),
    overRegisters('operator', working, (row) => operatorPaidState(row, includedOperator, nowMs)),
    overRegisters('fn', working, (row) => fnState(row, nowMs)),
    overRegisters('shift', working, (row) => shiftState(row, nowMs)),
    overRegisters('clock', working, (row) =>
      row.clockOffsetMs === null
        ? 'unknown'
        : Math.abs(row.clockOffsetMs) > limits.clockMs
          ? 'warning'
          : 'ok',
    ),
    {
      code: 'queue',
      state: oldestMs > limits.queueBadMs ? 'trouble' : oldestMs > limits.queueWarnMs ? 'warning' : 'ok',
      count: waiting,
      total: waiting,
      since: waiting === 0 ? null : new Date(nowMs - oldestMs).toISOString(),
    },
    {
      code: 'failures',
      state:
        failedShare > limits.failedBadShare && finished >= limits.failedMinSample
          ? 'trouble'
          : failedShare > limits.failedWarnShare
            ? 'warning'
            : 'ok',
      count: today.failed,
      total: finished,
      since: null,
    },
  ];
}

/** What the client should look at, the most urgent first. */
export function todoOf({ registers, groups, today, nowMs, includedOperator }: CheckFacts): TodoView[] {
  const list: TodoView[] = [];
  const about = (row: ClientRegisterRow) => ({
    registerId: row.id,
    serial: row.serial,
    groupCode: row.groupCode,
  });
  const nothing = { count: 0, until: null, since: null, reason: null };
  for (const row of registers) {
    const condition = conditionOf(row);
    if (condition === 'offline')
      list.push({
        ...nothing,
        ...about(row),
        code: 'offline',
        severity: 'trouble',
        since: momentOrNull(row.onlineSince),
      });
    if (condition === 'stopped')
      list.push({
        ...nothing,
        ...about(row),
        code: 'stopped',
        severity: 'trouble',
        since: momentOrNull(row.stateSince),
        reason: row.stateReason,
      });
    if (condition === 'attention')
      list.push({ ...nothing, ...about(row), code: 'attention', severity: 'warning', reason: row.problem });
    if (condition === 'paused')
      list.push({
        ...nothing,
        ...about(row),
        code: 'paused',
        severity: 'warning',
        since: momentOrNull(row.stateSince),
        reason: row.stateReason,
      });
    if (!inWork.includes(condition)) continue;
    const sending = sendingState(row, nowMs);
    if (sending === 'trouble')
      list.push({
        ...nothing,
        ...about(row),
        code: 'unsent_old',
        severity: 'trouble',
        count: row.unsent ?? 0,
        since: momentOrNull(row.firstUnsentAt),
      });
    const paid = operatorPaidState(row, includedOperator, nowMs);
    if (paid === 'warning' || paid === 'trouble') {
      const { until, at } = operatorPaid(row, includedOperator);
      list.push({
        ...nothing,
        ...about(row),
        code: paid === 'trouble' ? 'operator_unpaid' : 'operator_term',
        severity: paid,
        until,
        since: at,
      });
    }
    const fn = fnState(row, nowMs);
    if (fn === 'warning' || fn === 'trouble') {
      const used =
        row.documentsLeft !== null && row.capacityDocuments
          ? 1 - row.documentsLeft / row.capacityDocuments
          : 0;
      list.push({
        ...nothing,
        ...about(row),
        code: used >= limits.fnWarnShare ? 'fn_full' : 'fn_term',
        severity: fn,
        count: row.documentsLeft ?? 0,
        until: row.validUntil,
      });
    }
  }
  for (const group of groups.filter(({ paused }) => paused))
    list.push({
      ...nothing,
      registerId: null,
      serial: null,
      groupCode: group.code,
      code: 'group_paused',
      severity: 'warning',
      count: group.waiting,
    });
  if (today.failed > 0)
    list.push({
      ...nothing,
      registerId: null,
      serial: null,
      groupCode: null,
      code: 'failed_receipts',
      severity: 'warning',
      count: today.failed,
    });
  return list.sort((a, b) => Number(b.severity === 'trouble') - Number(a.severity === 'trouble'));
}

/** The checks that make sense of one shop. */
const ofShop: readonly CheckView['code'][] = ['online', 'ready', 'sending', 'operator', 'fn', 'shift'];

/**
 * The checks of each shop, the worst first; groups that hang below no shop stand for themselves.
 */
export function shopsOf(facts: CheckFacts, nodes: readonly TreeNode[]): ShopChecks[] {
  if (!nodes.some(({ kind }) => kind === 'company')) return [];
  const tree = new CompanyTree(nodes);
  const nameOf = ({ groupId, groupCode }: ClientRegisterRow): string => {
    const node = nodes.find((one) => one.groupId === groupId);
    const shop = node && [...tree.upwards(node.id)].find(({ kind }) => kind === 'shop');
    return shop?.name ?? groupCode;
  };
  const codes = new Map<string, Set<string>>();
  for (const row of facts.registers) {
    const name = nameOf(row);
    codes.set(name, (codes.get(name) ?? new Set()).add(row.groupCode));
  }
  const shops = [...codes].map(([name, own]): ShopChecks => {
    const registers = facts.registers.filter(({ groupCode }) => own.has(groupCode));
    const checks = checksOf({ ...facts, registers }).filter(({ code }) => ofShop.includes(code));
    return {
      name,
      registers: registers.length,
      state: checks.reduce<CheckState>((sum, { state }) => worse(sum, state), 'ok'),
      checks: checks.map(({ code, state }) => ({ code, state })),
    };
  });
  return shops.sort(
    (a, b) =>
      Number(worse(a.state, b.state) === b.state) - Number(worse(a.state, b.state) === a.state) ||
      a.name.localeCompare(b.name),
  );
}
