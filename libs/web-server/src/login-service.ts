import { FarmError, type Log } from '@kkt/contracts';
import { needsRehash, verifyPassword } from '@kkt/security';
import type { Account, Realm, SessionStore } from '@kkt/storage';

/** What is known about a browser that wants in. */
export interface LoginAttempt {
  login: string;
  password: string;
  address: string;
  agent: string;
}

const windowS = 15 * 60;
/** Wrong passwords in the window after which an account answers only "later", and an address too. */
const maxWrongOfAccount = 10;
const maxWrongOfAddress = 30;

/**
 * Checks a login and its password. An unknown login takes as long as a wrong password and is answered the same; after
 * many wrong ones the account and the address are slowed down for a while, whether the password is right or not.
 */
export class LoginService {
  constructor(
    private readonly realm: Realm,
    private readonly store: SessionStore,
    private readonly log: Log,
  ) {}

  /** @throws CLIENT-LOGIN, CLIENT-SLOW-DOWN */
  async check(attempt: LoginAttempt, account: Account | undefined): Promise<Account> {
    const { address, agent } = attempt;
    const who = account?.id ?? null;
    const note = (outcome: 'ok' | 'wrong' | 'disabled' | 'slowed') =>
      this.store.noteLogin({ realm: this.realm, who, outcome, address, agent });
    const wrong = await this.store.wrongLogins(this.realm, who, address, windowS);
    if (wrong.who >= maxWrongOfAccount || wrong.address >= maxWrongOfAddress) {
      await note('slowed');
      this.log.warn({ realm: this.realm, who, address }, 'log-in slowed down');
      throw new FarmError('CLIENT-SLOW-DOWN', 'Too many wrong passwords, try later');
    }
    const isRight = await verifyPassword(account?.passwordHash, attempt.password);
    if (!account || !isRight || account.disabled) {
      await note(account && isRight ? 'disabled' : 'wrong');
      this.log.info({ realm: this.realm, who, address }, 'log-in refused');
      throw new FarmError('CLIENT-LOGIN', 'Wrong login or password');
    }
    await note('ok');
    if (needsRehash(account.passwordHash)) this.log.warn({ who }, 'password hash has old parameters');
    return account;
  }
}
