import type { FaultSpec, KktModule } from '@hardware/emulator';
import type { Dice } from './dice';
import type { SimFarm } from './farm';
import type { FaultKind } from './fault-kind';

/** Puts faults into one to three modules; takes them back after a while. */
/** One FN at a time is out of its slot: whoever took it out puts that one back. */
const movesFn = ({ name }: { name: string }): boolean => name === 'swapFn' || name === 'removeFn';

function inModules(
  make: (dice: Dice) => FaultSpec[],
  options: { toMs?: number } = {},
): (farm: SimFarm, dice: Dice) => () => void {
  return (farm, dice) => {
    const hit = new Set(Array.from({ length: dice.int(1, 3) }, () => dice.pick(farm.world.modules)));
    const added: { module: KktModule; id: number }[] = [];
    for (const module of hit)
      for (const spec of make(dice))
        if (!movesFn(spec) || !module.faults.list().some(({ fault }) => movesFn(fault)))
          added.push({ module, id: module.inject(spec).id });
    const heal = (): void => {
      for (const { module, id } of added.splice(0)) module.heal(id);
    };
    farm.clock.setTimer(dice.spanMs(5_000, options.toMs ?? 300_000), heal);
    return heal;
  };
}

/** Commands of a receipt and of reports, at which trouble is most interesting. */
const commands = [
  'closeReceipt',
  'openReceipt',
  'endItem',
  'payment',
  'openShift',
  'closeShift',
  undefined,
] as const;

const where = (dice: Dice): { command?: string } => {
  const command = dice.pick(commands);
  return command ? { command } : {};
};

const awayMs = (dice: Dice): number => dice.spanMs(200, 60_000);
const rate = (dice: Dice): number => dice.pick([0.0005, 0.003, 0.02]);

/** Troubles of modules, FNs and the lines to them. */
export const moduleFaults: readonly FaultKind[] = [
  {
    name: 'unplugged-before-commit',
    numbers: [14],
    strike: inModules((dice) => [
      { name: 'unplug', at: 'beforeCommit', ...where(dice), forMs: awayMs(dice) },
    ]),
  },
  {
    name: 'unplugged-after-commit',
    numbers: [15],
    strike: inModules((dice) => [{ name: 'unplug', at: 'afterCommit', forMs: awayMs(dice) }]),
  },
  {
    name: 'reboot-before-commit',
    numbers: [18],
    strike: inModules((dice) => [
      {
        name: 'powerOff',
        at: 'beforeCommit',
        ...where(dice),
        forMs: awayMs(dice),
        receipt: dice.pick(['lost', 'kept'] as const),
        taskMemory: dice.pick(['lost', 'kept'] as const),
      },
    ]),
  },
  {
    name: 'reboot-after-commit',
    numbers: [19],
    strike: inModules((dice) => [
      {
        name: 'powerOff',
        at: 'afterCommit',
        forMs: awayMs(dice),
        taskMemory: dice.pick(['lost', 'kept'] as const),
      },
    ]),
  },
  {
    name: 'answer-lost-after-commit',
    numbers: [15, 19],
    strike: inModules((dice) => [
      { name: 'loseAnswerAfterCommit', result: dice.pick(['kept', 'lost'] as const), times: dice.int(1, 3) },
    ]),
  },
  {
    name: 'answer-lost-before-commit',
    numbers: [14],
    strike: inModules((dice) => [{ name: 'loseAnswerBeforeCommit', ...where(dice), times: dice.int(1, 3) }]),
  },
  {
    name: 'hangs',
    numbers: [20],
    strike: inModules((dice) => [{ name: 'hang', forMs: dice.spanMs(500, 200_000) }]),
  },
  {
    name: 'slow',
    numbers: [21],
    strike: inModules((dice) => [
      { name: 'slow', factor: dice.pick([3, 10, 30]) },
      { name: 'delay', ms: dice.int(0, 1_500) },
    ]),
  },
  { name: 'busy', numbers: [20], strike: inModules((dice) => [{ name: 'busy', times: dice.int(1, 30) }]) },
  {
    name: 'bits-flip-to-module',
    numbers: [22],
    strike: inModules((dice) => [{ name: 'bitFlip', direction: 'in', rate: rate(dice) }]),
  },
  {
    name: 'bits-flip-to-host',
    numbers: [23],
    strike: inModules((dice) => [{ name: 'bitFlip', direction: 'out', rate: rate(dice) }]),
  },
  {
    name: 'bytes-lost-doubled',
    numbers: [24],
    strike: inModules((dice) => [
      { name: 'dropBytes', rate: rate(dice) },
      { name: 'duplicateBytes', rate: rate(dice) },
      { name: 'noise', rate: 0.2, bytes: dice.int(1, 40) },
    ]),
  },
  {
    name: 'stale-replies',
    numbers: [25],
    strike: inModules((dice) => [{ name: 'staleReply', times: dice.int(1, 20) }]),
  },
  { name: 'other-fn-behind-port', numbers: [26, 54], strike: inModules(() => [{ name: 'swapFn' }]) },
  { name: 'fn-pulled', numbers: [54, 55], strike: inModules(() => [{ name: 'removeFn' }]) },
  { name: 'fn-full', numbers: [27], strike: inModules((dice) => [{ name: 'fnFull', left: dice.int(0, 6) }]) },
  { name: 'fn-expired', numbers: [28], strike: inModules(() => [{ name: 'fnExpired' }]) },
  { name: 'fn-fault', numbers: [29], strike: inModules(() => [{ name: 'fnFault' }]) },
  {
    name: 'device-clock',
    numbers: [32],
    strike: inModules((dice) => [
      { name: 'clockJump', byMs: dice.pick([-3_600_000, -600_000, -60_000, 60_000, 600_000, 3_600_000]) },
    ]),
  },
  {
    name: 'wrong-slot-pulled',
    numbers: [55],
    strike: inModules((dice) => [{ name: 'unplug', at: 'idle', forMs: awayMs(dice) }]),
  },
  {
    name: 'someone-else-touches',
    numbers: [26],
    strike: inModules((dice) => [
      {
        name: 'foreignHost',
        does: dice.pick(['openReceipt', 'leaveMode', 'abort'] as const),
        at: dice.pick(['idle', 'beforeCommit'] as const),
      },
    ]),
  },
  {
    name: 'someone-else-sells',
    numbers: [],
    needsPerson: true,
    strike: inModules((dice) => [
      {
        name: 'foreignHost',
        does: 'document',
        at: dice.pick(['idle', 'beforeCommit', 'afterCommit'] as const),
      },
    ]),
  },
  {
    name: 'fn-dies',
    numbers: [17],
    needsPerson: true,
    strike: (farm, dice) => {
      dice.pick(farm.world.modules).inject({ name: 'fnFault' });
    },
  },
];
