import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FarmError } from '@kkt/contracts';
import { type PersonSession, SessionStore } from '@kkt/storage';
import { cabinetSession, type HttpRequest, SessionCookie } from '@kkt/web-server';

const OPEN = 'cabinet:open';

/** The one who asks, and the client he asks for. */
export interface Caller extends PersonSession {
  idHash: Buffer;
}

type CallerRequest = HttpRequest & { caller?: Caller };

/** No session needed. */
export const Open = (): MethodDecorator => SetMetadata(OPEN, true);

/** The caller of this request, for controllers. Its `clientId` is the only source of a tenant in this application. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new FarmError('CLIENT-SESSION', 'Log in first');
  return caller;
});

/** Everything but the door itself, health and metrics needs a live session. Closed unless said otherwise. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const path = request.url.split('?', 1)[0] ?? '';
    if (/^\/(health\/(live|ready)|metrics)$/.test(path)) return true;
    if (this.reflector.get<boolean | undefined>(OPEN, context.getHandler())) return true;
    const idHash = this.cookie.idHash(request);
    const session = idHash && (await this.sessions.personSession(idHash, cabinetSession.idleS));
    if (!idHash || !session) throw new FarmError('CLIENT-SESSION', 'Log in first');
    request.caller = { ...session, idHash };
    return true;
  }
}
