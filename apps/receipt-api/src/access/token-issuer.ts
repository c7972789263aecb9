import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '@kkt/contracts';
import { newToken, tokenHash, verifyPassword } from '@kkt/security';
import type { ApiLogin, DirectoryStore } from '@kkt/storage';
import { LoginGuard } from './login-guard';

export type TokenAnswer =
  | { kind: 'issued'; token: string }
  | { kind: 'wrong' }
  | { kind: 'blocked' }
  | { kind: 'slow-down'; retryAfterS: number };

interface Proven {
  /** Stored hash that the password was checked against: another one means another password. */
  passwordHash: string;
  untilMs: number;
  token?: { text: string; reuseUntilMs: number };
}

const provenForMs = 10 * 60_000;
const maxProven = 20_000;

export interface TokenIssuerOptions {
  tokenLifetimeS: number;
  tokenReuseMs: number;
  maxWrongPasswords: number;
}

/**
 * Exchanges a login and password for a token. Some clients ask before every call, so a password that was proven lately is
 * not put through argon2 again (its keyed hash is kept in memory, under a key of this process), and the same token is
 * handed out for a minute; earlier tokens stay valid always.
 */
export class TokenIssuer {
  private readonly key = randomBytes(32);
  private readonly proven = new Map<string, Proven>();
  private readonly guard: LoginGuard;

  constructor(
    private readonly store: Pick<DirectoryStore, 'loginByName' | 'saveToken'>,
    private readonly clock: Clock,
    private readonly options: TokenIssuerOptions,
  ) {
    this.guard = new LoginGuard(clock, options.maxWrongPasswords);
  }

  /** Rejects with `SYS-BUSY` when too many passwords wait to be checked. */
  async issue(
    login: string,
    password: string,
    source: string | undefined,
    address: string,
  ): Promise<TokenAnswer> {
    const retryAfterS = this.guard.waitS(login, address);
    if (retryAfterS > 0) return { kind: 'slow-down', retryAfterS };
    const account = await this.store.loginByName(login);
    const memory = createHmac('sha256', this.key).update(`${login}\n${password}`).digest('base64');
    const proven = await this.prove(account, password, memory);
    if (!account || !proven) {
      this.guard.wrong(login, address);
      return { kind: 'wrong' };
    }
    this.guard.right(login, address);
    if (account.blocked) return { kind: 'blocked' };
    return { kind: 'issued', token: await this.tokenFor(account, proven, source) };
  }

  private async prove(
    account: ApiLogin | undefined,
    password: string,
    memory: string,
  ): Promise<Proven | undefined> {
    const nowMs = this.clock.monotonicMs();
    const known = this.proven.get(memory);
    if (account && known && known.passwordHash === account.passwordHash && known.untilMs > nowMs)
      return known;
    if (!(await verifyPassword(account?.passwordHash, password)) || !account) return undefined;
    const proven: Proven = { passwordHash: account.passwordHash, untilMs: nowMs + provenForMs };
    this.proven.delete(memory);
    this.proven.set(memory, proven);
    for (const oldest of this.proven.keys()) {
      if (this.proven.size <= maxProven) break;
      this.proven.delete(oldest);
    }
    return proven;
  }

  private async tokenFor(account: ApiLogin, proven: Proven, source: string | undefined): Promise<string> {
    const nowMs = this.clock.monotonicMs();
    if (proven.token && proven.token.reuseUntilMs > nowMs) return proven.token.text;
    const token = newToken();
    await this.store.saveToken({
      tokenHash: tokenHash(token),
      loginId: account.id,
      source,
      lifetimeS: this.options.tokenLifetimeS,
    });
    proven.token = { text: token, reuseUntilMs: nowMs + this.options.tokenReuseMs };
    return token;
  }
}
