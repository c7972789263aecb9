import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { SessionStore } from '@kkt/storage';
import { consoleSession, type HttpReply, type HttpRequest, LiveFeed, openLiveStream } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';
import { Topics } from './topics';

class StreamQuery {
  /** Names divided by commas. */
  @IsString()
  @Length(1, 500)
  topics!: string;
}

const maxTopics = 8;

/** One stream of changes for each open page. */
@Controller('api/live')
export class LiveController {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(LiveFeed) private readonly feed: LiveFeed,
    @Inject(Topics) private readonly topics: Topics,
    @Inject(SessionStore) private readonly sessions: SessionStore,
  ) {}

  @Get()
  open(
    @CallerOf() caller: Caller,
    @Query() query: StreamQuery,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): void {
    const names = [...new Set(query.topics.split(','))].slice(0, maxTopics);
    const topics = new Map(
      names.map((name) => {
        const topic = this.topics.find(name);
        if (!topic) throw new FarmError('CLIENT-TOPIC', 'No such live topic');
        return [name, topic];
      }),
    );
    openLiveStream(request, reply, {
      feed: this.feed,
      clock: this.parts.clock,
      topics,
      isSecure: this.parts.isSecure,
      isStillAllowed: async () =>
        (await this.sessions.staffSession(caller.idHash, consoleSession.idleS)) !== undefined,
    });
  }
}
