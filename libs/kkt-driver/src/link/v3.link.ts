import {
  ASYNC_PACKET_ID,
  encodeFrame,
  FrameParser,
  isRepeatRequest,
  LAST_PACKET_ID,
  nextPacketId,
  repeatRequest,
  type FrameEvent,
} from '@kkt/atol-protocol';
import { FarmError, type Clock, type Timer } from '@kkt/contracts';
import type { LinkCounters } from '../device';
import type { Wire } from '../transports/wire';
import { Slots } from './slots';

export interface V3LinkOptions {
  wire: Wire;
  clock: Clock;
  counters: LinkCounters;
  /** Packets that may be without a reply at once. Default 8. */
  windowFrames?: number;
  /** How long a reply is awaited before the same bytes are sent again. Default 700. */
  replyTimeoutMs?: number;
  /** How often one packet is sent in all. Default 5. */
  maxSends?: number;
  /**
   * Id of the first packet, 00..DF. A device answers a repeated id from memory, so a new session should not begin where
   * the last one ended: pass something that differs.
   */
  firstId?: number;
}

/**
 * How a request ended: the reply's data (the receiver may keep it), or the reason there is none.
 * `sends` over 1: the device may have received the packet more than once.
 */
export type OnReply = (reply: Buffer | undefined, error: FarmError | undefined, sends: number) => void;

interface Flight {
  id: number;
  what: string;
  bytes: Buffer;
  onReply: OnReply;
  sends: number;
  repeatsAsked: number;
  sentAtMs: number;
  waitMs: number;
}

interface Waiting {
  what: string;
  data: Buffer;
  onReply: OnReply;
}

const MAX_REPEATS_ASKED = 3;
const nothing = (): void => undefined;

/**
 * Packets of transport v3 over a wire: numbered requests, several of them under way, each reply found by its id.
 *
 * A reply that came damaged is asked for again by an empty packet with its id; a packet without a reply is sent again,
 * the same bytes under the same id, a limited number of times. Both are the protocol's own means and do not execute
 * anything twice as long as the device remembers the id; callers for whom that is not enough look at `sends`.
 * Packets made in one turn go out in one write. Source: atol-protocol facts, 1.1–1.3.
 */
export class V3Link {
  /** Packet F0: what the device says on its own initiative. */
  onAsync: (data: Buffer) => void = nothing;
  /** Something came that could not be read: it may have been an asynchronous packet, which is never asked for again. */
  onDamage: () => void = nothing;
  /** The link is down, by loss or by `close`; requests under way have been told already. */
  onDown: (error: FarmError) => void = nothing;
  /** The link is down and nobody asked for it. */
  onLost: (error: FarmError) => void = nothing;
  private readonly parser = new FrameParser();
  private readonly flights = new Slots<Flight>();
  private bytesUnderWay = 0;
  private waiting: Waiting[] = [];
  private outbox: Buffer[] = [];
  private isFlushing = false;
  private isOpen = false;
  private timer: Timer | undefined;
  private lastId: number;

  constructor(private readonly options: V3LinkOptions) {
    this.lastId = ((options.firstId ?? 0) + LAST_PACKET_ID) % (LAST_PACKET_ID + 1);
    const { wire } = options;
    wire.onData = (chunk) => this.receive(chunk);
    wire.onLost = (error) => this.lose(error);
  }

  get name(): string {
    return this.options.wire.name;
  }

  async open(signal: AbortSignal): Promise<void> {
    this.parser.reset();
    await this.options.wire.open(signal);
    this.isOpen = true;
  }

  /** Ends every wait with `WIRE-CLOSED` and frees the port. */
  async close(): Promise<void> {
    if (this.isOpen)
      this.fail(new FarmError('WIRE-CLOSED', 'The link was closed by us', { wire: this.name }));
    await this.options.wire.close();
  }

  /** Sends one packet as soon as the window has room; `what` names the wait in its error. */
  request(data: Buffer, what: string, onReply: OnReply): void {
    if (!this.isOpen) {
      onReply(undefined, new FarmError('WIRE-CLOSED', `Link is closed: ${what}`, { wire: this.name }), 0);
      return;
    }
    if (this.flights.size < (this.options.windowFrames ?? 8)) this.launch(data, what, onReply);
    else this.waiting.push({ data, what, onReply });
  }

  /**
   * Forgets every request, sent or not, without telling its owner: none of them will be sent again. For an owner that has
   * given up a series of commands and must be sure that no packet of it follows the Abort.
   */
  dropRequests(): void {
    this.flights.clear();
    this.bytesUnderWay = 0;
    this.waiting = [];
    this.timer?.cancel();
    this.timer = undefined;
  }

  private launch(data: Buffer, what: string, onReply: OnReply): void {
    let id = nextPacketId(this.lastId);
    while (this.flights.get(id)) id = nextPacketId(id);
    this.lastId = id;
    const flight: Flight = {
      id,
      what,
      bytes: encodeFrame(id, data),
      onReply,
      sends: 0,
      repeatsAsked: 0,
      sentAtMs: 0,
      waitMs: 0,
    };
    this.flights.set(id, flight);
    this.bytesUnderWay += flight.bytes.length;
    this.send(flight);
  }

