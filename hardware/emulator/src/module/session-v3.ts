import {
  ASYNC_PACKET_ID,
  decodeTaskRequest,
  encodeFrame,
  encodeTaskReply,
  FrameParser,
  repeatRequest,
  type TaskReply,
  type TaskRequest,
} from '@kkt/atol-protocol';
import type { Clock } from '@kkt/contracts';
import type { FaultBox } from '../faults/fault-box';
import { spoil } from '../faults/line-faults';
import type { HostLink, HostSession } from './host-link';
import { OutPipe } from './out-pipe';

/** Replies kept for a host that asks for a packet again. */
const KEPT_REPLIES = 16;

interface KeptReply {
  id: number;
  request: Buffer;
  frame: Buffer;
}

export interface SessionOwner {
  readonly clock: Clock;
  readonly faults: FaultBox;
  /** Reply to a task request; the work itself begins in `pump`, after the reply is out. */
  handle(request: TaskRequest): TaskReply;
  pump(): void;
  /** The session is over: the module is free for another host. */
  released(session: HostSession): void;
}

/**
 * One host on transport v3. A damaged packet is asked for again; a repeated Add gets the stored reply and is not
 * executed again; Req, Ack and Abort are harmless and answered afresh. Abort opens a new conversation, so it also
 * forgets the stored replies: a serial line does not tell when a new host program comes.
 */
export class SessionV3 implements HostSession {
  private readonly parser = new FrameParser();
  private readonly pipe: OutPipe;
  private kept: KeptReply[] = [];

  constructor(
    private readonly owner: SessionOwner,
    link: HostLink,
  ) {
    this.pipe = new OutPipe(link, owner.clock, owner.faults);
  }

  receive(bytes: Buffer): void {
    if (this.owner.faults.isHanging) return;
    for (const event of this.parser.push(spoil(this.owner.faults, bytes, 'in'))) {
      if (event.type === 'badCrc') this.pipe.send(repeatRequest(event.id));
      if (event.type === 'frame') this.take(event.id, event.data);
    }
  }

  closed(): void {
    this.pipe.close();
    this.owner.released(this);
  }

  /** A6 or A7 on the module's own initiative. */
  tell(reply: TaskReply): void {
    this.pipe.send(encodeFrame(ASYNC_PACKET_ID, encodeTaskReply(reply)));
  }

  private take(id: number, data: Buffer): void {
    if (data.length === 0) {
      const wanted = this.kept.find((reply) => reply.id === id);
      if (wanted) this.pipe.send(wanted.frame);
      return;
    }
    const request = readRequest(data);
    if (!request) return;
    if (request.type === 'abort') this.kept = [];
    const repeated =
      request.type === 'add' && this.kept.find((reply) => reply.id === id && reply.request.equals(data));
    if (repeated) return this.pipe.send(repeated.frame);
    const frame = encodeFrame(id, encodeTaskReply(this.owner.handle(request)));
    this.kept = this.kept.filter((reply) => reply.id !== id);
    this.kept.push({ id, request: data, frame });
    if (this.kept.length > KEPT_REPLIES) this.kept.shift();
    this.pipe.send(frame);
    this.owner.pump();
  }
}

function readRequest(data: Buffer): TaskRequest | undefined {
  try {
    return decodeTaskRequest(data);
  } catch {
    // Not understood: silence, as for any frame that is not for us.
    return undefined;
  }
}
