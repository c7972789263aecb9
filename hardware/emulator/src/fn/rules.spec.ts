import { FnBench, codeOf } from '../testing/fn-bench';
import { answerTo } from '../testing/operator';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../wall-time';
import { FN_CODE } from './refusal';

const confirmAll = (bench: FnBench): void => {
  const { drive } = bench;
  drive.exchange.setTransport(true);
  while (drive.state.unsent.length > 0) {
    const message = drive.exchange.readBlock(0, drive.exchange.begin());
    drive.exchange.finish();
    drive.confirm(answerTo(message), bench.now);
  }
};

const fresh = (): FnBench => new FnBench();
const registered = (): FnBench => {
  const bench = new FnBench();
  bench.register();
  return bench;
};
const open = (): FnBench => {
  const bench = registered();
  bench.openShift();
  return bench;
};
const closed = (): FnBench => {
  const bench = registered();
  bench.closeFn();
  return bench;
};
const archive = (): FnBench => {
  const bench = closed();
  confirmAll(bench);
  return bench;
};
/** Fourteen documents in all, ten of them for closing. */
const nearlyFull = (): FnBench => {
  const bench = new FnBench({ documents: 14, closingReserve: 10 });
  bench.register();
  bench.openShift();
  bench.receipt();
  bench.receipt();
  return bench;
};

type Act = (bench: FnBench) => unknown;
const register: Act = (bench) => bench.register();
const reregister: Act = (bench) => bench.reregister();
const openShift: Act = (bench) => bench.openShift();
const closeShift: Act = (bench) => bench.closeShift();
const sell: Act = (bench) => bench.receipt();
const correct: Act = (bench) => bench.receipt(100, 1, 'correction');
const settle: Act = (bench) => bench.settlement();
const closeFn: Act = (bench) => bench.closeFn();

const { wrongState, shiftTooLong, unsentTooLong, archiveFull, lifeOver, badTime, clockDifference } = FN_CODE;

describe('what an FN allows', () => {
  it.each<[string, () => FnBench, Act, number]>([
    // phases
    ['registration of a fresh FN', fresh, register, 0],
    ['a shift before registration', fresh, openShift, wrongState],
    ['a receipt before registration', fresh, sell, wrongState],
    ['a settlement report before registration', fresh, settle, wrongState],
    ['closing before registration', fresh, closeFn, wrongState],
    ['a second registration', registered, register, wrongState],
    ['opening a shift', registered, openShift, 0],
    ['a receipt without a shift', registered, sell, wrongState],
    ['closing no shift', registered, closeShift, wrongState],
    ['a settlement report without a shift', registered, settle, 0],
    ['re-registration without a shift', registered, reregister, 0],
    ['closing of the FN without a shift', registered, closeFn, 0],
    ['a shift in a shift', open, openShift, wrongState],
    ['a receipt in a shift', open, sell, 0],
    ['a correction in a shift', open, correct, 0],
    ['a settlement report in a shift', open, settle, 0],
    ['re-registration in a shift', open, reregister, wrongState],
    ['closing of the FN in a shift', open, closeFn, wrongState],
    ['a receipt in a closed FN', closed, sell, wrongState],
    ['a shift in a closed FN', closed, openShift, wrongState],
    ['a receipt in an archive', archive, sell, wrongState],
    ['re-registration of an archive', archive, reregister, wrongState],
    // 24 hours
    ['a receipt 23 h 59 min after opening', () => open().later(24 * HOUR_MS - MINUTE_MS), sell, 0],
    ['a receipt 24 h after opening', () => open().later(24 * HOUR_MS), sell, shiftTooLong],
    ['a correction 24 h after opening', () => open().later(24 * HOUR_MS), correct, shiftTooLong],
    ['closing the shift after 30 h', () => open().later(30 * HOUR_MS), closeShift, 0],
    // 30 days without an operator
    ['a shift with a 30-day-old document', () => registered().later(30 * DAY_MS), openShift, 0],
    [
      'a shift after 30 days and a minute',
      () => registered().later(30 * DAY_MS + MINUTE_MS),
      openShift,
      unsentTooLong,
    ],
    ['closing of the FN after 31 days', () => registered().later(31 * DAY_MS), closeFn, unsentTooLong],
    ['closing the shift after 31 days', () => open().later(31 * DAY_MS), closeShift, 0],
    [
      'a shift after 31 days with everything sent',
      () => {
        const bench = registered();
        confirmAll(bench);
        return bench.later(31 * DAY_MS);
      },
      openShift,
      0,
    ],
    // capacity
    ['a receipt when only the reserve is left', nearlyFull, sell, archiveFull],
    ['closing the shift from the reserve', nearlyFull, closeShift, 0],
    // term
    ['a receipt after the term', () => expired(), openShift, lifeOver],
    ['closing of an expired FN', () => expired(), closeFn, 0],
  ])('%s', (_, make, act, code) => {
    const bench = make();
    const before = bench.drive.state.lastFd;
    expect(codeOf(() => act(bench))).toBe(code);
    expect(bench.drive.state.lastFd).toBe(before + (code === 0 ? 1 : 0));
  });

  it('takes no document earlier than the last one', () => {
    const bench = open();
    const before = bench.now - MINUTE_MS;
    expect(codeOf(() => bench.drive.start('receipt', before))).toBe(badTime);
    expect(codeOf(() => bench.drive.start('receipt', bench.now))).toBe(0);
  });

  it('compares the clock of the KKT with its own timer inside a shift', () => {
    const bench = open();
    const { drive } = bench;
    expect(codeOf(() => drive.start('receipt', bench.now + 5 * MINUTE_MS + 1))).toBe(clockDifference);
    expect(codeOf(() => drive.start('receipt', bench.now + 5 * MINUTE_MS))).toBe(0);
    drive.cancel();
    drive.powerOn();
    expect(codeOf(() => drive.start('receipt', bench.now + HOUR_MS))).toBe(0);
  });

  it('can be re-registered eleven times', () => {
    const bench = registered();
    for (let time = 1; time <= 11; time += 1) {
      expect(bench.drive.registrationsLeft).toBe(12 - time);
      bench.reregister();
    }
    expect(bench.drive.registrationsLeft).toBe(0);
    expect(codeOf(() => bench.reregister())).toBe(wrongState);
  });

  it('refuses the INN and RNM of another user, and FFD beyond its own', () => {
    const bench = registered();
    bench.drive.start('reregistration', bench.now, 4);
    const other = {
      inn: '7702203276',
      rnm: '0000000005008570',
      ofdInn: '',
      taxSystems: 1,
      mode: 0,
      extMode: 0,
      reasons: 4,
    };
    expect(codeOf(() => bench.drive.finishRegistration(bench.now, other))).toBe(FN_CODE.notAsRegistered);
    const old = new FnBench({}, undefined, 'fn-1.1-15');
    expect(codeOf(() => old.drive.start('registration', old.now, 4))).toBe(FN_CODE.wrongFfd);
    expect(codeOf(() => old.register(3))).toBe(0);
  });

  it('guards the size and the kind of requisites', () => {
    const bench = open();
    const { drive } = bench;
    drive.start('receipt', bench.now);
    const tlv = (tag: number, bytes: number): Buffer => {
      const out = Buffer.alloc(4 + bytes, 0x20);
      out.writeUInt16LE(tag, 0);
      out.writeUInt16LE(bytes, 2);
      return out;
    };
    expect(codeOf(() => drive.addTlv(tlv(1040, 4)))).toBe(FN_CODE.forbiddenRequisite);
    expect(codeOf(() => drive.addTlv(tlv(1021, 2000)))).toBe(FN_CODE.tlvTooLong);
    expect(codeOf(() => drive.addTlv(Buffer.of(1, 2, 3)))).toBe(FN_CODE.badRequisite);
    for (let part = 0; part < 33; part += 1) drive.addTlv(tlv(1191, 1000));
    expect(codeOf(() => drive.finishReceipt(bench.now, 1, 100))).toBe(FN_CODE.tlvTooLong);
    expect(drive.openDocumentCode).toBe(0);
  });

  it('is silent about everything when out of order', () => {
    const bench = open();
    bench.drive.condition = { failed: true };
    expect(codeOf(() => bench.receipt())).toBe(FN_CODE.failure);
  });
});

