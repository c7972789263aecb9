import type { Dice } from './dice';
import type { SinkMood } from './callback-sink';
import type { StatementFate } from './database';
import type { SimFarm } from './farm';
import type { FaultKind } from './fault-kind';
import type { OperatorMood } from './operator';
import { startAgainLater } from './faults-process';

/** Lets something be so for a while, or until the run's time is over. */
function forAWhile(farm: SimFarm, lastsMs: number, end: () => void): () => void {
  let isOver = false;
  const once = (): void => {
    if (!isOver) end();
    isOver = true;
  };
  farm.clock.setTimer(lastsMs, once);
  return once;
}

function fates(rate: number, from: readonly StatementFate[]): (farm: SimFarm, dice: Dice) => () => void {
  return (farm, dice) => {
    const { fates } = farm.weather;
    const fate = (): StatementFate => (dice.chance(rate) ? dice.pick(from) : 'well');
    fates.add(fate);
    return forAWhile(farm, dice.spanMs(1_000, 120_000), () => fates.delete(fate));
  };
}

function operatorMoods(moods: readonly OperatorMood[], toMs: number) {
  return (farm: SimFarm, dice: Dice): (() => void) => {
    const { operator } = farm;
    const rate = dice.pick([0.3, 1]);
    operator.mood = () => (dice.chance(rate) ? dice.pick(moods) : 'well');
    return forAWhile(farm, dice.spanMs(5_000, toMs), () => (operator.mood = () => 'well'));
  };
}

const sinkMoods: readonly SinkMood[] = ['error-500', 'hangs', 'no-connection', 'slow'];

/** Troubles of what the processes lean on: PostgreSQL, Redis, operator, shops, power. */
export const farmFaults: readonly FaultKind[] = [
  {
    name: 'postgres-restart',
    numbers: [41, 42, 45],
    strike: (farm, dice) => {
      const { weather } = farm;
      weather.isDown = true;
      weather.breaks += 1;
      return forAWhile(farm, dice.spanMs(500, 60_000), () => (weather.isDown = false));
    },
  },
  { name: 'postgres-answers-lost', numbers: [41, 46], strike: fates(0.2, ['lost-before', 'lost-after']) },
  // Disk full; deadlock, serialization failure, statement cancelled.
  { name: 'postgres-disk-full', numbers: [44], strike: fates(0.6, [{ refusedWith: '53100' }]) },
  {
    name: 'postgres-refuses',
    numbers: [46],
    strike: fates(
      0.2,
      ['40P01', '40001', '57014', '53300'].map((refusedWith) => ({ refusedWith })),
    ),
  },
  {
    name: 'postgres-slow',
    numbers: [46],
    strike: (farm, dice) => {
      const { weather } = farm;
      weather.slowMs = dice.spanMs(50, 5_000);
      return forAWhile(farm, dice.spanMs(2_000, 120_000), () => (weather.slowMs = 0));
    },
  },
  { name: 'redis-flush', numbers: [39], strike: (farm) => farm.flushRedis() },
  {
    name: 'redis-down',
    numbers: [40],
    strike: (farm, dice) => {
      farm.isRedisDown = true;
      farm.flushRedis();
      return forAWhile(farm, dice.spanMs(5_000, 600_000), () => (farm.isRedisDown = false));
    },
  },
  {
    name: 'operator-down',
    numbers: [34],
    strike: operatorMoods(['no-connection', 'hang-up-after-storing'], 3_600_000),
  },
  { name: 'operator-garbage', numbers: [36], strike: operatorMoods(['garbage', 'bad-crc'], 600_000) },
  {
    name: 'operator-confused',
    numbers: [37],
    strike: operatorMoods(['wrong-document', 'twice', 'late', 'try-later'], 600_000),
  },
  { name: 'operator-drips', numbers: [38], strike: operatorMoods(['drip', 'silent'], 600_000) },
  {
    name: 'callback-hosts',
    numbers: [50],
    strike: (farm, dice) => {
      const { sink } = farm;
      sink.mood = () => (dice.chance(0.7) ? dice.pick(sinkMoods) : 'well');
      return forAWhile(farm, dice.spanMs(5_000, 3_600_000), () => (sink.mood = () => 'well'));
    },
  },
  {
    name: 'shops-repeat',
    numbers: [2, 48, 49],
    strike: (farm, dice) => {
      const { shops } = farm;
      shops.faults = { lostAnswerRate: 0.4, doubleRate: 0.5, otherBodyRate: 0.3 };
      const none = { lostAnswerRate: 0, doubleRate: 0, otherBodyRate: 0 };
      return forAWhile(farm, dice.spanMs(60_000, 3_600_000), () => (shops.faults = none));
    },
  },
  {
    name: 'power-loss',
    numbers: [57],
    strike: (farm, dice) => {
      const forMs = dice.spanMs(2_000, 120_000);
      for (const running of [...farm.running]) {
        running.process.kill();
        farm.clock.setTimer(forMs, () => startAgainLater(farm, running, dice));
      }
      for (const module of farm.world.modules) {
        module.powerOff();
        farm.clock.setTimer(forMs + dice.int(0, 5_000), () => module.powerOn());
      }
    },
  },
];
