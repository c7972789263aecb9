import {
  ASYNC_PACKET_ID,
  attributeBlocks,
  COMMANDS,
  decodeTaskReply,
  encodeAbort,
  encodeAck,
  encodeAdd,
  encodeFrame,
  encodeReq,
  encodeTask,
  fnCommand,
  FrameParser,
  type FrameEvent,
  nextPacketId,
  TASK_FLAG,
  type DeviceAnswer,
  type Exchange,
  type TaskReply,
} from '@kkt/atol-protocol';
import { sleep, systemClock, type Clock } from '@kkt/contracts';
import { encodeTlv, makeRnm, TAG, type TlvNode } from '@kkt/ffd';

/** A wire as a host sees it. */
export interface HostWire {
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Buffer) => void): void;
}

/** Refusal of the device, as an exception of tests. */
export class Refused extends Error {
  constructor(
    readonly command: string,
    readonly code: number,
    readonly ext: number,
  ) {
    super(`${command} refused: ${code.toString(16)} ${ext}`);
  }
}

export const TEST_INN = '7704358518';
export const ADMIN = 30;

/**
 * A small host of transport v3 for tests: one task at a time, no retries. Deliberately not the driver: what the
 * emulator does must be visible without the driver's care.
 */
export class TestHost {
  private readonly parser = new FrameParser();
  private packetId = 0;
  private taskId = 0;
  private replies: ((reply: TaskReply) => void)[] = [];
  private results = new Map<number, (reply: TaskReply) => void>();
  readonly asyncSeen: TaskReply[] = [];
  /** Frames in the order they came, and what was no good frame. */
  readonly seen: FrameEvent[] = [];

  constructor(
    private readonly wire: HostWire,
    private readonly clock: Clock = systemClock,
  ) {
    wire.onData((bytes) => {
      for (const event of this.parser.push(bytes)) {
        this.seen.push(event);
        if (event.type !== 'frame' || event.data.length === 0) continue;
        const reply = decodeTaskReply(event.data);
        if (event.id !== ASYNC_PACKET_ID) this.replies.shift()?.(reply);
        else if (reply.status === 'asyncResult' || reply.status === 'asyncError') {
          this.asyncSeen.push(reply);
          this.results.get(reply.tid)?.(reply);
        }
      }
    });
  }

  /** One request of the task buffer and its direct reply. */
  ask(data: Buffer): Promise<TaskReply> {
    const id = this.packetId;
    this.packetId = nextPacketId(id);
    return new Promise((resolve) => {
      this.replies.push(resolve);
      this.wire.write(encodeFrame(id, data));
    });
  }

  abort(): Promise<TaskReply> {
    return this.ask(encodeAbort());
  }

  req(tid: number): Promise<TaskReply> {
    return this.ask(encodeReq(tid));
  }

  /** Adds a task and gives its id and the promise of its result. */
  async add(body: Buffer): Promise<{ tid: number; reply: TaskReply; result: Promise<Buffer> }> {
    const tid = this.taskId;
    this.taskId = nextPacketId(tid);
    const result = new Promise<Buffer>((resolve) => {
      this.results.set(tid, (reply) => {
        this.results.delete(tid);
        resolve('answer' in reply ? reply.answer : Buffer.alloc(0));
      });
    });
    const reply = await this.ask(
      encodeAdd(TASK_FLAG.needResult | TASK_FLAG.ignoreError, tid, encodeTask(body)),
    );
    return { tid, reply, result };
  }

  async run(body: Buffer): Promise<Buffer> {
    const { tid, result } = await this.add(body);
    const answer = await result;
    await this.ask(encodeAck(tid));
    return answer;
  }

  async call<Req, Ans>(row: Exchange<string, Req, Ans>, request: Req): Promise<Ans> {
    const answer = row.decodeAnswer(await this.run(encode(row, request)));
    if (!answer.ok) throw new Refused(row.name, answer.error, answer.ext);
    return answer.data;
  }

  async try<Req, Ans>(row: Exchange<string, Req, Ans>, request: Req): Promise<DeviceAnswer<Ans>> {
    return row.decodeAnswer(await this.run(encode(row, request)));
  }

  async mode(mode: number): Promise<void> {
    await this.call(COMMANDS.leaveMode, {});
    await this.call(COMMANDS.enterMode, { mode, password: ADMIN });
  }

  async attribute(node: TlvNode): Promise<void> {
    for (const block of attributeBlocks(encodeTlv([node]), 200)) {
      await this.call(COMMANDS.writeAttribute, { flags: 0, ...block });
    }
  }

