import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Access, Right } from '@kkt/company';
import { FarmError } from '@kkt/contracts';
import { type ClientSight, CompanyStore, type PersonSession, SessionStore } from '@kkt/storage';
import { cabinetSession, type HttpRequest, SessionCookie } from '@kkt/web-server';

const OPEN = 'cabinet:open';

/** Somebody who is logged in. */
export interface Person extends PersonSession {
  idHash: Buffer;
}

/** Somebody who is logged in and acts for a company. */
export interface Caller extends Pick<Person, 'personId' | 'login' | 'name' | 'expiresAt' | 'idHash'> {
  clientId: string;
  clientName: string;
  clientInn: string;
  /** What he may do in this company, where. */
  access: Access;
}

/** Which groups of registers a caller has a right over; everything of his client when he has it everywhere. */
export const sightOf = (caller: Caller, right: Right): ClientSight => ({
  clientId: caller.clientId,
  groupIds: caller.access.canEverywhere(right) ? null : caller.access.groups(right),
});

/** Whether buyers' contacts are shown to him in full. */
export const seesContacts = (caller: Caller): boolean => caller.access.canEverywhere('receipts:contacts');

type CabinetRequest = HttpRequest & { person?: Person; caller?: Caller };

/** No session needed. */
export const Open = (): MethodDecorator => SetMetadata(OPEN, true);

/** The person of this request, who may have no company yet. */
export const PersonOf = createParamDecorator((_: unknown, context: ExecutionContext): Person => {
  const { person } = context.switchToHttp().getRequest<CabinetRequest>();
  if (!person) throw new FarmError('CLIENT-SESSION', 'Log in first');
  return person;
});

/** The caller of this request, for controllers. Its `clientId` is the only source of a tenant in this application. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CabinetRequest>();
  if (!caller)
    throw new FarmError('CLIENT-COMPANY-NEEDED', 'Сначала добавьте компанию или примите приглашение');
  return caller;
});

/** The caller of this request, or undefined while the person has no company. */
export const CallerIfAny = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller | undefined =>
    context.switchToHttp().getRequest<CabinetRequest>().caller,
);

/** Everything but the door itself, health and metrics needs a live session. Closed unless said otherwise. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
    @Inject(CompanyStore) private readonly companies: CompanyStore,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CabinetRequest>();
    const path = request.url.split('?', 1)[0] ?? '';
    if (/^\/(health\/(live|ready)|metrics)$/.test(path)) return true;
    if (this.reflector.get<boolean | undefined>(OPEN, context.getHandler())) return true;
    const idHash = this.cookie.idHash(request);
    const session = idHash && (await this.sessions.personSession(idHash, cabinetSession.idleS));
    if (!idHash || !session) throw new FarmError('CLIENT-SESSION', 'Log in first');
    request.person = { ...session, idHash };
    request.caller = await this.callerOf(request.person);
    return true;
  }

  private async callerOf(person: Person): Promise<Caller | undefined> {
    const { personId, login, name, expiresAt, idHash, clientId, clientName, clientInn } = person;
    if (clientId === null || clientName === null || clientInn === null) return undefined;
    const access = await this.companies.access(personId, clientId);
    return access && { personId, login, name, expiresAt, idHash, clientId, clientName, clientInn, access };
  }
}
