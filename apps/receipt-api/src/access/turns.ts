import type { Clock, Timer } from '@kkt/contracts';

export interface TurnSettings {
  /** Longest wait for a turn; after it a request goes on without one. */
  waitMs: number;
  /** How long after a refusal a token has a quarter of its places. */
  narrowMs: number;
}

/** Tokens that are remembered as refused of late; the oldest are forgotten first. */
const maxNarrow = 10_000;

/** A request's place among those of its token that are worked on. */
interface Turn {
  token: string;
  hasEnded: boolean;
  waiting?: Waiting;
}

interface Waiting {
  go: () => void;
  timer: Timer;
}

/** What the requests of a token share. */
export interface Share {
  /** Requests that are worked on at once. */
  places: number;
  /** What the token may ask a second, on average. */
  perS: number;
}

interface Lane {
  atWork: number;
  /** In the order of their coming. */
  waiting: Set<Waiting>;
  share: Share;
  /** When the next one would begin if all began at an even pace. */
  evenMs: number;
  pause: Timer | undefined;
}

/**
 * Lets requests of one token be worked on a few at a time. A bucket that is full lets through hundreds at once, and who
 * comes beside them would wait for them all: in the event loop, in the commit, on the processor. Here they wait for each
 * other instead, before their bodies are read, and the request of another goes behind a few of them at most. They also
 * begin at twice the pace that the token may keep, after as many at once as it has places: so a full bucket is no heavier
 * on the others than steady work. A token that was refused of late keeps its very pace, on a quarter of its places: it
 * asks for more than it may have, so it is in no hurry of its own.
 */
export class Turns {
  private readonly lanes = new Map<string, Lane>();
  private readonly narrowUntilMs = new Map<string, number>();
  private readonly turns = new WeakMap<object, Turn>();

  constructor(
    private readonly clock: Clock,
    private readonly settings: TurnSettings,
  ) {}

  /**
   * Calls `go` when it is the request's turn: at once when few of its token are worked on. The turn is known by the
   * request (its raw message) and must be ended by {@link end}.
   */
  take(request: object, token: string, share: Share, go: () => void): void {
    const turn: Turn = { token, hasEnded: false };
    this.turns.set(request, turn);
    const known = this.lanes.get(token);
    const lane = known ?? { atWork: 0, waiting: new Set(), share, evenMs: -Infinity, pause: undefined };
    this.lanes.set(token, lane);
    lane.share = share;
    if (lane.waiting.size === 0 && this.pauseMs(token, lane) === 0) {
      this.begin(token, lane);
      return go();
    }
    const waiting: Waiting = {
      go,
      timer: this.clock.setTimer(this.settings.waitMs, () => this.goOn(token, lane, waiting)),
    };
    turn.waiting = waiting;
    lane.waiting.add(waiting);
    this.next(token, lane);
  }

  /** The request is answered, gone, or waits for its late refusal: the next one's turn. More calls change nothing. */
  end(request: object): void {
    const turn = this.turns.get(request);
    if (!turn || turn.hasEnded) return;
    turn.hasEnded = true;
    const lane = this.lanes.get(turn.token);
    if (!lane) return;
    if (turn.waiting && lane.waiting.delete(turn.waiting)) turn.waiting.timer.cancel();
    else lane.atWork -= 1;
    this.next(turn.token, lane);
  }

  /** The request's token was refused: it is narrowed for a while. */
  narrow(request: object): void {
    const token = this.turns.get(request)?.token;
    if (token === undefined) return;
    this.narrowUntilMs.delete(token);
    this.narrowUntilMs.set(token, this.clock.monotonicMs() + this.settings.narrowMs);
    for (const oldest of this.narrowUntilMs.keys()) {
      if (this.narrowUntilMs.size <= maxNarrow) break;
      this.narrowUntilMs.delete(oldest);
    }
  }

  private isNarrow(token: string): boolean {
    const untilMs = this.narrowUntilMs.get(token);
    if (untilMs === undefined) return false;
    if (untilMs > this.clock.monotonicMs()) return true;
    this.narrowUntilMs.delete(token);
    return false;
  }

  private placesOf(token: string, { share: { places } }: Lane): number {
    return this.isNarrow(token) ? Math.max(1, Math.floor(places / 4)) : places;
  }

  private gapMs(token: string, { share: { perS } }: Lane): number {
    return (this.isNarrow(token) ? 1_000 : 500) / perS;
  }

  /** How long until the next one may begin; infinite while every place is taken: then an end calls. */
  private pauseMs(token: string, lane: Lane): number {
    const places = this.placesOf(token, lane);
    if (lane.atWork >= places) return Infinity;
    const aheadMs = lane.evenMs - this.clock.monotonicMs() - (places - 1) * this.gapMs(token, lane);
    // A timer is no finer than a millisecond.
    return aheadMs >= 1 ? aheadMs : 0;
  }

  private begin(token: string, lane: Lane): void {
    lane.atWork += 1;
    lane.evenMs = Math.max(lane.evenMs, this.clock.monotonicMs()) + this.gapMs(token, lane);
  }

  private next(token: string, lane: Lane): void {
    lane.pause?.cancel();
    lane.pause = undefined;
    for (const waiting of lane.waiting) {
      const pauseMs = this.pauseMs(token, lane);
      if (pauseMs > 0) {
        if (pauseMs < Infinity) lane.pause = this.clock.setTimer(pauseMs, () => this.next(token, lane));
        return;
      }
      this.goOn(token, lane, waiting);
    }
    // The pace is forgotten when it is kept again.
    if (lane.atWork === 0 && lane.evenMs <= this.clock.monotonicMs()) this.lanes.delete(token);
    else if (lane.atWork === 0)
      lane.pause = this.clock.setTimer(lane.evenMs - this.clock.monotonicMs(), () => this.next(token, lane));
  }

  private goOn(token: string, lane: Lane, waiting: Waiting): void {
    waiting.timer.cancel();
    lane.waiting.delete(waiting);
    this.begin(token, lane);
    waiting.go();
  }
}
