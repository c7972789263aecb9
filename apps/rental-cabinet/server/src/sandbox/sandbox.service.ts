import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { BillingDesk, moscowDay } from '@kkt/billing';
import { FarmError } from '@kkt/contracts';
import { makeRnm } from '@kkt/ffd';
import { hashPassword, newApiKey } from '@kkt/security';
import { ApiKeyStore, BillingStore, type Sandbox, SandboxStore, type Sql } from '@kkt/storage';
import type { FirstStepsView, MadeApiKey, SandboxCredentials } from '@kkt/web-contract';
import { moment, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';
import { noteOf } from '../session/audit-note';

/** ATOL Online v4 speaks FFD 1.05, v5 speaks FFD 1.2; values of tag 1209. */
const ffdOf = { 4: 2, 5: 4 } as const;
/** OSN, USN, USN less expenses, patent (tag 1062): examples with any of them work. */
const sandboxTaxSystems = 1 | 2 | 4 | 32;
/** All that a shop's program does; keys themselves are made here. */
const sandboxScopes = ['receipt:write', 'receipt:read', 'report:read', 'payment:write', 'payment:read'];
const defaultSite = 'https://shop.example';
const trialTariff = 'rent-with-operator-2026';
/** Without characters that look alike. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

const chance = (length: number): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('');

/** A new company's first group: a register from the stock, a week on trial, a login for the shop. */
@Injectable()
export class SandboxService {
  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {}

  async read(caller: Caller): Promise<FirstStepsView> {
    const box = await new SandboxStore(this.parts.database).ofClient(caller.clientId);
    // Whoever looks on is a chance to tell the operator, should it have been away.
    const isAnnounced = box ? await this.announce(box) : false;
    return {
      apiUrl: this.parts.apiUrl,
      mayMake: caller.access.can('registers:order', caller.access.rootId) && mayMakeKeys(caller),
      sandbox: box
        ? {
            groupCode: box.groupCode,
            protocol: box.protocol,
            inn: box.inn,
            paymentAddress: box.paymentAddress,
            taxSystems: sandboxTaxSystems,
            login: mayMakeKeys(caller) ? box.login : null,
            registerId: box.registerId,
            registerSerial: box.serial,
            isReady: box.registerState === 'ready',
            isAnnounced,
            hasToken: box.firstTokenAt !== null,
            trialTo: box.trialTo,
            firstReceipt: box.firstReceipt && {
              id: box.firstReceipt.id,
              at: moment(new Date(box.firstReceipt.at)),
            },
          }
        : null,
    };
  }

  /**
   * Makes the company's sandbox in one transaction; the operator is told of the register after it, and again at every
   * later look until it has taken notice.
   * @throws FarmError CLIENT-SANDBOX when there is one, CLIENT-NO-STOCK when no register is free
   */
  async make(caller: Caller, wish: { protocol: 4 | 5; site?: string }): Promise<SandboxCredentials> {
    const password = chance(20);
    const passwordHash = await hashPassword(password);
    const made = await this.parts.database.transaction((sql) => this.makeIn(sql, caller, wish, passwordHash));
    const box = await new SandboxStore(this.parts.database).ofClient(caller.clientId);
    if (box) await this.announce(box);
    return { ...made, password };
  }

  /** A new password for the sandbox's login; the old one and its tokens stop working. */
  async newPassword(caller: Caller): Promise<SandboxCredentials> {
    const box = await new SandboxStore(this.parts.database).ofClient(caller.clientId);
    if (!box?.login || !box.loginId) throw notFound('sandbox');
    const { groupCode, protocol, login, loginId } = box;
    const password = chance(20);
    const passwordHash = await hashPassword(password);
    await this.parts.database.transaction(async (sql) => {
      await new SandboxStore(sql).setPassword(loginId, passwordHash);
      await noteOf(sql, caller, 'api-login.password', loginId, { login });
    });
    return { groupCode, protocol, login, password };
  }

  /** A key for programs that speak the own API; the one before the last of the sandbox's keys is revoked. */
  async newKey(caller: Caller): Promise<MadeApiKey> {
    const { clientId } = caller;
    const box = await new SandboxStore(this.parts.database).ofClient(clientId);
    if (!box) throw notFound('sandbox');
    const key = newApiKey();
    await this.parts.database.transaction(async (sql) => {
      const keys = new ApiKeyStore(sql);
      const living = (await keys.ofClient(clientId)).filter(
        ({ name, revokedAt }) => name === box.groupCode && revokedAt === null,
      );
      for (const { id } of living.slice(1)) await keys.revoke(clientId, id);
      await keys.add({
        id: key.id,
        keyHash: key.hash,
        clientId,
        name: box.groupCode,
        scopes: sandboxScopes,
        groupCode: box.groupCode,
      });
      await noteOf(sql, caller, 'api-key.make', key.id, { name: box.groupCode });
    });
    return { id: key.id, key: key.text };
  }

  private async makeIn(
    sql: Sql,
    caller: Caller,
    { protocol, site }: { protocol: 4 | 5; site?: string },
    passwordHash: string,
  ): Promise<Omit<SandboxCredentials, 'password'>> {
    const { clientId } = caller;
    const store = new SandboxStore(sql);
    const id = await store.begin(clientId);
    if (id === undefined) throw new FarmError('CLIENT-SANDBOX', 'Песочница у компании уже есть');
    const operator = await store.operator(this.parts.operator.inn);
    if (!operator) throw new FarmError('SYS-OPERATOR', 'The operator of sandboxes is not in the directory');
    const ffd = ffdOf[protocol];
    const register = await store.lockFree(ffd);
    if (!register)
      throw new FarmError('CLIENT-NO-STOCK', 'Свободных касс сейчас нет. Попробуйте позже или напишите нам', {
        protocol,
      });
    const code = `sandbox-${chance(8)}`;
    const groupId = await store.addGroup({
      clientId,
      code,
      protocol,
      ffd,
      taxSystems: sandboxTaxSystems,
      paymentAddress: site ?? defaultSite,
      address: await store.addressOf(register.id),
      senderEmail: null,
      operatorId: operator.id,
    });
    if (groupId === undefined) throw new FarmError('SYS-SANDBOX', 'The group was not made', { clientId });
    const rnm = makeRnm(id, caller.clientInn, register.serial);
    await store.take(register, { clientId, groupId, rnm, ffd, operatorId: operator.id });
    const loginId = this.parts.ids.uuid();
    await store.addLogin({ id: loginId, clientId, login: code, passwordHash });
    await store.finish(id, { groupId, registerId: register.id, loginId });
    const billing = new BillingDesk((run) => run(new BillingStore(sql)), this.parts.ids);
    await billing.trial(clientId, register.id, trialTariff, moscowDay(this.parts.clock.nowMs()));
    await noteOf(sql, caller, 'sandbox.make', code, { protocol, serial: register.serial, rnm });
    return { groupCode: code, protocol, login: code };
  }

  /** Whether the operator knows the register. Its silence stops nobody: documents wait in the FN. */
  private async announce(box: Sandbox): Promise<boolean> {
    if (box.announcedAt) return true;
    const { clientId, rnm, fnNumber, inn, userName, serial, model, paymentAddress, address } = box;
    try {
      await this.parts.operator.registry.announce({
        rnm,
        fnNumber,
        inn,
        enterpriseName: userName,
        serial,
        model,
        place: paymentAddress,
        address,
      });
    } catch (error) {
      this.parts.log.warn({ err: error, serial, rnm }, 'the operator does not know a sandbox register yet');
      return false;
    }
    await new SandboxStore(this.parts.database).announced(clientId);
    return true;
  }
}

/** Keys of the whole company are made by those who hold the right in the whole company. */
const mayMakeKeys = (caller: Caller): boolean => caller.access.canEverywhere('integration:write');
