import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  UnauthorizedException,
} from '@nestjs/common';
import { Operator } from '../operator';
import { oneText, type HttpRequest } from './request';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a text is the key; takes as long whatever the text is. */
export const isKey = (given: string, apiKey: string): boolean =>
  timingSafeEqual(digest(given), digest(apiKey));

/** True when the request may read and change the enterprises' data. */
export function mayUseApi(request: HttpRequest, apiKey: string | undefined): boolean {
  // What a proxy on this machine hands on comes from elsewhere, whether the proxy is a trusted one or not.
  if (apiKey === undefined)
    return LOOPBACK.has(request.ip) && request.headers['x-forwarded-for'] === undefined;
  const given = oneText(request.headers['x-api-key']);
  return given !== undefined && isKey(given, apiKey);
}

/** Lets in whoever has the key in `X-Api-Key`; where no key is set, only this machine. */
export class ApiKeyGuard implements CanActivate {
  constructor(@Inject(Operator) private readonly operator: Operator) {}

  canActivate(context: ExecutionContext): boolean {
    const { apiKey } = this.operator.settings;
    if (mayUseApi(context.switchToHttp().getRequest<HttpRequest>(), apiKey)) return true;
    if (apiKey === undefined)
      throw new ForbiddenException('Set OFD_API_KEY to use the API from another machine');
    throw new UnauthorizedException('X-Api-Key is missing or wrong');
  }
}
