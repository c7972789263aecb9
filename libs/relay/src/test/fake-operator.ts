import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  ANSWER_CODE,
  type AnswerName,
  buildConfirmation,
  buildMessage,
  type OfdMessage,
  OfdStreamParser,
} from '@kkt/ofd-protocol';

/** What a fake operator does with one document. */
export type Behaviour =
  | 'confirm'
  | 'confirm-and-close'
  | 'close-silently'
  | 'reset'
  | 'half-open'
  | 'drip'
  | 'garbage'
  | 'noise-then-confirm'
  | 'bad-crc'
  | 'wrong-fd'
  | 'wrong-fn'
  | 'late-repeat-then-confirm'
  | 'confirm-twice'
  | 'half-an-answer'
  | 'not-a-confirmation'
  | { refuse: AnswerName };

/** The answer of an operator to a document: signed, or a refusal. */
export function answerTo(
  message: OfdMessage,
  options: { code?: AnswerName; fnNumber?: string; fdNumber?: number } = {},
) {
  const { header, container } = message;
  if (!container) throw new Error('a link check has no answer of its own');
  const fnNumber = options.fnNumber ?? container.fnNumber;
  const fdNumber = options.fdNumber ?? container.fdNumber;
  const fields = {
    ffd: header.ffd,
    ofdInn: '7709364346',
    fnNumber,
    fdNumber,
    at: '2026-11-23T12:00:00',
    code: ANSWER_CODE[options.code ?? 'accepted'],
  };
  const tlv = buildConfirmation(fields, options.code ? undefined : { key: 'test', fiscalSign: 1 });
  return buildMessage({
    ffd: header.ffd,
    ffdOnWire: header.ffdOnWire,
    fnNumber,
    fdNumber,
    documentCode: 7,
    tlv,
    messageSign: Buffer.alloc(8, 1),
    answerWanted: false,
  });
}

/** The side of a connection that the operator writes to. */
export interface Peer {
  write(bytes: Buffer): void;
  end(): void;
  reset(): void;
}

/** What it does to a peer on one whole message. `later` is its own sense of time. */
export function behave(
  how: Behaviour,
  message: OfdMessage,
  peer: Peer,
  later: (ms: number, run: () => void) => void,
) {
  if (typeof how === 'object') return peer.write(answerTo(message, { code: how.refuse }));
  const container = message.container;
  if (!container) return;
  const good = answerTo(message);
  switch (how) {
    case 'confirm':
      return peer.write(good);
    case 'confirm-and-close':
      peer.write(good);
      return peer.end();
    case 'close-silently':
      return peer.end();
    case 'reset':
      return peer.reset();
    case 'half-open':
      return;
    case 'drip': {
      const drip = (at: number): void => {
        if (at >= good.length) return;
        peer.write(good.subarray(at, at + 1));
        later(1_000, () => drip(at + 1));
      };
      return drip(0);
    }
    case 'garbage':
      return peer.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    case 'noise-then-confirm':
      peer.write(Buffer.from([0, 1, 2, 0x2a, 0x08]));
      return later(50, () => peer.write(good));
    case 'bad-crc': {
      const bad = Buffer.from(good);
      bad[bad.length - 3] = (bad[bad.length - 3] ?? 0) ^ 0x10;
      return peer.write(bad);
    }
    case 'wrong-fd':
      return peer.write(answerTo(message, { fdNumber: container.fdNumber + 1 }));
    case 'wrong-fn':
      return peer.write(answerTo(message, { fnNumber: '9999000000000099' }));
    case 'late-repeat-then-confirm':
      return peer.write(Buffer.concat([answerTo(message, { fdNumber: container.fdNumber - 1 }), good]));
    case 'confirm-twice':
      return peer.write(Buffer.concat([good, good]));
    case 'half-an-answer':
      peer.write(good.subarray(0, good.length - 5));
      return peer.end();
    case 'not-a-confirmation': {
      const tlv = Buffer.from('030000000000', 'hex').subarray(0, 4);
      return peer.write(
        buildMessage({
          ffd: message.header.ffd,
          fnNumber: container.fnNumber,
          fdNumber: container.fdNumber,
          documentCode: 3,
          tlv,
          messageSign: Buffer.alloc(8),
        }),
      );
    }
  }
}

/** An operator on a real socket. */
export class FakeOperator {
  behaviour: (message: OfdMessage, nth: number) => Behaviour = () => 'confirm';
  readonly seen: { fnNumber: string; fdNumber: number }[] = [];
  connections = 0;
  openAtOnce = 0;
  private readonly sockets = new Set<Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<FakeOperator> {
    const server = createServer();
    const operator = new FakeOperator(server);
    server.on('connection', (socket) => operator.accept(socket));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return operator;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    this.openAtOnce = Math.max(this.openAtOnce, this.sockets.size);
    const parser = new OfdStreamParser();
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    const peer: Peer = {
      write: (bytes) => void socket.write(bytes),
      end: () => void socket.end(),
      reset: () => void socket.resetAndDestroy(),
    };
    socket.on('data', (bytes: Buffer) => {
      for (const event of parser.push(bytes)) {
        if (event.kind !== 'message' || !event.message.container) continue;
        const { fnNumber, fdNumber } = event.message.container;
        this.seen.push({ fnNumber, fdNumber });
        behave(this.behaviour(event.message, this.seen.length), event.message, peer, (ms, run) => {
          const timer = setTimeout(run, ms);
          this.timers.add(timer);
        });
      }
    });
  }
}
