import { Inject, Injectable } from '@nestjs/common';
import { tokenHash } from '@kkt/security';
import { SessionStore } from '@kkt/storage';
import { cabinetSession, type HttpReply, type HttpRequest, SessionCookie, userAgent } from '@kkt/web-server';

/** Opens a session for somebody who has proven who he is, and gives the browser its cookie. */
@Injectable()
export class OpenSessions {
  constructor(
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
  ) {}

  async open(personId: string, request: HttpRequest, reply: HttpReply): Promise<void> {
    const [client] = await this.sessions.clientsOf(personId);
    // A new id at each log-in; the one before, if any, is ended.
    const earlier = this.cookie.idHash(request);
    if (earlier) await this.sessions.end(earlier);
    const id = SessionCookie.newId();
    await this.sessions.openPersonSession({
      idHash: tokenHash(id),
      personId,
      clientId: client?.id ?? null,
      absoluteS: cabinetSession.absoluteS,
      address: request.ip,
      agent: userAgent(request),
    });
    await this.sessions.deleteEnded();
    reply.header('set-cookie', this.cookie.give(id, cabinetSession.absoluteS));
  }
}
