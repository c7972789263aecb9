import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { silentLog, systemClock, systemRandom } from '@kkt/contracts';
import { buildConfirmation, buildMessage, decodeContainer, orThrow, wrapContainer } from '@kkt/ofd-protocol';
import { dialTcp, Relay, relayStandard } from '@kkt/relay';
import type { DueMessage } from '@kkt/storage';
import { TestKkt } from '../../apps/ofd/test/test-kkt';

const registers = 64;
const seconds = 5;

export interface RelayFigures {
  /** Messages a second through the relay, its rows in memory. */
  relayPerS: number;
  /** The same bytes to and fro between plain sockets. */
  echoPerS: number;
  ratio: number;
}

/** One relay process against one that only writes and reads the same bytes over as many sockets. */
export async function measureRelay(): Promise<RelayFigures> {
  const answers = new Map<string, Buffer>();
  const messages = Array.from({ length: registers }, (_, n) => message(n, answers));
  const server = createServer((socket) => answerAll(socket, answers));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const echoPerS = await throughSockets(messages, port);
    const relayPerS = await throughRelay(messages, port);
    return { relayPerS, echoPerS, ratio: Math.round((relayPerS / echoPerS) * 100) / 100 };
  } finally {
    server.close();
  }
}

function message(n: number, answers: Map<string, Buffer>): DueMessage {
  const kkt = new TestKkt(`9999${String(n).padStart(12, '0')}`);
  const { container, fdNumber } = kkt.sale();
  const { fnNumber } = kkt;
  const fields = {
    ffd: 2 as const,
    ofdInn: '7709364346',
    fnNumber,
    fdNumber,
    at: '2026-11-23T12:00:00',
    code: 0,
  };
  answers.set(
    fnNumber,
    buildMessage({
      ffd: 2,
      fnNumber,
      fdNumber,
      documentCode: 7,
      tlv: buildConfirmation(fields, { key: 'bench', fiscalSign: 1 }),
      messageSign: Buffer.alloc(8, 1),
      answerWanted: false,
    }),
  );
  return {
    fnNumber,
    fdNumber,
    registerId: n + 1,
    driverId: 'd1',
    ffd: 2,
    ofdHost: '127.0.0.1',
    ofdPort: 0,
    container,
    attempts: 0,
  };
}

/** Answers each whole message with bytes made beforehand: the other side must not be what is measured. */
function answerAll(socket: Socket, answers: ReadonlyMap<string, Buffer>): void {
  let kept = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    kept = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
    while (kept.length >= 30 && kept.length >= 30 + kept.readUInt16LE(24)) {
      const answer = answers.get(kept.toString('latin1', 8, 24));
      kept = kept.subarray(30 + kept.readUInt16LE(24));
      if (answer) socket.write(answer);
    }
  });
}

async function throughSockets(messages: readonly DueMessage[], port: number): Promise<number> {
  let count = 0;
  let isOver = false;
  const sockets = messages.map(({ container, fnNumber }) => {
    const bytes = wrapContainer(container, { ffd: 2, fnNumber });
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    let got = 0;
    let want = 0;
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (answer: Buffer) => {
      if (want === 0) want = 30 + answer.readUInt16LE(24);
      got += answer.length;
      if (got < want) return;
      got = want = 0;
      count++;
      if (!isOver) socket.write(bytes);
    });
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = count;
  const sinceMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const perS = ((count - before) * 1000) / (performance.now() - sinceMs);
  isOver = true;
  for (const socket of sockets) socket.destroy();
  return Math.round(perS);
}

async function throughRelay(messages: readonly DueMessage[], port: number): Promise<number> {
  const due = messages.map((one) => ({ ...one, ofdPort: port }));
  const ready = new Map(due.map((one) => [one.fnNumber, one]));
  const all = new Map(due.map((one) => [one.fnNumber, one]));
  let count = 0;
  const relay: Relay = new Relay(
    {
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      dial: dialTcp,
      store: {
        dueMessages: (limit) => {
          const taken = [...ready.values()].slice(0, limit);
          for (const { fnNumber } of taken) ready.delete(fnNumber);
          return Promise.resolve(taken);
        },
        extend: () => Promise.resolve(),
        giveBack: (keys) => {
          for (const { fnNumber } of keys) ready.set(fnNumber, all.get(fnNumber)!);
          return Promise.resolve();
        },
        // The FN takes the answer and hands out its next message, when the relay has let go of the last one.
        answered: (batch) => {
          for (const { answer } of batch) orThrow(decodeContainer(answer));
          count += batch.length;
          setImmediate(() => {
            for (const { fnNumber } of batch) ready.set(fnNumber, all.get(fnNumber)!);
            relay.poke();
          });
          return Promise.resolve();
        },
        failed: (batch) => {
          for (const { fnNumber } of batch) ready.set(fnNumber, all.get(fnNumber)!);
          return Promise.resolve();
        },
      },
      alerts: { raise: () => Promise.resolve(), close: () => Promise.resolve() },
      wake: () => Promise.resolve(),
    },
    { ...relayStandard, ratePerOperatorS: 1_000_000, parallelPerOperator: registers, sweepMs: 5 },
  );
  relay.start();
  relay.poke();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = count;
  const sinceMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const perS = ((count - before) * 1000) / (performance.now() - sinceMs);
  await relay.stop();
  return Math.round(perS);
}
