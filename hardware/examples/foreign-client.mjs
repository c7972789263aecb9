/**
 * A register's host in one file, without this project's libraries: transport v3, task buffer, a shift, a receipt,
 * registers, the FN's archive, X and Z reports. It shows what a module expects of any host, and proves that the
 * emulator serves one that was not written for it.
 *
 *   npm run emulator -- --modules 1 --transport tcp
 *   node hardware/examples/foreign-client.mjs [port] [host]
 *
 * Prints one line per command and, last, one JSON line with what it read back. Exit code 1 when the device refuses.
 */
import net from 'node:net';

const REPLY_MS = 5000;
const RESULT_MS = 15_000;

const crcTable = Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 0xff : (crc << 1) & 0xff;
  return crc;
});
const crc8 = (bytes) => bytes.reduce((crc, byte) => crcTable[crc ^ byte], 0xff);

const hex = (bytes) => Buffer.from(bytes).toString('hex').toUpperCase();
const bytes = (text) => [...Buffer.from(text.replaceAll(' ', ''), 'hex')];
/** Packed BCD, most significant byte first. */
const bcd = (value, size) => bytes(String(value).padStart(size * 2, '0'));
const fromBcd = (part) => Number(hex(part));

/** CP866 for the letters of this example. */
const cp866 = (text) =>
  [...text].map((letter) => {
    const code = letter.codePointAt(0);
    if (code < 0x80) return code;
    if (code >= 0x410 && code <= 0x43f) return code - 0x410 + 0x80;
    if (code >= 0x440 && code <= 0x44f) return code - 0x440 + 0xe0;
    throw new Error(`no CP866 code for ${letter}`);
  });

const fromCp866 = (part) =>
  [...part]
    .map((byte) =>
      byte < 0x80
        ? String.fromCodePoint(byte)
        : String.fromCodePoint(byte < 0xb0 ? byte - 0x80 + 0x410 : byte - 0xe0 + 0x440),
    )
    .join('');

/** A requisite: tag and length little-endian, then the value. */
const tlv = (tag, value) => [tag & 0xff, tag >> 8, value.length & 0xff, value.length >> 8, ...value];

/** `FE lenLo lenHi id data crc`; data and CRC stuffed, length and CRC of what was before stuffing. */
function frame(id, data) {
  const stuffed = [...data, crc8([id, ...data])].flatMap((byte) =>
    byte === 0xfe ? [0xfd, 0xee] : byte === 0xfd ? [0xfd, 0xed] : [byte],
  );
  return Buffer.from([0xfe, data.length & 0x7f, data.length >> 7, id, ...stuffed]);
}

/** Finds frames in a stream; FE begins one wherever it stands. */
class FrameReader {
  constructor(onFrame) {
    this.onFrame = onFrame;
  }

  push(chunk) {
    for (const byte of chunk) this.take(byte);
  }

  take(byte) {
    if (byte === 0xfe) this.now = { head: [], body: [], escaped: false };
    else if (!this.now) return;
    else if (this.now.head.length < 3) this.now.head.push(byte);
    else if (byte === 0xfd) this.now.escaped = true;
    else this.keep(this.now, byte);
  }

  keep(now, byte) {
    now.body.push(now.escaped ? (byte === 0xee ? 0xfe : 0xfd) : byte);
    now.escaped = false;
    const [low, high, id] = now.head;
    if (now.body.length <= (low | (high << 7))) return;
    const crc = now.body.pop();
    this.now = undefined;
    this.onFrame(id, Buffer.from(now.body), crc === crc8([id, ...now.body]));
  }
}

/** Transport and task buffer: one command at a time, its result by a packet of the device's own (id F0) or by Req. */
class Host {
  packetId = 0;
  taskId = 0;
  replies = new Map();
  results = new Map();

  async connect(port, host) {
    const reader = new FrameReader((id, data, isGood) => this.onFrame(id, data, isGood));
    this.socket = net.connect({ port, host, noDelay: true });
    this.socket.on('data', (chunk) => reader.push(chunk));
    await new Promise((resolve, reject) => this.socket.once('connect', resolve).once('error', reject));
    await this.abort();
  }

  onFrame(id, data, isGood) {
    // A damaged reply is asked for again by an empty packet of its number; a damaged F0 is fetched with Req.
    if (!isGood) return id === 0xf0 ? undefined : void this.socket.write(frame(id, []));
    const waiting = id === 0xf0 ? this.results : this.replies;
    const key = id === 0xf0 ? data[1] : id;
    waiting.get(key)?.(data);
    waiting.delete(key);
  }

