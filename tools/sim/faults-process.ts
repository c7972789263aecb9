import type { Dice } from './dice';
import type { ProcessKind, Running, SimFarm } from './farm';
import type { FaultKind } from './fault-kind';

/** A supervisor's pause before it starts a process again. */
export function startAgainLater(farm: SimFarm, { kind, host }: Running, dice: Dice): void {
  farm.clock.setTimer(dice.spanMs(300, 30_000), () => farm.start(kind, { host }));
}

function killAndKeep(farm: SimFarm, running: Running, dice: Dice): void {
  if (!running.process.alive) return;
  running.process.kill();
  startAgainLater(farm, running, dice);
}

const anyOf = (farm: SimFarm, kind: ProcessKind, dice: Dice): Running | undefined => {
  const found = farm.of(kind);
  return found.length > 0 ? dice.pick(found) : undefined;
};

/** Kills a driver when it is about to send a statement, or has just read its answer. */
function killAtStatement(
  name: string,
  when: 'before-sending' | 'answer-unread',
): (farm: SimFarm, dice: Dice) => (() => void) | void {
  return (farm, dice) => {
    const driver = anyOf(farm, 'driver', dice);
    if (!driver) return;
    const { hooks } = driver.sql;
    let left = dice.int(1, 3);
    const strike = (seen: string): boolean => {
      if (seen !== name || !driver.process.alive || (left -= 1) > 0) return true;
      killAndKeep(farm, driver, dice);
      return false;
    };
    if (when === 'before-sending') hooks.sending = strike;
    else hooks.answered = (seen, rows) => rows === 0 || strike(seen);
    return () => (driver.sql.hooks = {});
  };
}

/** Kills a driver in the middle of its talk to a module: after some bytes of a frame, or right behind it. */
function killAtWrite(isWhole: boolean): (farm: SimFarm, dice: Dice) => () => void {
  return (farm, dice) => {
    let left = dice.int(1, 60);
    farm.onWireWrite = (running, _serial, bytes) => {
      if ((left -= 1) > 0) return undefined;
      farm.onWireWrite = undefined;
      const bytesOut = isWhole ? bytes.length : dice.int(0, bytes.length - 1);
      return { bytesOut, then: () => killAndKeep(farm, running, dice) };
    };
    return () => (farm.onWireWrite = undefined);
  };
}

const killAny =
  (kind: ProcessKind) =>
  (farm: SimFarm, dice: Dice): void => {
    const running = anyOf(farm, kind, dice);
    if (running) killAndKeep(farm, running, dice);
  };

/** Troubles of the farm's own processes. */
export const processFaults: readonly FaultKind[] = [
  { name: 'kill-api', numbers: [1, 2, 3, 13], strike: killAny('api') },
  { name: 'kill-driver', numbers: [4, 13], strike: killAny('driver') },
  {
    name: 'kill-driver-claim-unread',
    numbers: [5],
    strike: killAtStatement('dispatch_claim', 'answer-unread'),
  },
  { name: 'kill-driver-in-frame', numbers: [6], strike: killAtWrite(false) },
  { name: 'kill-driver-behind-frame', numbers: [7], strike: killAtWrite(true) },
  {
    name: 'kill-driver-before-proof',
    numbers: [8],
    strike: killAtStatement('dispatch_complete', 'before-sending'),
  },
  {
    name: 'kill-driver-behind-proof',
    numbers: [9],
    strike: killAtStatement('dispatch_complete', 'answer-unread'),
  },
  { name: 'kill-worker', numbers: [9, 10, 13], strike: killAny('worker') },
  { name: 'kill-relay', numbers: [11, 12, 13], strike: killAny('relay') },
  {
    // Reports are the intents that are stored by a statement of their own: shifts opened by the first receipts, closed at night.
    name: 'kill-driver-in-report',
    numbers: [31],
    strike: killAtStatement('dispatch_intend', 'answer-unread'),
  },
  {
    name: 'kill-everything',
    numbers: [13],
    strike: (farm, dice) => {
      for (const running of [...farm.running]) killAndKeep(farm, running, dice);
    },
  },
  {
    name: 'stop-driver',
    numbers: [52],
    strike: (farm, dice) => {
      const driver = anyOf(farm, 'driver', dice);
      if (!driver) return;
      driver.process.stop();
      farm.events.add(driver.process.name, 'SIGSTOP');
      // Another host takes over what it can get.
      if (dice.chance(0.7))
        farm.clock.setTimer(dice.spanMs(100, 40_000), () => farm.start('driver', { host: 'host-2' }));
      const resume = (): void => {
        farm.events.add(driver.process.name, 'SIGCONT');
        driver.process.resume();
      };
      farm.clock.setTimer(dice.spanMs(2_000, 180_000), resume);
      return resume;
    },
  },
  {
    name: 'second-driver',
    numbers: [52, 56],
    strike: (farm) => void (farm.of('driver').length < 3 && farm.start('driver', { host: 'host-2' })),
  },
  {
    name: 'driver-without-database',
    numbers: [53, 56],
    strike: (farm, dice) => {
      const driver = anyOf(farm, 'driver', dice);
      if (!driver) return;
      driver.sql.isCut = true;
      if (dice.chance(0.6)) farm.start('driver', { host: 'host-2' });
      const heal = (): void => void (driver.sql.isCut = false);
      farm.clock.setTimer(dice.spanMs(1_000, 200_000), heal);
      return heal;
    },
  },
  {
    name: 'rolling-deploy',
    numbers: [58],
    strike: (farm, dice) => {
      const old = [...farm.running];
      for (const running of old) {
        const delayMs = dice.int(0, 5_000);
        farm.clock.setTimer(delayMs, () => {
          if (!running.process.alive) return;
          const startNew = (): void => void farm.start(running.kind, { host: running.host });
          const isOverlapping = dice.chance(0.5);
          if (isOverlapping) startNew();
          const stopped = running.shutDown?.() ?? Promise.resolve();
          void stopped
            .catch(() => undefined)
            .then(() => {
              if (!running.process.alive) return;
              running.process.kill();
              if (!isOverlapping) startNew();
            });
        });
      }
    },
  },
  {
    name: 'host-clock-jump',
    numbers: [33],
    strike: (farm, dice) => {
      const running = dice.pick(farm.running.length > 0 ? farm.running : [farm.start('driver')]);
      running.process.hostOffsetMs = dice.pick([-86_400_000, -3_600_000, 3_600_000, 86_400_000]);
      const heal = (): void => void (running.process.hostOffsetMs = 0);
      farm.clock.setTimer(dice.spanMs(5_000, 300_000), heal);
      return heal;
    },
  },
  {
    name: 'poison-receipt',
    numbers: [59],
    strike: (farm, dice) => {
      // Its first bytes end the process, each time.
      let left = dice.int(2, 7);
      const poison = dice.pick(farm.registers).serial;
      farm.onWireWrite = (running, serial, bytes) => {
        if (serial !== poison || bytes.length < 60 || left <= 0) return undefined;
        left -= 1;
        return { bytesOut: dice.int(0, bytes.length), then: () => killAndKeep(farm, running, dice) };
      };
      return () => (farm.onWireWrite = undefined);
    },
  },
];