function expired(): FnBench {
  const bench = registered();
  confirmAll(bench);
  return bench.later(471 * DAY_MS);
}

describe('warnings of an FN', () => {
  it.each<[string, () => FnBench, number]>([
    ['none', registered, 0],
    ['30 days left', () => registered().later(440 * DAY_MS), 0x02 | 0x08],
    ['3 days left', () => registered().later(467 * DAY_MS), 0x01 | 0x02 | 0x08],
    ['memory 90 % full', nearlyFullBy90, 0x04],
    ['two days without the operator', () => registered().later(2 * DAY_MS), 0x08],
    [
      'out of order',
      () => {
        const bench = registered();
        bench.drive.condition = { failed: true };
        return bench;
      },
      0x80,
    ],
  ])('%s', (_, make, warnings) => {
    const bench = make();
    expect(bench.drive.warnings(bench.now)).toBe(warnings);
  });
});

function nearlyFullBy90(): FnBench {
  const bench = new FnBench({ documents: 10, closingReserve: 1 });
  bench.register();
  bench.openShift();
  for (let made = 2; made < 9; made += 1) bench.receipt();
  return bench;
}

describe('the term of the keys', () => {
  it.each<[string, string, { mode?: number; taxSystems?: number; extMode?: number }, number]>([
    ['13 months', 'fn-1.2-13', {}, 410],
    ['15 months', 'fn-1.2-15', {}, 470],
    ['36 months, simplified taxes', 'fn-1.2-36', {}, 1110],
    ['36 months, general taxes and goods', 'fn-1.2-36', { taxSystems: 1 }, 560],
    ['36 months, general taxes, services only', 'fn-1.2-36', { taxSystems: 1, mode: 8 }, 1110],
    ['36 months, excise goods', 'fn-1.2-36', { extMode: 1 }, 410],
    ['36 months, autonomous', 'fn-1.2-36', { mode: 2 }, 560],
    ['15 months, autonomous', 'fn-1.2-15', { mode: 2 }, 410],
  ])('%s', (_, modelId, use, days) => {
    const bench = new FnBench({}, undefined, modelId);
    bench.register(4, use);
    expect(bench.drive.daysLeft(bench.now)).toBe(days);
  });
});
