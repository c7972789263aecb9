import {
  ASYNC_PACKET_ID,
  decodeTask,
  decodeTaskRequest,
  encodeFrame,
  encodeTaskReply,
  FrameParser,
  TaskBuffer,
  type TaskBufferLimits,
} from '@kkt/atol-protocol';
import type { Clock } from '@kkt/contracts';
import type { MemoryWire, WirePeer } from '../transports/memory.wire';

/** What the script says to one command. */
export interface ScriptedAnswer {
  ok: boolean;
  answer: Buffer;
  /** Time of execution; 0 = in the same turn. */
  workMs?: number;
}

export type Script = (body: Buffer, tid: number) => ScriptedAnswer;

/**
 * The device's end of a memory wire for tests of the link and the task channel: real frames and the real task buffer, and
 * a script instead of a fiscal register. Remembers the last replies by packet id and repeats them.
 */
export class ScriptedModule implements WirePeer {
  readonly executed: Buffer[] = [];
  readonly packets: { id: number; data: Buffer }[] = [];
  buffer: TaskBuffer;
  /** Replies and asynchronous packets are made and then not sent. */
  isMute = false;
  private parser = new FrameParser();
  private readonly replies = new Map<number, { request: Buffer; reply: Buffer }>();
  private isBusy = false;

  constructor(
    private readonly wire: MemoryWire,
    private readonly clock: Clock,
    public script: Script,
    limits: Partial<TaskBufferLimits> = {},
  ) {
    this.buffer = new TaskBuffer(limits);
    wire.attach(this);
  }

  onOpen(): void {
    this.parser = new FrameParser();
  }

  onClose(): void {
    return;
  }

  onData(bytes: Uint8Array): void {
    for (const event of this.parser.push(bytes)) {
      if (event.type === 'badCrc') this.wire.deliver(encodeFrame(event.id, Buffer.alloc(0)));
      if (event.type === 'frame') this.onPacket(event.id, event.data);
    }
  }

  /** Forgets the tasks, the replies and what is under way, as a power cut does. */
  reboot(): void {
    this.buffer.clear();
    this.replies.clear();
    this.isBusy = false;
  }

  /** Sends an asynchronous packet whatever the buffer holds. */
  sayAsync(status: 'asyncResult' | 'asyncError', tid: number, answer: Buffer): void {
    this.send(ASYNC_PACKET_ID, encodeTaskReply({ status, tid, answer }));
  }

  private onPacket(id: number, data: Buffer): void {
    const known = this.replies.get(id);
    if (data.length === 0) {
      if (known) this.send(id, known.reply);
      return;
    }
    this.packets.push({ id, data });
    if (known?.request.equals(data)) return this.send(id, known.reply);
    const reply = encodeTaskReply(this.buffer.handle(decodeTaskRequest(data)));
    this.replies.set(id, { request: data, reply });
    this.send(id, reply);
    this.work();
  }

  private work(): void {
    if (this.isBusy) return;
    const task = this.buffer.next();
    if (!task) return;
    this.isBusy = true;
    const { body } = decodeTask(task.task);
    this.executed.push(body);
    const { workMs = 0, ...outcome } = this.script(body, task.tid);
    const finish = (): void => {
      this.isBusy = false;
      const said = this.buffer.finish(task.ticket, outcome);
      if (said) this.send(ASYNC_PACKET_ID, encodeTaskReply(said));
      this.work();
    };
    if (workMs > 0) this.clock.setTimer(workMs, finish);
    else finish();
  }

  private send(id: number, data: Buffer): void {
    if (!this.isMute) this.wire.deliver(encodeFrame(id, data));
  }
}