  private send(flight: Flight): void {
    const { clock, wire, replyTimeoutMs = 700 } = this.options;
    flight.sends += 1;
    flight.sentAtMs = clock.monotonicMs();
    flight.waitMs = replyTimeoutMs;
    // On a slow line a reply waits until everything under way has gone through, there and back.
    if (wire.bytesPerSecond !== undefined) {
      flight.waitMs += Math.ceil((2 * this.bytesUnderWay * 1000) / wire.bytesPerSecond);
    }
    this.put(flight.bytes);
    this.timer ??= clock.setTimer(flight.waitMs, () => this.onTimer());
  }

  private land(flight: Flight): void {
    this.flights.delete(flight.id);
    this.bytesUnderWay -= flight.bytes.length;
  }

  private put(bytes: Buffer): void {
    this.outbox.push(bytes);
    this.options.counters.framesSent += 1;
    if (this.isFlushing) return;
    this.isFlushing = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.isFlushing = false;
    const [first, second] = this.outbox;
    if (!this.isOpen || !first) return;
    const bytes = second ? Buffer.concat(this.outbox) : first;
    this.outbox = [];
    this.options.counters.bytesSent += bytes.length;
    this.options.wire.write(bytes);
  }

  private receive(chunk: Buffer): void {
    this.options.counters.bytesReceived += chunk.length;
    for (const event of this.parser.push(chunk)) {
      if (!this.isOpen) return;
      this.take(event);
    }
    this.fillWindow();
  }

  private take(event: FrameEvent): void {
    const { counters } = this.options;
    switch (event.type) {
      case 'discarded':
        counters.noiseBytes += event.bytes;
        this.onDamage();
        return;
      case 'badCrc':
        counters.crcErrors += 1;
        this.askAgain(event.id);
        this.onDamage();
        return;
      case 'frame':
        counters.framesReceived += 1;
        if (event.id === ASYNC_PACKET_ID) return this.onAsync(event.data);
        if (isRepeatRequest(event)) return this.serveRepeat(event.id);
        return this.answer(event.id, event.data);
    }
  }

  private answer(id: number, data: Buffer): void {
    const flight = this.flights.get(id);
    if (!flight) {
      this.options.counters.staleFrames += 1;
      return;
    }
    this.land(flight);
    flight.onReply(data, undefined, flight.sends);
  }

  private askAgain(id: number): void {
    const flight = this.flights.get(id);
    if (!flight || flight.repeatsAsked >= MAX_REPEATS_ASKED) return;
    flight.repeatsAsked += 1;
    this.options.counters.repeatsAsked += 1;
    this.put(repeatRequest(id));
  }

  private serveRepeat(id: number): void {
    const flight = this.flights.get(id);
    const { counters, maxSends = 5 } = this.options;
    if (!flight) {
      counters.staleFrames += 1;
      return;
    }
    if (flight.sends >= maxSends) return;
    counters.repeatsServed += 1;
    this.send(flight);
  }

  /** One timer serves all flights: it looks at the oldest wait and sets itself again. */
  private onTimer(): void {
    const { clock, counters, maxSends = 5 } = this.options;
    this.timer = undefined;
    const now = clock.monotonicMs();
    let nextMs = Infinity;
    for (const flight of this.flights.all()) {
      const leftMs = flight.sentAtMs + flight.waitMs - now;
      if (leftMs > 0) {
        nextMs = Math.min(nextMs, leftMs);
      } else if (flight.sends < maxSends) {
        counters.resends += 1;
        this.send(flight);
      } else {
        this.land(flight);
        flight.onReply(undefined, this.silence(flight), flight.sends);
      }
    }
    if (!this.isOpen) return;
    if (nextMs < Infinity) this.timer ??= clock.setTimer(nextMs, () => this.onTimer());
    this.fillWindow();
  }

  private silence(flight: Flight): FarmError {
    return new FarmError('WIRE-SILENCE', `No reply to ${flight.what}`, {
      wire: this.name,
      packetId: flight.id,
      sends: flight.sends,
      lastWaitMs: flight.waitMs,
    });
  }

  /**
   * Refills the window when half of it is free: packets then leave in twos and fours, not one by one behind each reply, and
   * a write to a socket costs more than everything else done for a packet.
   */
  private fillWindow(): void {
    const { windowFrames = 8 } = this.options;
    if (this.flights.size * 2 > windowFrames) return;
    while (this.waiting.length > 0 && this.flights.size < windowFrames) {
      const next = this.waiting.shift();
      if (next) this.launch(next.data, next.what, next.onReply);
    }
  }

  private lose(error: FarmError): void {
    if (!this.isOpen) return;
    this.fail(error);
    this.onLost(error);
  }

  private fail(error: FarmError): void {
    this.isOpen = false;
    this.timer?.cancel();
    this.timer = undefined;
    this.outbox = [];
    const flights = this.flights.all();
    const waiting = this.waiting;
    this.flights.clear();
    this.bytesUnderWay = 0;
    this.waiting = [];
    for (const { onReply, sends } of flights) onReply(undefined, error, sends);
    // Never sent: the device knows nothing of them.
    for (const { onReply } of waiting) onReply(undefined, error, 0);
    this.onDown(error);
  }
}