  packet(data) {
    const id = this.packetId;
    this.packetId = id === 0xdf ? 0 : id + 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no reply to ${hex(data)}`)), REPLY_MS);
      this.replies.set(id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.socket.write(frame(id, data));
    });
  }

  async abort() {
    const reply = await this.packet([0xc4]);
    if (reply[0] !== 0xa3) throw new Error(`Abort was answered ${hex(reply)}`);
  }

  /** Runs a command and gives its answer, whatever it says. */
  async run(command) {
    const tid = this.taskId;
    this.taskId = tid === 0xdf ? 0 : tid + 1;
    const result = new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), RESULT_MS);
      this.results.set(tid, (data) => {
        clearTimeout(timer);
        resolve(data.subarray(2));
      });
      this.forget = () => clearTimeout(timer);
    });
    // Add: NeedResult, task id, access password 0000, command.
    const added = await this.packet([0xc1, 0x01, tid, 0, 0, ...command]);
    let answer;
    if (added[0] === 0xa3 || added[0] === 0xa4) {
      this.forget();
      answer = added.subarray(1);
    } else if ([0xa1, 0xa2, 0xa8].includes(added[0])) {
      answer = (await result) ?? (await this.packet([0xc3, tid])).subarray(1);
    } else throw new Error(`Add was answered ${hex(added)}`);
    await this.packet([0xc2, tid]);
    return answer;
  }

  /** Runs a command that answers `55 err …`; gives what follows the error byte. */
  async ask(what, command) {
    const answer = await this.run(command);
    console.log(`${hex(command).padEnd(24).slice(0, 48)} -> ${hex(answer).slice(0, 64)}  ${what}`);
    if (answer[0] === 0x55 && answer[1] === 0) return answer.subarray(2);
    await this.abort();
    const details = await this.run(bytes('91 37 00 00'));
    throw new Error(`${what}: refused with ${hex(answer)}, register 55 says ${hex(details)}`);
  }

  close() {
    this.socket.end();
  }
}

const enter = (host, mode) => host.ask(`enter mode ${mode}`, [0x56, mode, ...bcd(30, 4)]);
const leave = (host) => host.ask('leave the mode', [0x48]);

/** A report works on behind its answer: 45 shows submodes until the mode stands alone again. */
async function waitFor(host, mode) {
  for (;;) {
    const [, state] = await host.run([0x45]);
    if (state === mode) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function receipt(host, items, payments) {
  await host.ask('open a sale, no print', [0x92, 0x04, 1]);
  const attributes = [
    tlv(1008, cp866('buyer@example.com')),
    tlv(1055, [1]),
    tlv(1021, cp866('Иванова')),
    tlv(1203, cp866('500100732259')),
  ];
  for (const attribute of attributes) await host.ask('requisite', [0xe8, 0, 1, 0, ...attribute]);
  for (const { name, priceKop, quantityMilli, tax } of items) {
    const costKop = Math.round((priceKop * quantityMilli) / 1000);
    await host.ask('begin item', bytes('EA 00 01 00'));
    const sums = [...bcd(priceKop, 7), ...bcd(quantityMilli, 5), ...bcd(costKop, 7)];
    // Tax type and sum, section, subject 1, method 4, discount sign and sum, two reserved bytes, name.
    const rest = [tax, ...bcd(0, 7), 0, 1, 4, 0, ...bcd(0, 7), 0, 0, ...cp866(name)];
    await host.ask(`item ${name}`, [0xeb, 0, ...sums, ...rest]);
  }
  for (const [type, sumKop] of payments) await host.ask('payment', [0x99, 0, type, ...bcd(sumKop, 5)]);
  await host.ask('close', [0x4a, 0, 1, ...bcd(0, 5)]);
}

/** Register 51 or 52: number, type, sum, moment, fiscal sign. */
async function lastDocument(host, register) {
  const data = await host.ask(`register ${register}`, [0x91, register, 0, 0]);
  return {
    fdNumber: fromBcd(data.subarray(0, 5)),
    type: data[5],
    totalKop: fromBcd(data.subarray(6, 13)),
    fiscalSign: fromBcd(data.subarray(18, 23)),
  };
}

async function readDocument(host, fdNumber) {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(fdNumber);
  const opened = await host.ask('open a document of the archive', [0xa4, 0x45, ...number]);
  const tags = [];
  for (;;) {
    const answer = await host.run(bytes('A4 46'));
    if (answer[1] !== 0) break;
    tags.push(answer.readUInt16LE(2));
  }
  // "No such data" ends the reading; like any error it stops the queue until it is acknowledged or aborted.
  await host.abort();
  return { form: opened.readUInt16LE(0), bytes: opened.readUInt16LE(2), tags };
}

async function main(port, address) {
  const host = new Host();
  await host.connect(port, address);
  const type = await host.run([0xa5]);
  const name = fromCp866(type.subarray(11));
  const status = await host.run([0x3f]);
  if ((status[17] & 0x0f) !== 0) await leave(host);
  const serial = hex(await host.ask('serial number', [0x91, 22, 0, 0]));
  const fnNumber = (await host.ask('FN number', [0xa4, 0x31])).toString('latin1');
  const [phase] = await host.ask('FN state', [0xa4, 0x30]);
  if (phase !== 3) throw new Error(`the FN is in phase ${phase}: not registered, or closed`);

  await enter(host, 1);
  const [isOpen] = await host.ask('shift state', [0xa4, 0x10]);
  if (!isOpen) await host.ask('open the shift', [0x9a, 0, ...cp866('Иванова')]);
  const items = [
    { name: 'Кофе', priceKop: 54_000, quantityMilli: 2000, tax: 6 },
    { name: 'Чай', priceKop: 10_050, quantityMilli: 1500, tax: 6 },
    { name: 'Доставка', priceKop: 30_000, quantityMilli: 1000, tax: 6 },
  ];
  await receipt(host, items, [
    [2, 100_000],
    [1, 60_000],
  ]);
  const made = await lastDocument(host, 51);
  const document = await readDocument(host, made.fdNumber);
  const unsent = fromBcd(await host.ask('unsent documents', [0x91, 44, 0, 0]));
  await leave(host);

  await enter(host, 2);
  await host.ask('X report', [0x67, 1]);
  await waitFor(host, 2);
  await leave(host);
  await enter(host, 3);
  await host.ask('Z report', [0x5a]);
  await waitFor(host, 3);
  const closing = await lastDocument(host, 52);
  await leave(host);
  host.close();
  console.log(
    JSON.stringify({ name, serial, fnNumber, receipt: made, document, unsent, zReport: closing.fdNumber }),
  );
}

await main(Number(process.argv[2] ?? 9100), process.argv[3] ?? '127.0.0.1');
