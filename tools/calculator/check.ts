import { loadShapes, shapeCheck } from '@kkt/calculator';
import { Dice } from '../sim/dice';

/** Prints the calculator's predicted p99 beside a simulated queue's on ten loads. Ends with 1 when one is 20 % off. */

const within = 0.2;
const receiptsPerShape = 400_000;

const rows = loadShapes.map((shape, at) => shapeCheck(shape, new Dice(at + 1), receiptsPerShape));
const widest = Math.max(...rows.map(({ name }) => name.length));
process.stdout.write(`${'load'.padEnd(widest)}  predicted p99  simulated p99  difference  receipts\n`);
for (const { name, predictedP99S, simulatedP99S, difference, receipts } of rows)
  process.stdout.write(
    `${name.padEnd(widest)}  ${`${predictedP99S.toFixed(2)} s`.padStart(13)}  ${`${simulatedP99S.toFixed(2)} s`.padStart(13)}  ${`${(100 * difference).toFixed(1)} %`.padStart(10)}  ${String(receipts).padStart(8)}\n`,
  );
process.exitCode = rows.some(({ difference }) => Math.abs(difference) > within) ? 1 : 0;
