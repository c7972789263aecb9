import { type Clock, FarmError, type Ids } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import { hashPassword, type Sealer, tokenHash, verifyPassword } from '@kkt/security';
import { AccountStore, CompanyStore, type Database, type PersonAccount, type Sql } from '@kkt/storage';
import {
  codeHash,
  codesAnHour,
  codeTries,
  codeValidS,
  type ConfirmationKind,
  newCode,
  newLinkToken,
  normalCode,
  spokenCode,
} from './confirmation';
import { normalEmail, normalPhone } from './contacts';
import { checkPassword } from './password-rules';
import { newRecoveryCodes, newTotpSecret, normalRecoveryCode, totpStep, totpUri } from './totp';

export interface SignUp {
  email: string;
  phone: string;
  password: string;
  companyName: string;
  /** Surname, name, patronymic; shown on documents. */
  fullName?: string;
  partnerCode?: string;
  offerVersion: string;
  address: string;
}

export interface AccountDeskParts {
  database: Database;
  clock: Clock;
  ids: Ids;
  /** Seals TOTP seeds. */
  sealer: Sealer;
  /** Key of the stored codes. */
  codeKey: Buffer;
  /** Where the cabinet is, for links in letters. */
  cabinetUrl: string;
}

const wrongCode = (): FarmError =>
  new FarmError('CLIENT-CODE', 'Код неверен или устарел. Запросите новый', { field: 'code' });

/**
 * What people do about their own accounts. What a stranger is told never says whether an account exists: the answer
 * is in the letter.
 */
export class AccountDesk {
  constructor(private readonly parts: AccountDeskParts) {}

