import { measureIntake, type IntakeRound } from '../intake';
import { type Figure, median, row } from '../row';
import { cores } from '../servers';

const connections = 50;

/** Accepted and durable receipts a second, what one costs, and the two limits beside them. */
export const intake: Figure = {
  name: 'intake',
  quickS: 30,
  about: 'receipts accepted and durable, one API process, 50 connections, 5 items',
  async run({ quick, repeats, say }) {
    const { rounds, insertsBy, bodyBytes } = await measureIntake({
      connections,
      seconds: quick ? 1 : 5,
      rounds: repeats,
    });
    const of = (pick: (round: IntakeRound) => number): number => median(rounds.map(pick));
    for (const { accepted, withoutDatabase, echo, insertsPerS } of rounds)
      say(
        `accepted ${accepted.perS.toFixed(0)}/s, inserts ${insertsPerS.toFixed(0)}/s, without commits ${withoutDatabase.perS.toFixed(0)}/s, echo ${echo.perS.toFixed(0)}/s`,
      );
    const bad = rounds.reduce((sum, { accepted }) => sum + accepted.bad, 0);
    const value = of(({ accepted }) => accepted.perS);
    const by = insertsBy === 'pgbench' ? 'pgbench' : 'plain clients (there is no pgbench)';
    const echoed = of(({ echo, insertsPerS }) => echo.perS / insertsPerS);
    const shared = `load, API and PostgreSQL share ${cores} cores, where a bare Fastify that only sends the body back comes to ${echoed.toFixed(2)} of the inserts`;
    return [
      row({
        what: 'receipts accepted and durable, one API process, 50 connections, 5 items',
        value,
        unit: '/s',
        beside: of(({ insertsPerS }) => insertsPerS),
        ratio: of(({ accepted, insertsPerS }) => accepted.perS / insertsPerS),
        besideWhat: `one-row inserts of ${bodyBytes} B by ${by}`,
        goal: 0.6,
        note: `answers 2xx only, ${bad} others; ${shared}. The ratio says little where one flush of the disk sets the pace of a one-row insert: many receipts share one, so it is the higher the slower the disk`,
      }),
      row({
        what: 'the same beside the same process without commits',
        value,
        unit: '/s',
        beside: of(({ withoutDatabase }) => withoutDatabase.perS),
        ratio: of(({ accepted, withoutDatabase }) => accepted.perS / withoutDatabase.perS),
        besideWhat: 'batches answered at once',
        goal: 0.85,
        note: `PostgreSQL takes its share of the ${cores} cores; with cores of its own the ratio grows`,
      }),
      row({
        what: 'CPU of the API per accepted receipt',
        value: of(({ accepted }) => accepted.cpuMs),
        unit: 'ms',
        beside: of(({ echo }) => echo.cpuMs),
        ratio: of(({ accepted, echo }) => accepted.cpuMs / echo.cpuMs),
        besideWhat: 'bare Fastify echo of the same body',
        goal: 4,
        goalIs: 'most',
      }),
      row({
        what: 'answer to an accept under this load, p99',
        value: of(({ accepted }) => accepted.p99Ms),
        unit: 'ms',
        beside: of(({ echo }) => echo.p99Ms),
        besideWhat: 'echo',
      }),
    ];
  },
};
