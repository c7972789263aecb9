import { silentLog, type ReceiptContent } from '@kkt/contracts';
import type { FiscalDevice } from '@kkt/kkt-driver';
import { seededRandom, until, VirtualClock } from '@kkt/testing';
import type { DispatchPorts, LeasedRegister } from '../ports';
import { defaultDispatchSettings } from '../settings';
import { RegisterSession } from './session';

const fnNumber = '9999078900000001';
const serial = '00106900000001';

/** A register with an open shift whose device makes a receipt for as long as the test wants. */
function bench() {
  const clock = new VirtualClock();
  const local = (): string => new Date(clock.nowMs() + 3 * 3_600_000).toISOString().slice(0, 19);
  let begun = 0;
  const device = {
    connected: true,
    lost: new Promise<Error>(() => undefined),
    counters: {},
    tasks: {},
    commands: new Map(),
    textIsCostly: false,
    carriesOfdMessages: false,
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    identity: () => Promise.resolve({ serial, fnNumber }),
    fnState: () =>
      Promise.resolve({ fnNumber, phase: 3, openDocument: 0, shiftOpen: true, warnings: 0, lastFdNumber: 2 }),
    fnLife: () =>
      Promise.resolve({
        validUntil: '2099-01-01',
        registrationsDone: 1,
        registrationsLeft: 11,
        documentsLeft: 1e5,
      }),
    shift: () => Promise.resolve({ open: true, number: 1, receipts: 0 }),
    ofdQueue: () =>
      Promise.resolve({ unsent: 0, firstFdNumber: 0, messageWaiting: false, answerAwaited: false }),
    clock: () => Promise.resolve(local()),
    receipt: () => {
      begun += 1;
      return new Promise<void>(() => undefined);
    },
  } as unknown as FiscalDevice;
  const ports = {
    clock,
    random: seededRandom(1),
    log: silentLog,
    settings: defaultDispatchSettings,
    owner: 'o',
    device: () => device,
    alerts: { close: () => Promise.resolve() },
    messages: { confirmedBefore: () => Promise.resolve() },
    store: { openIntent: () => Promise.resolve(undefined), lastKnownFd: () => Promise.resolve(2) },
  } as unknown as DispatchPorts;
  const group = { id: 1, inn: '5544332219', taxSystems: 1 };
  const register = {
    registerId: 1,
    serial,
    fnNumber,
    rnm: '1',
    ffd: 2,
    state: 'ready',
    group,
    operatorChange: null,
  };
  const session = new RegisterSession(ports, register as unknown as LeasedRegister, {
    writer: undefined as never,
    ready: () => undefined,
    onlineChanged: () => undefined,
    leaseEndsAtMs: () => Infinity,
  });
  return { session, receiptsBegun: () => begun };
}

describe('The session of a register', () => {
  it('asks for a receipt only while nothing is under way with its device', async () => {
    const { session, receiptsBegun } = bench();
    expect(session.available || session.sleeping).toBe(false);
    void session.run();
    await until(() => session.available, 'the register is free');
    const content = { items: [] } as unknown as ReceiptContent;
    session.reserved = true;
    const job = {
      registerId: 1,
      intentId: '1',
      receiptId: 'r',
      externalId: 'x',
      content,
      attempts: 1,
      fdBefore: 2,
    };
    session.assign(job);
    await until(() => receiptsBegun() === 1, 'the device has the receipt');
    expect({ available: session.available, sleeping: session.sleeping }).toEqual({
      available: false,
      sleeping: false,
    });
    session.kill('over');
  });
});
