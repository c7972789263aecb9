import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Problem } from '../http/problem';
import { headerOf, type HttpRequest } from '../http/types';
import { OwnApi } from '../own-api';
import type { Principal, Scope } from './scopes';

const scopeKey = 'own-api:scope';

/** The right a route asks for. A guarded route without one lets nobody in. */
export const Needs = (scope: Scope): MethodDecorator & ClassDecorator => SetMetadata(scopeKey, scope);

/** A request of our own API: who asks, once his key is known, and what he sent. */
export type KnownRequest = HttpRequest & { principal?: Principal; body?: unknown };

/** The owner of the key, in a guarded route. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<KnownRequest>();
  if (!principal) throw new Problem('key-required');
  return principal;
});

/** `Authorization: Bearer fk_live_…` with the right of the route, within the key's rate. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(private readonly api: OwnApi) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const scope = Reflect.getMetadata(scopeKey, context.getHandler()) as Scope | undefined;
    const principal = await this.identify(request);
    const limited = await this.api.limits.take(principal.keyId, principal.clientId);
    if (limited) {
      await this.api.gate.beforeRefusal(principal.keyId, request.raw);
      throw new Problem('too-many-requests', {
        retryAfterS: limited.retryAfterS,
        detail: limited.by === 'client' ? 'Предел запросов клиента' : 'Предел запросов ключа',
        detail_en: limited.by === 'client' ? 'The limit of the client' : 'The limit of the key',
      });
    }
    if (!scope || !principal.scopes.includes(scope)) {
      throw new Problem('scope-missing', {
        detail: `Нужно право ${scope ?? '—'}`,
        detail_en: `The right ${scope ?? '—'} is needed`,
      });
    }
    request.principal = principal;
    return true;
  }

  private async identify(request: HttpRequest): Promise<Principal> {
    const header = headerOf(request, 'authorization');
    if (header === undefined) throw new Problem('key-required');
    const text = /^Bearer +(\S{1,200})$/i.exec(header)?.[1];
    const principal = text === undefined ? undefined : await this.api.keys.principal(text, request.ip);
    if (principal?.isHere) return principal;
    if (principal) {
      this.api.log.warn(
        { event: 'key-elsewhere', keyId: principal.keyId, address: request.ip },
        'API key used from a network it is not for',
      );
      throw new Problem('address-not-allowed');
    }
    // Only wrong keys are counted: a stranger behind the same address cannot lock a right key out.
    const retryAfterS = this.api.wrongKeys.take(request.ip);
    if (retryAfterS > 0) throw new Problem('too-many-requests', { retryAfterS });
    this.api.log.warn({ event: 'key-refused', address: request.ip }, 'wrong API key');
    throw new Problem('key-invalid');
  }
}
