import { randomBytes } from 'node:crypto';
import { tokenHash } from '@kkt/security';
import { oneHeader, type HttpRequest } from './http';

/** How long a session lives. */
export interface SessionLimits {
  /** Without a request, seconds. */
  idleS: number;
  /** However busy, seconds. */
  absoluteS: number;
}

/** An engineer's shift of twelve hours; half an hour away from the desk. */
export const consoleSession: SessionLimits = { idleS: 60 * 60, absoluteS: 12 * 3600 };
/** A screen on the wall, which sees the wall pages alone: nobody should have to climb up to it every shift. */
export const wallSessionS = 30 * 86_400;
/** A client's working day, longer breaks: the cabinet shows, it hardly acts. */
export const cabinetSession: SessionLimits = { idleS: 4 * 3600, absoluteS: 24 * 3600 };

/**
 * The cookie that carries a session: 256 random bits, never readable by scripts, never sent from other sites.
 * Over TLS its name has the prefix `__Host-`, which browsers accept only with Secure, Path=/ and without Domain.
 * Each application has a name of its own: cookies do not know ports.
 */
export class SessionCookie {
  private readonly name: string;

  constructor(
    application: string,
    private readonly isSecure: boolean,
  ) {
    this.name = isSecure ? `__Host-${application}` : application;
  }

  /** A new id, told once. */
  static newId(): string {
    return randomBytes(32).toString('base64url');
  }

  /** SHA-256 of the id in the request's cookie; undefined without a well-formed one. */
  idHash(request: HttpRequest): Buffer | undefined {
    for (const part of (oneHeader(request, 'cookie') ?? '').split(';')) {
      const [name, value] = part.trim().split('=', 2);
      if (name === this.name && value && /^[A-Za-z0-9_-]{43}$/.test(value)) return tokenHash(value);
    }
    return undefined;
  }

  /** Value of `Set-Cookie` that gives a session to the browser. */
  give(id: string, maxAgeS: number): string {
    return `${this.name}=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${this.isSecure ? '; Secure' : ''}`;
  }

  /** Value of `Set-Cookie` that takes it away. */
  take(): string {
    return `${this.name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${this.isSecure ? '; Secure' : ''}`;
  }
}
