import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { SessionStore } from '@kkt/storage';
import {
  cabinetSession,
  type HttpReply,
  type HttpRequest,
  LiveFeed,
  type LiveTopic,
  openLiveStream,
} from '@kkt/web-server';
import { HomeService } from '../home/home.service';
import { type CabinetParts, PARTS } from '../parts';
import { ReceiptsService } from '../receipts/receipts.service';
import { RegistersService } from '../registers/registers.service';
import { type Caller, CallerOf, seesContacts, sightOf } from '../session/session.guard';

class StreamQuery {
  /** Names divided by commas. */
  @IsString()
  @Length(1, 500)
  topics!: string;
}

const maxTopics = 4;
const everyMs = 2_000;

/** One stream of changes for each open page: `home`, `registers`, `receipt:<uuid>`, of the caller's client only. */
@Controller('api/live')
export class LiveController {
  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(LiveFeed) private readonly feed: LiveFeed,
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(HomeService) private readonly home: HomeService,
    @Inject(RegistersService) private readonly registers: RegistersService,
    @Inject(ReceiptsService) private readonly receipts: ReceiptsService,
  ) {}

  @Get()
  open(
    @CallerOf() caller: Caller,
    @Query() query: StreamQuery,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): void {
    const names = [...new Set(query.topics.split(','))].slice(0, maxTopics);
    openLiveStream(request, reply, {
      feed: this.feed,
      clock: this.parts.clock,
      // People who see different things are read apart.
      scope: JSON.stringify([
        sightOf(caller, 'registers:read'),
        sightOf(caller, 'receipts:read'),
        seesContacts(caller),
      ]),
      topics: new Map(names.map((name) => [name, this.topic(caller, name)])),
      isSecure: this.parts.isSecure,
      isStillAllowed: async () =>
        (await this.sessions.personSession(caller.idHash, cabinetSession.idleS))?.clientId ===
        caller.clientId,
    });
  }

  private topic(caller: Caller, name: string): LiveTopic<unknown> {
    if (name === 'home') return { everyMs, load: () => this.home.read(sightOf(caller, 'registers:read')) };
    if (name === 'registers')
      return { everyMs, load: () => this.registers.list(sightOf(caller, 'registers:read')) };
    const id = /^receipt:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name)?.[1];
    if (id === undefined) throw new FarmError('CLIENT-TOPIC', 'No such live topic');
    return {
      everyMs: 1_000,
      load: () => this.receipts.read(sightOf(caller, 'receipts:read'), id, seesContacts(caller)),
    };
  }
}
