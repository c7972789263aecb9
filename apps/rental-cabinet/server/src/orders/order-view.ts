import type { OrderedRegister, RentalOrderRow } from '@kkt/storage';
import type { OrderedRegisterView, OrderStep, OrderView } from '@kkt/web-contract';
import { moment } from '@kkt/web-server';

const order: readonly OrderStep[] = ['reserved', 'paid', 'number', 'fn', 'operator', 'ready'];
/** Steps of the client's own registration that come after the operator's being told. */
const toldSteps: readonly string[] = ['test_receipt', 'return'];

/** What of an ordered register is done already, by what is stored. */
function doneOf(item: OrderedRegister): ReadonlySet<OrderStep> {
  const done = new Set<OrderStep>(['reserved', 'paid']);
  const isReady = item.state === 'ready';
  if (item.rnm !== null) done.add('number');
  if (item.fnPhase === 3 || isReady) done.add('fn');
  if (
    item.announcedAt !== null ||
    toldSteps.includes(item.workflowStep ?? '') ||
    item.workflowStatus === 'done'
  )
    done.add('operator');
  if (isReady) done.add('ready');
  return done;
}

function itemView(item: OrderedRegister): OrderedRegisterView {
  const done = doneOf(item);
  const now = order.find((step) => !done.has(step));
  const isFailed = item.workflowStatus === 'failed' || item.state === 'stopped';
  return {
    registerId: item.registerId,
    serial: item.serial,
    rnm: item.rnm,
    fnNumber: item.fnNumber,
    steps: order.map((step) => ({
      step,
      state: done.has(step) ? 'done' : step !== now ? 'ahead' : isFailed ? 'failed' : 'now',
    })),
    note: item.workflowNote,
    applicationId: item.applicationId,
  };
}

export function orderView(row: RentalOrderRow): OrderView {
  const items = row.items.map(itemView);
  return {
    id: row.id,
    groupCode: row.groupCode,
    tariffId: row.tariffId,
    registers: row.registers,
    termDays: row.termDays,
    firstDay: row.firstDay,
    totalKop: row.totalKop,
    registeredBy: row.registeredBy,
    createdBy: row.createdBy,
    createdAt: moment(row.createdAt),
    isReady: items.every(({ steps }) => steps.every(({ state }) => state === 'done')),
    items,
  };
}
