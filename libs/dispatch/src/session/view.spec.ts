import type { FnState, OfdQueueState } from '@kkt/kkt-driver';
import { VirtualClock } from '@kkt/testing';
import type { LeasedRegister } from '../ports';
import { defaultDispatchSettings as settings } from '../settings';
import { RegisterView } from './view';

const state: FnState = {
  fnNumber: '9999078900000001',
  phase: 3,
  openDocument: 0,
  shiftOpen: true,
  warnings: 0,
  lastFdNumber: 10,
};
const queue = (unsent: number): OfdQueueState => ({
  unsent,
  firstFdNumber: 5,
  messageWaiting: false,
  answerAwaited: false,
});

describe('A register left alone after a refusal', () => {
  const ports = { clock: new VirtualClock(), settings };
  const register = { registerId: 1, state: 'ready', group: { id: 1 }, operatorChange: null };
  let view: RegisterView;

  /** The FN's facts as a duty reads them. */
  const read = (documentsLeft: number, unsent = 0): void => {
    view.state = state;
    view.queue = queue(unsent);
    view.lifeRead({ validUntil: '2099-01-01', registrationsDone: 1, registrationsLeft: 11, documentsLeft });
    view.stale = false;
    view.factsRead(ports);
  };

  beforeEach(() => {
    view = new RegisterView(register as unknown as LeasedRegister);
    view.serving = true;
    read(1000);
    expect(view.obstacle(ports)).toBeUndefined();
  });

  it('stays out while its FN names no trouble, however often it is asked', () => {
    view.rest(ports, 'DEVICE-FN-EXPIRED', 'leave-dispatch');
    for (let check = 0; check < 3; check += 1) read(1000, 4);
    expect(view.obstacle(ports)).toBe('DEVICE-FN-EXPIRED');
    view.update({ ...view.register, state: 'paused' });
    view.update({ ...view.register, state: 'ready' });
    expect(view.obstacle(ports)).toBeUndefined();
  });

  it('is out as long as the FN itself names the trouble, and no longer', () => {
    view.rest(ports, 'DEVICE-FN-ARCHIVE-FULL', 'leave-dispatch');
    expect(view.obstacle(ports)).toBe('DEVICE-FN-ARCHIVE-FULL');
    read(0);
    expect(view.obstacle(ports)).toBe('fn_full');
    read(1000);
    expect(view.obstacle(ports)).toBeUndefined();
  });

  it('comes back when the operator has taken documents that blocked its FN', () => {
    view.rest(ports, 'DEVICE-FN-STORAGE-FULL', 'leave-dispatch');
    read(1000, 40);
    read(1000, 40);
    expect(view.obstacle(ports)).toBe('DEVICE-FN-STORAGE-FULL');
    read(1000, 39);
    expect(view.obstacle(ports)).toBeUndefined();
  });
});
