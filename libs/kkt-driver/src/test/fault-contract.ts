import { isInDoubt, isWireFault } from '@kkt/contracts';
import { explainDifference } from '@kkt/ffd';
import { BYTE_DEVICE, ContractBench, eventually, type DeviceTraits, type Rig } from './contract-bench';
import { threeItems } from './samples';

/** Lost answers, torn wires, power cuts: what is said in doubt and what the archive says afterwards. */
export function describeLosses(
  name: string,
  makeRig: () => Promise<Rig>,
  traits: DeviceTraits = BYTE_DEVICE,
): void {
  describe(name, () => {
    const bench = new ContractBench(makeRig);

    it.each([
      ['before the commit', 'loseAnswerBeforeCommit', 'kept', false],
      ['after the commit, result kept', 'loseAnswerAfterCommit', 'kept', true],
      ['after the commit, result lost', 'loseAnswerAfterCommit', 'lost', true],
    ] as const)('answer to the closing lost %s', async (_, fault, result, exists) => {
      await bench.start();
      const content = threeItems();
      bench.rig.inject(
        fault === 'loseAnswerBeforeCommit'
          ? { name: fault, command: 'closeReceipt' }
          : { name: fault, command: 'closeReceipt', result },
      );
      const failure: unknown = await bench.sell(content).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (result === 'kept' && exists) expect(failure).toBeUndefined();
      else {
        const proven = traits.provesUnmade && !exists;
        expect({ doubt: isInDoubt(failure), wire: isWireFault(failure) }).toEqual({
          doubt: !proven,
          wire: proven,
        });
      }
      expect((await bench.device.fnState()).lastFdNumber).toBe(exists ? 3 : 2);
      if (exists) await bench.provenAs(content);
      else {
        await bench.device.cancelDocument();
        await bench.sell(content);
        await bench.provenAs(content);
      }
    });

    it.each([
      ...(traits.stepwise ? [['a line of a receipt', 'endItem', 'beforeCommit', false, 2] as const] : []),
      ['the closing, before the commit', 'closeReceipt', 'beforeCommit', true, undefined],
      ['the closing, after the commit', 'closeReceipt', 'afterCommit', true, 3],
    ] as const)('pulled out at %s', async (_, command, at, doubt, lastFd) => {
      await bench.start();
      const content = threeItems();
      bench.rig.inject({ name: 'unplug', at, command, forMs: 30 });
      const { lost } = bench.device;
      const failure: unknown = await bench.sell(content).catch((error: unknown) => error);
      expect({ doubt: isInDoubt(failure), wire: isWireFault(failure) }).toEqual({ doubt, wire: !doubt });
      expect(await lost).toBeInstanceOf(Error);
      expect(bench.device.connected).toBe(false);
      await expect(bench.device.fnState()).rejects.toMatchObject({ code: 'WIRE-CLOSED' });
      await eventually(() => bench.reconnect());
      expect(bench.device.counters.reconnects).toBeGreaterThan(0);
      const state = await bench.device.fnState();
      // The module went on working while it could not be heard.
      if (lastFd !== undefined) expect(state.lastFdNumber).toBe(lastFd);
      expect(state.lastFdNumber).toBe(bench.rig.documents().length);
      await bench.sell(content);
      await bench.provenAs(content);
    });

    it.each([
      ['before', 'beforeCommit', 2],
      ['after', 'afterCommit', 3],
    ] as const)('power lost %s the commit', async (_, at, lastFd) => {
      await bench.start();
      bench.rig.inject({ name: 'powerOff', at, command: 'closeReceipt', forMs: 30 });
      const failure: unknown = await bench.sell(threeItems()).catch((error: unknown) => error);
      expect(isInDoubt(failure)).toBe(true);
      await eventually(() => bench.reconnect());
      expect((await bench.device.fnState()).lastFdNumber).toBe(lastFd);
      await bench.sell(threeItems(' ещё'));
      await bench.provenAs(threeItems(' ещё'));
    });
  });
}

/** A bad line: receipts may fail, none may be wrong and none may be made twice. */
export function describeNoise(name: string, makeRig: () => Promise<Rig>): void {
  describe(name, () => {
    const bench = new ContractBench(makeRig);

    it.each([
      ['bits turned over, to the module', { name: 'bitFlip', rate: 2e-4, direction: 'in' }],
      ['bits turned over, to the host', { name: 'bitFlip', rate: 2e-4, direction: 'out' }],
      ['bits turned over, both ways', { name: 'bitFlip', rate: 2e-4, direction: 'both' }],
      ['bytes lost', { name: 'dropBytes', rate: 2e-4, direction: 'both' }],
      ['bytes doubled', { name: 'duplicateBytes', rate: 2e-4, direction: 'both' }],
      ['old replies', { name: 'staleReply', times: 200 }],
    ] as const)('never a wrong receipt: %s', async (_, fault) => {
      await bench.start();
      bench.rig.inject(fault);
      let made = 0;
      for (let n = 0; n < 40; n += 1) {
        const content = threeItems(` ${n}`);
        const before = bench.rig.documents().length;
        const failure: unknown = await bench.sell(content).then(
          () => undefined,
          (error: unknown) => error,
        );
        const after = bench.rig.documents();
        expect(after.length - before).toBeLessThanOrEqual(1);
        if (failure === undefined) expect(after.length - before).toBe(1);
        else if (!isInDoubt(failure)) expect(after.length - before).toBe(0);
        const tlv = after[before];
        if (!tlv) continue;
        made += 1;
        expect(explainDifference(content, tlv)).toEqual([]);
      }
      expect(made).toBeGreaterThan(20);
      bench.rig.heal();
      await bench.provenAs(threeItems(' 39')).catch(() => undefined);
      const last = threeItems(' последний');
      await eventually(() => bench.sell(last));
      await bench.provenAs(last);
    });
  });
}
