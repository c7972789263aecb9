import { freePort } from '@kkt/embedded';
import { type ExchangeFigures, measureExchange, measureModuleMemory, type Proof } from '../device-exchange';
import { type Figure, median, row, type ToldRow } from '../row';

const titles: readonly (readonly [Proof, string])[] = [
  ['record', 'under load: proof by the FN’s short record'],
  ['text', 'without load: proof by the whole text'],
];
const tcpBasePort = 19_100;

/** CPU of the driver for a 3-item receipt beside framing and task buffer alone for the same bytes. */
export const device: Figure = {
  name: 'device',
  quickS: 14,
  about: 'driver CPU per 3-item receipt, whole exchange, beside encode/decode alone',
  async run({ quick, repeats }) {
    const rows: ToldRow[] = [];
    for (const [proof, title] of titles) {
      const controlPort = await freePort();
      const runs = await measureExchange({
        tcpBasePort,
        controlPort,
        modules: 16,
        receipts: quick ? 400 : 4000,
        proof,
        repeats,
      });
      const of = (pick: (run: ExchangeFigures) => number): number => median(runs.map(pick));
      const commands = of((run) => run.commandsPerReceipt).toFixed(1);
      const frames = of((run) => run.framesPerReceipt).toFixed(1);
      rows.push(
        row({
          what: `driver CPU per 3-item receipt, ${title}`,
          value: of((run) => run.cpuMsPerReceipt),
          unit: 'ms',
          beside: of((run) => run.codecMsPerReceipt),
          besideWhat: 'encode/decode of the same bytes alone',
          goal: proof === 'record' ? 0.5 : null,
          goalOf: 'value',
          goalIs: 'most',
          note: `${commands} commands, ${frames} frames; the rest are system calls of the socket and the event loop`,
        }),
      );
    }
    return rows;
  },
};

/** Memory of the driver for each module it is connected to. */
export const memory: Figure = {
  name: 'memory',
  quickS: 8,
  about: 'memory per connected module in the driver',
  async run({ quick, repeats }) {
    const options = { tcpBasePort, controlPort: await freePort(), modules: quick ? 48 : 96, repeats };
    const runs = await measureModuleMemory(options);
    return [
      row({
        what: 'memory per connected module in the driver',
        value: median(runs),
        unit: 'KiB',
        goal: 150,
        goalIs: 'most',
        note: 'heap and buffers outside it after a full collection',
      }),
    ];
  },
};
