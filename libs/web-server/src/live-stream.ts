import type { Clock } from '@kkt/contracts';
import type { HttpReply, HttpRequest } from './http';
import { assertOwnStream } from './same-origin';
import type { LiveFeed, LiveTopic } from './live-feed';
import { securityHeaders } from './security-headers';

export interface LiveStreamOptions {
  feed: LiveFeed;
  clock: Clock;
  /** Whose topics they are: those of different tenants are read apart though their names are alike. */
  scope?: string;
  /** Topics by the names the browser asked for. */
  topics: ReadonlyMap<string, LiveTopic<unknown>>;
  /** Asked again and again: a session that ended gets nothing more. */
  isStillAllowed: () => Promise<boolean>;
  isSecure: boolean;
}

const checkEveryMs = 30_000;
/** A reader that takes nothing for so many bytes is cut off: it will come again. */
const maxWaitingBytes = 4 * 1024 * 1024;

/**
 * Server-sent events: `full` and `patch` carry `{topic, at, data}`, `same` says that the topic was looked at and has not
 * changed, `away` that it could not be read.
 */
export function openLiveStream(request: HttpRequest, reply: HttpReply, options: LiveStreamOptions): void {
  assertOwnStream(request);
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    ...securityHeaders(options.isSecure),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 2000\n\n');

  const stops: (() => void)[] = [];
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    for (const stop of stops) stop();
    response.end();
  };
  const write = (text: string): void => {
    if (isOver) return;
    if (response.writableLength > maxWaitingBytes) finish();
    else response.write(text);
  };

  for (const [name, topic] of options.topics) {
    const head = `{"topic":${JSON.stringify(name)}`;
    stops.push(
      options.feed.watch(`${options.scope ?? ''}|${name}`, topic, (message) => {
        if (message.kind === 'away') write(`event: away\ndata: ${head}}\n\n`);
        else if (message.kind === 'same') write(`event: same\ndata: ${head},"at":${message.atMs}}\n\n`);
        else write(`event: ${message.kind}\ndata: ${head},"at":${message.atMs},"data":${message.data}}\n\n`);
      }),
    );
  }
  const check = (): void => {
    const timer = options.clock.setTimer(checkEveryMs, () => {
      options
        .isStillAllowed()
        .then((allowed) => (allowed ? check() : finish()))
        .catch(() => check());
    });
    stops.push(() => timer.cancel());
  };
  check();
  request.raw.on('close', finish);
  response.on('close', finish);
}
