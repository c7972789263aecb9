import type { Clock, Log, Timer } from '@kkt/contracts';
import type { HttpReply, HttpRequest } from '../http/types';
import { Problem } from '../http/problem';

/** Something to be told: the data go as one JSON. */
export interface StreamMessage {
  event: string;
  id?: string;
  data: object;
}

export interface StreamOptions {
  request: HttpRequest;
  reply: HttpReply;
  clientId: string;
  everyMs: number;
  /** What is new since the last look; `isOver` ends the stream. */
  look: () => Promise<{ messages: StreamMessage[]; isOver?: boolean }>;
  /** Asked now and then: a revoked key hears nothing more. */
  isStillAllowed: () => Promise<boolean>;
}

const checkEveryMs = 15_000;
/** A reader that takes nothing for so many bytes is cut off: it will come again with its last id. */
const maxWaitingBytes = 1024 * 1024;

/** Server-sent events, each stream with looks of its own; few enough, by client and in all, to cost little. */
export class Streams {
  private readonly open = new Map<string, Set<() => void>>();
  private count = 0;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly limits: { perClient: number; all: number },
  ) {}

  start(options: StreamOptions): void {
    const { clientId, reply, request } = options;
    const own = this.open.get(clientId) ?? new Set();
    if (own.size >= this.limits.perClient || this.count >= this.limits.all)
      throw new Problem('too-many-requests', {
        retryAfterS: 30,
        detail: 'Открыто слишком много потоков',
        detail_en: 'Too many streams are open',
      });
    this.open.set(clientId, own);
    this.count += 1;
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 2000\n\n');
    let timer: Timer | undefined;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      timer?.cancel();
      own.delete(end);
      if (own.size === 0) this.open.delete(clientId);
      this.count -= 1;
      response.end();
    };
    own.add(end);
    let checkedMs = this.clock.monotonicMs();
    const turn = async (): Promise<void> => {
      if (isOver) return;
      try {
        if (this.clock.monotonicMs() - checkedMs > checkEveryMs) {
          if (!(await options.isStillAllowed())) return end();
          checkedMs = this.clock.monotonicMs();
          response.write(': still here\n\n');
        }
        const news = await options.look();
        if (isOver) return;
        for (const { event, id, data } of news.messages)
          response.write(
            `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
          );
        if (news.isOver || response.writableLength > maxWaitingBytes) return end();
      } catch (error) {
        this.log.warn({ err: error }, 'stream could not look for news');
      }
      if (!isOver) timer = this.clock.setTimer(options.everyMs, () => void turn());
    };
    request.raw.on('close', end);
    response.on('close', end);
    void turn();
  }

  /** Ends all streams: their readers come again, to another process. */
  stop(): void {
    for (const own of [...this.open.values()]) for (const end of [...own]) end();
  }
}