  /** Registers a factory-fresh module. */
  async register(
    at: string,
    serial: string,
    ffd: 2 | 3 | 4 = 4,
    over: Partial<{ inn: string; taxSystems: number }> = {},
  ): Promise<string> {
    const inn = over.inn ?? TEST_INN;
    const rnm = makeRnm(1, inn, serial);
    if (ffd === 2) await this.call(fnCommand('startRegistration'), { type: 0 });
    else await this.call(fnCommand('startRegistrationFfd11'), { type: 0, ffdVersion: ffd });
    await this.call(fnCommand('sendDocumentData'), { tlv: encodeTlv(registrationNodes(ffd)) });
    const facts = { at, inn, registrationNumber: rnm, taxSystems: over.taxSystems ?? 1 };
    if (ffd === 2) await this.call(fnCommand('finishRegistration'), { ...facts, workMode: 0x20 });
    else {
      await this.call(fnCommand('finishRegistrationFfd11'), {
        ...facts,
        workMode: 0x20,
        extendedMode: 0,
        ofdInn: '7704358518',
      });
    }
    return rnm;
  }

  async openShift(): Promise<void> {
    await this.mode(1);
    await this.attribute({ tag: TAG.cashier, value: 'Кассир Иванова' });
    await this.call(COMMANDS.openShift, { flags: 0, text: '' });
  }

  /** A receipt of one item paid by card. */
  async receipt(
    priceKop: number,
    {
      type = 1,
      items = 1,
      email = 'buyer@example.com',
    }: { type?: number; items?: number; email?: string } = {},
  ): Promise<void> {
    await this.mode(1);
    await this.call(COMMANDS.openReceipt, { flags: 4, type });
    await this.attribute({ tag: TAG.cashier, value: 'Кассир Иванова' });
    await this.attribute({ tag: TAG.buyerContact, value: email });
    if (type >= 7) {
      await this.attribute({ tag: TAG.correctionType, value: 0 });
      await this.attribute({
        tag: TAG.correctionBase,
        value: [
          { tag: TAG.correctionDate, value: '2026-01-10T00:00:00' },
          { tag: TAG.correctionNumber, value: '1' },
        ],
      });
    }
    for (let at = 0; at < items; at += 1) await this.item(priceKop, `Товар ${at + 1}`);
    await this.call(COMMANDS.closeReceipt, { flags: 0, paymentType: 2, sumKop: 0 });
  }

  async item(priceKop: number, name: string, taxType = 2): Promise<void> {
    await this.call(COMMANDS.beginItem, { flags: 0 });
    await this.call(COMMANDS.endItem, {
      flags: 0,
      priceKop,
      quantityMilli: 1000,
      costKop: priceKop,
      taxType,
      taxSumKop: 0,
      section: 1,
      subject: 1,
      method: 4,
      discountSign: 0,
      discountKop: 0,
      name,
    });
  }

  /** Closes the shift and waits until the report behind the answer is made. */
  async closeShift(): Promise<void> {
    await this.mode(3);
    await this.attribute({ tag: TAG.cashier, value: 'Кассир Иванова' });
    await this.call(COMMANDS.closeShift, {});
    for (;;) {
      const { mode } = await this.call(COMMANDS.stateCode, {});
      if (mode.mode === 3 && mode.submode === 0) return;
      await sleep(this.clock, 5);
    }
  }

  /** Reads one message for the operator out of the FN. */
  async readMessage(): Promise<Buffer> {
    await this.call(fnCommand('setTransportState'), { up: 1 });
    const { length } = await this.call(fnCommand('startMessage'), {});
    const blocks: Buffer[] = [];
    for (let offset = 0; offset < length; offset += 512) {
      const { block } = await this.call(fnCommand('readMessageBlock'), {
        offset,
        length: Math.min(512, length - offset),
      });
      blocks.push(block);
    }
    await this.call(fnCommand('finishMessage'), {});
    return Buffer.concat(blocks);
  }

  async lastFd(): Promise<number> {
    return (await this.call(fnCommand('fnStatus'), {})).lastFdNumber;
  }
}

function encode<Req, Ans>(row: Exchange<string, Req, Ans>, request: Req): Buffer {
  return row.encodeRequest(...([request] as unknown as Parameters<typeof row.encodeRequest>));
}

function registrationNodes(ffd: number): TlvNode[] {
  return [
    { tag: TAG.userName, value: 'ООО «Ромашка»'.replace(/[«»]/g, '"') },
    { tag: TAG.placeAddress, value: '127006, Москва, ул. Тверская, 1' },
    { tag: TAG.place, value: 'https://shop.example' },
    { tag: TAG.cashier, value: 'Инженер Петров' },
    { tag: TAG.fnsSite, value: 'www.nalog.gov.ru' },
    { tag: TAG.sellerEmail, value: 'no-reply@shop.example' },
    { tag: TAG.ofdName, value: 'ООО "Оператор"' },
    ...(ffd === 2 ? [{ tag: TAG.ofdInn, value: '7704358518' }] : []),
  ];
}
