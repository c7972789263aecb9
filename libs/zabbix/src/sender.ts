import { connect } from 'node:net';
import { FarmError } from '@kkt/contracts';

/** One value for a trapper item. */
export interface ZabbixValue {
  host: string;
  key: string;
  value: string;
  /** Unix seconds. */
  clock: number;
}

export interface SendResult {
  processed: number;
  /** Values the server knows no item for, or would not take. */
  failed: number;
  total: number;
}

const protocol = 0x01;
const compressed = 0x02;
const largePacket = 0x04;
const headerBytes = 13;
/** Longer answers are none of a Zabbix server. */
const mostAnswerBytes = 1 << 20;

/** Zabbix header: `ZBXD`, flags, length of the data, reserved; both numbers little endian. */
export function encodePacket(body: object): Buffer {
  const data = Buffer.from(JSON.stringify(body), 'utf8');
  const header = Buffer.alloc(headerBytes);
  header.write('ZBXD', 0, 'latin1');
  header.writeUInt8(protocol, 4);
  header.writeUInt32LE(data.length, 5);
  header.writeUInt32LE(0, 9);
  return Buffer.concat([header, data]);
}

/**
 * The JSON of a packet; undefined while it is not whole yet.
 * @throws FarmError SYS-ZABBIX-ANSWER when the bytes are no packet we can read
 */
export function decodePacket(bytes: Buffer): unknown {
  if (bytes.length < headerBytes) return undefined;
  const wrong = (what: string): FarmError => new FarmError('SYS-ZABBIX-ANSWER', `Zabbix: ${what}`);
  if (bytes.toString('latin1', 0, 4) !== 'ZBXD') throw wrong('no ZBXD header');
  const flags = bytes.readUInt8(4);
  if ((flags & protocol) === 0 || (flags & (compressed | largePacket)) !== 0)
    throw wrong(`flags ${flags} are not supported`);
  const length = bytes.readUInt32LE(5);
  if (length > mostAnswerBytes) throw wrong(`an answer of ${length} bytes`);
  if (bytes.length < headerBytes + length) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8', headerBytes, headerBytes + length));
  } catch {
    throw wrong('the answer is no JSON');
  }
}

/**
 * Numbers of `processed: 2; failed: 0; total: 2; seconds spent: 0.06`. A server says "success" also when every value
 * failed, so the numbers are what counts.
 * @throws FarmError SYS-ZABBIX-ANSWER
 */
export function readAnswer(answer: unknown): SendResult {
  const { response, info } = (answer ?? {}) as { response?: unknown; info?: unknown };
  if (response !== 'success')
    throw new FarmError('SYS-ZABBIX-ANSWER', `Zabbix refused: ${JSON.stringify(answer).slice(0, 200)}`);
  const found = /processed: (\d+); failed: (\d+); total: (\d+)/.exec(typeof info === 'string' ? info : '');
  if (!found) throw new FarmError('SYS-ZABBIX-ANSWER', 'Zabbix: the answer has no numbers');
  return { processed: Number(found[1]), failed: Number(found[2]), total: Number(found[3]) };
}

export interface ZabbixServer {
  host: string;
  /** 10051 by custom. */
  port: number;
  timeoutMs?: number;
}

/**
 * Sends values by the sender protocol, one connection for one packet.
 * @throws FarmError SYS-ZABBIX when the server is away, SYS-ZABBIX-ANSWER when it answers something else
 */
export function sendValues(
  server: ZabbixServer,
  values: readonly ZabbixValue[],
  clock: number,
): Promise<SendResult> {
  const packet = encodePacket({
    request: 'sender data',
    data: values.map((value) => ({ ...value, ns: 0 })),
    clock,
    ns: 0,
  });
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.host, port: server.port });
    let received = Buffer.alloc(0);
    const end = (run: () => void): void => {
      socket.destroy();
      run();
    };
    const fail = (what: string): void => end(() => reject(new FarmError('SYS-ZABBIX', `Zabbix: ${what}`)));
    socket.setTimeout(server.timeoutMs ?? 10_000, () => fail('no answer in time'));
    socket.once('error', (error) => fail(error.message));
    socket.once('end', () => fail('it hung up before its answer was whole'));
    socket.once('connect', () => socket.write(packet));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      try {
        const answer = decodePacket(received);
        if (answer === undefined) return;
        const result = readAnswer(answer);
        end(() => resolve(result));
      } catch (error) {
        end(() => reject(error as Error));
      }
    });
  });
}
