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
import { SessionStore, type StaffRole, type StaffSession } from '@kkt/storage';
import { consoleSession, type HttpRequest, SessionCookie } from '@kkt/web-server';

const OPEN = 'console:open';
const ROLES = 'console:roles';

/** The one who asks. */
export interface Caller extends StaffSession {
  idHash: Buffer;
}

type CallerRequest = HttpRequest & { caller?: Caller };

/** No session needed. */
export const Open = (): MethodDecorator => SetMetadata(OPEN, true);
/** Only these roles; without it any of the staff may look. */
export const Roles = (...roles: StaffRole[]): MethodDecorator => SetMetadata(ROLES, roles);

/** Whom a door lets in: for a check over all doors. */
export const doorRule = (handler: object): { isOpen: boolean; roles: readonly StaffRole[] | undefined } => ({
  isOpen: Reflect.getMetadata(OPEN, handler) === true,
  roles: Reflect.getMetadata(ROLES, handler) as StaffRole[] | undefined,
});

/** The caller of this request, for controllers. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new FarmError('CLIENT-SESSION', 'Log in first');
  return caller;
});

/** Its own session, the two pages, and their live topics. */
function isForWall(url: string): boolean {
  const { pathname, searchParams } = new URL(url, 'http://console');
  if (pathname === '/api/session' || /^\/api\/wall\/[a-z]+$/.test(pathname)) return true;
  const topics = searchParams.getAll('topics').flatMap((text) => text.split(','));
  return pathname === '/api/live' && topics.length > 0 && topics.every((topic) => topic.startsWith('wall-'));
}

/** Everything but the door itself, health and metrics needs a live session of the staff. Closed unless said otherwise. */
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
    if (/^\/(health\/(live|ready)|metrics(\/registers)?)$/.test(path)) return true;
    if (this.reflector.get<boolean | undefined>(OPEN, context.getHandler())) return true;
    const idHash = this.cookie.idHash(request);
    const session = idHash && (await this.sessions.staffSession(idHash, consoleSession.idleS));
    if (!idHash || !session) throw new FarmError('CLIENT-SESSION', 'Log in first');
    if (session.isWall && !isForWall(request.url))
      throw new FarmError('CLIENT-RIGHTS', 'A screen on the wall sees the wall pages alone');
    request.caller = { ...session, idHash };
    const roles = this.reflector.get<StaffRole[] | undefined>(ROLES, context.getHandler());
    if (roles && !roles.includes(session.role)) {
      throw new FarmError('CLIENT-RIGHTS', `The role ${session.role} may not do this`);
    }
    return true;
  }
}