  /**
   * Begins an account; it works once its e-mail is confirmed. For an address that has an account already the letter
   * says so instead.
   * @throws FarmError CLIENT-CONTACT, CLIENT-PASSWORD, CLIENT-OFFER, CLIENT-PARTNER with the field
   */
  async signUp(input: SignUp): Promise<void> {
    const email = normalEmail(input.email);
    const phone = normalPhone(input.phone);
    const name = input.fullName?.trim() || (email.split('@', 1)[0] ?? email);
    checkPassword(input.password, [email, phone, name, input.companyName]);
    const passwordHash = await hashPassword(input.password);
    await this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      if (!(await store.isCurrentOffer(input.offerVersion)))
        throw new FarmError('CLIENT-OFFER', 'Примите действующую редакцию оферты', { field: 'offerVersion' });
      const partnerId = input.partnerCode ? await store.partnerByCode(input.partnerCode.trim()) : null;
      if (partnerId === undefined)
        throw new FarmError('CLIENT-PARTNER', 'Партнёра с таким номером нет; поле можно оставить пустым', {
          field: 'partnerCode',
        });
      const known = await store.byEmail(email);
      if (known?.emailConfirmedAt) {
        await this.tellKnown(sql, known);
        return;
      }
      const id = known?.id ?? this.parts.ids.uuid();
      await store.begin({
        id,
        email,
        phone,
        name,
        passwordHash,
        companyName: input.companyName.trim(),
        partnerId,
      });
      await store.acceptOffer(id, input.offerVersion, input.address);
      await this.send(sql, { id, email, phone }, 'email');
    });
  }

  /** Sends a code again; says nothing about whether there is such an account. */
  async resend(emailTyped: string, kind: 'email' | 'reset'): Promise<void> {
    const email = normalEmail(emailTyped);
    await this.parts.database.transaction(async (sql) => {
      const person = await new AccountStore(sql).byEmail(email);
      const isDue = person && !person.disabled && (kind === 'reset') === (person.emailConfirmedAt !== null);
      if (person && isDue) await this.send(sql, person, kind);
    });
  }

  /** Recovery by phone: the code goes to the confirmed number. */
  async resetByPhone(phoneTyped: string): Promise<void> {
    const phone = normalPhone(phoneTyped);
    await this.parts.database.transaction(async (sql) => {
      const person = await new AccountStore(sql).byPhone(phone);
      if (person?.phoneConfirmedAt && !person.disabled) await this.send(sql, person, 'reset', 'phone');
    });
  }

  /** Confirms an e-mail by the code of its letter. The person may log in from now on. */
  async confirmEmail(emailTyped: string, code: string): Promise<PersonAccount> {
    const email = normalEmail(emailTyped);
    const person = await this.checked('email', code, (store) => store.byEmail(email));
    return this.emailConfirmed(person.id);
  }

  /** Confirms whatever the link in a letter stands for. */
  async confirmByLink(token: string): Promise<PersonAccount> {
    const personId = await this.parts.database.transaction((sql) =>
      new AccountStore(sql).useLink(tokenHash(token), 'email'),
    );
    if (!personId) throw wrongCode();
    return this.emailConfirmed(personId);
  }

  async askPhone(personId: string): Promise<void> {
    await this.parts.database.transaction(async (sql) => {
      const person = await new AccountStore(sql).byId(personId);
      if (person && !person.phoneConfirmedAt) await this.send(sql, person, 'phone');
    });
  }

  async confirmPhone(personId: string, code: string): Promise<void> {
    await this.checked('phone', code, (store) => store.byId(personId));
    await this.parts.database.transaction((sql) => new AccountStore(sql).phoneConfirmed(personId));
  }

  /**
   * Sets a new password by the code of a letter or a message; all sessions end. A second factor stays as it is.
   * @throws FarmError CLIENT-CODE, CLIENT-PASSWORD
   */
  async reset(loginTyped: string, code: string, password: string): Promise<void> {
    const byLogin = (store: AccountStore): Promise<PersonAccount | undefined> =>
      loginTyped.includes('@')
        ? store.byEmail(normalEmail(loginTyped))
        : store.byPhone(normalPhone(loginTyped));
    const known = await byLogin(new AccountStore(this.parts.database));
    checkPassword(password, [known?.email ?? loginTyped, known?.phone ?? '', known?.name ?? '']);
    const passwordHash = await hashPassword(password);
    const person = await this.checked('reset', code, byLogin);
    await this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      await store.setPassword(person.id, passwordHash);
      await store.endSessions(person.id);
      await this.tellChanged(sql, person, 'password');
    });
  }

  /**
   * Changes the password of somebody who is logged in; his other sessions end.
   * @throws FarmError CLIENT-PRESENT-PASSWORD when the present password is wrong
   */
  async changePassword(personId: string, present: string, next: string, keep: Buffer): Promise<void> {
    const person = await this.sure(personId, present);
    checkPassword(next, [person.email ?? '', person.phone ?? '', person.name]);
    const passwordHash = await hashPassword(next);
    await this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      await store.setPassword(personId, passwordHash);
      await store.endSessions(personId, keep);
      await this.tellChanged(sql, person, 'password');
    });
  }

  /** Begins the enrolment of an application; nothing changes until its first code is given. */
  async beginTotp(personId: string, password: string): Promise<{ secret: string; uri: string }> {
    const person = await this.sure(personId, password);
    const secret = newTotpSecret();
    await new AccountStore(this.parts.database).setPendingTotp(
      personId,
      this.parts.sealer.seal(secret, personId),
    );
    return { secret, uri: totpUri(secret, person.email ?? person.login) };
  }

  /** Ends the enrolment; the recovery codes are shown now and never again. */
  async confirmTotp(personId: string, code: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      const factor = await store.lockedTotp(personId);
      if (!factor?.pending)
        throw new FarmError('CLIENT-CODE', 'Начните подключение заново', { field: 'code' });
      const secret = this.parts.sealer.open(factor.pending, personId);
      const step = totpStep(secret, code, this.parts.clock.nowMs(), 0);
      if (step === undefined) throw wrongCode();
      const hashes = codes.map((one) => tokenHash(normalRecoveryCode(one)));
      await store.enableTotp(personId, factor.pending, step, hashes);
      const person = await store.byId(personId);
      if (person) await this.tellChanged(sql, person, 'second_factor');
    });
    return codes;
  }

  async disableTotp(personId: string, password: string, code: string): Promise<void> {
    const person = await this.sure(personId, password);
    if (!(await this.checkSecondFactor(personId, code))) throw wrongCode();
    await this.parts.database.transaction(async (sql) => {
      await new AccountStore(sql).disableTotp(personId);
      await this.tellChanged(sql, person, 'second_factor');
    });
  }

  async hasSecondFactor(personId: string): Promise<boolean> {
    return (await new AccountStore(this.parts.database).byId(personId))?.hasTotp ?? false;
  }

  /** Whether the code is right: of the application, or one of the recovery codes. Each works once. */
  async checkSecondFactor(personId: string, code: string): Promise<boolean> {
    return this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      const factor = await store.lockedTotp(personId);
      if (!factor?.sealed) return true;
      if (await store.tooManyFactorTries(personId)) return false;
      const secret = this.parts.sealer.open(factor.sealed, personId);
      const step = totpStep(secret, code.trim(), this.parts.clock.nowMs(), factor.lastStep);
      if (step !== undefined) {
        await store.usedStep(personId, step);
        return true;
      }
      if (await store.useRecoveryCode(personId, tokenHash(normalRecoveryCode(code)))) return true;
      await store.wrongFactor(personId);
      return false;
    });
  }

  /** A new company of a confirmed person, who becomes its owner. */
  async addCompany(personId: string, company: { name: string; inn: string }): Promise<string> {
    return this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      const person = await store.byId(personId);
      if (!person) throw new FarmError('CLIENT-SESSION', 'Log in first');
      const id = this.parts.ids.uuid();
      await store.addCompany({ id, ...company, ownerId: personId });
      return id;
    });
  }

  /** Joins a company by the code of an invitation. */
  async acceptInvitation(personId: string, code: string): Promise<{ clientId: string; companyName: string }> {
    return this.parts.database.transaction(async (sql) => {
      const companies = new CompanyStore(sql);
      const invitation = await companies.openInvitation(tokenHash(code));
      const person = await new AccountStore(sql).byId(personId);
      if (!invitation || person?.email !== invitation.email)
        throw new FarmError('CLIENT-INVITATION', 'Приглашение недействительно или выдано на другой адрес', {
          field: 'code',
        });
      await companies.accept(invitation, personId);
      return { clientId: invitation.clientId, companyName: invitation.companyName };
    });
  }

  private async emailConfirmed(personId: string): Promise<PersonAccount> {
    return this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      await store.emailConfirmed(personId);
      const person = await store.byId(personId);
      if (!person) throw wrongCode();
      return person;
    });
  }

  /** The present password again, before something sensitive. */
  private async sure(personId: string, password: string): Promise<PersonAccount> {
    const person = await new AccountStore(this.parts.database).byId(personId);
    const isRight = await verifyPassword(person?.passwordHash, password);
    if (!person || !isRight)
      throw new FarmError('CLIENT-PRESENT-PASSWORD', 'Пароль неверен', { field: 'password' });
    return person;
  }

  /** Checks a code and uses it up. A wrong try is counted also when this fails: it has a commit of its own. */
  private async checked(
    kind: ConfirmationKind,
    typed: string,
    who: (store: AccountStore) => Promise<PersonAccount | undefined>,
  ): Promise<PersonAccount> {
    const person = await this.parts.database.transaction(async (sql) => {
      const store = new AccountStore(sql);
      const found = await who(store);
      const open = found && (await store.openConfirmation(found.id, kind, codeTries));
      if (!found || !open) return undefined;
      const isRight = open.codeHash.equals(codeHash(this.parts.codeKey, open.id, normalCode(typed)));
      await store.tried(open.id, isRight);
      return isRight ? found : undefined;
    });
    if (!person) throw wrongCode();
    return person;
  }

  private async send(
    sql: Sql,
    person: Pick<PersonAccount, 'id' | 'email' | 'phone'>,
    kind: ConfirmationKind,
    by: 'email' | 'phone' = kind === 'phone' ? 'phone' : 'email',
  ): Promise<void> {
    const to = by === 'phone' ? person.phone : person.email;
    const store = new AccountStore(sql);
    if (!to || (await store.confirmationsOfHour(person.id, kind)) >= codesAnHour) return;
    const id = this.parts.ids.uuid();
    const code = newCode();
    const link = newLinkToken();
    await store.addConfirmation({
      id,
      personId: person.id,
      kind,
      codeHash: codeHash(this.parts.codeKey, id, code),
      linkHash: kind === 'email' ? tokenHash(link) : null,
      validS: codeValidS,
    });
    const common = {
      to: { kind: 'address', id: to },
      channel: by === 'phone' ? 'sms' : 'email',
      event: `confirmation:${id}`,
      expiresInS: codeValidS,
    } as const;
    const minutes = codeValidS / 60;
    if (kind === 'email')
      await notify(sql, {
        ...common,
        kind: 'account.confirm-email',
        // After the hash mark: it is never sent to a server, nor written into a log, by opening the page.
        params: { code: spokenCode(code), link: `${this.parts.cabinetUrl}/confirm#${link}`, minutes },
      });
    else
      await notify(sql, {
        ...common,
        kind: kind === 'phone' ? 'account.confirm-phone' : 'account.reset',
        params: { code: spokenCode(code), minutes },
      });
  }

  private async tellKnown(sql: Sql, person: PersonAccount): Promise<void> {
    if (!person.email) return;
    await notify(sql, {
      kind: 'account.known',
      params: { link: `${this.parts.cabinetUrl}/login` },
      to: { kind: 'address', id: person.email },
      channel: 'email',
      event: `account-known:${person.id}:${Math.floor(this.parts.clock.nowMs() / 3_600_000)}`,
    });
  }

  private async tellChanged(
    sql: Sql,
    person: PersonAccount,
    what: 'password' | 'second_factor',
  ): Promise<void> {
    if (!person.email) return;
    await notify(sql, {
      kind: what === 'password' ? 'account.password-changed' : 'account.factor-changed',
      params: {},
      to: { kind: 'address', id: person.email },
      channel: 'email',
      event: `account-changed:${person.id}:${what}:${this.parts.ids.uuid()}`,
    });
  }
}
