import { newRecoveryCodes, newTotpSecret, normalRecoveryCode, totpStep, totpUri } from '@kkt/accounts';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { type Sealer, tokenHash } from '@kkt/security';
import { type AuditEntry, audited, StaffAccountStore } from '@kkt/storage';
import type { ConsoleParts } from '../parts';

interface Member {
  staffId: string;
  login: string;
  name: string;
}

const wrongCode = (): FarmError =>
  new FarmError('CLIENT-CODE', 'The code is wrong or was used', { field: 'code' });

/** The second factor of the staff: codes by time, and recovery codes for a lost telephone. */
export class StaffFactorDesk {
  constructor(
    private readonly parts: ConsoleParts,
    private readonly sealer: Sealer,
  ) {}

  isOn(staffId: string): Promise<boolean> {
    return new StaffAccountStore(this.parts.database).hasFactor(staffId);
  }

  /** A new seed, not yet in force. */
  async begin(member: Member): Promise<{ secret: string; uri: string }> {
    const secret = newTotpSecret();
    await new StaffAccountStore(this.parts.database).setPending(
      member.staffId,
      this.sealer.seal(secret, member.staffId),
    );
    return { secret, uri: totpUri(secret, member.login) };
  }

  /** Puts the seed in force; the recovery codes are shown now and never again. */
  async confirm(member: Member, code: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await audited(this.parts.database, async (sql) => {
      const store = new StaffAccountStore(sql);
      const factor = await store.factor(member.staffId);
      if (!factor?.pending) throw new FarmError('CLIENT-CODE', 'Begin anew', { field: 'code' });
      const secret = this.sealer.open(factor.pending, member.staffId);
      const step = totpStep(secret, code.trim(), this.parts.clock.nowMs(), 0);
      if (step === undefined) throw wrongCode();
      await store.enable(
        member.staffId,
        factor.pending,
        step,
        codes.map((one) => tokenHash(normalRecoveryCode(one))),
      );
      return { result: undefined, entry: entryOf(member, 'account.totp-on') };
    });
    return codes;
  }

  async disable(member: Member, code: string): Promise<void> {
    if (!(await this.check(member.staffId, code))) throw wrongCode();
    await audited(this.parts.database, async (sql) => {
      await new StaffAccountStore(sql).disable(member.staffId);
      return { result: undefined, entry: entryOf(member, 'account.totp-off') };
    });
  }

  /** Whether the code is right: of the application, or one of the recovery codes. Each works once. */
  async check(staffId: string, code: string): Promise<boolean> {
    return this.parts.database.transaction(async (sql) => {
      const store = new StaffAccountStore(sql);
      const factor = await store.factor(staffId);
      if (!factor?.sealed) return true;
      if (await store.tooManyTries(staffId)) return false;
      const secret = this.sealer.open(factor.sealed, staffId);
      const step = totpStep(secret, code.trim(), this.parts.clock.nowMs(), factor.lastStep);
      if (step !== undefined) {
        await store.useStep(staffId, step);
        return true;
      }
      if (await store.useRecoveryCode(staffId, tokenHash(normalRecoveryCode(code)))) return true;
      await store.wrongCode(staffId);
      return false;
    });
  }
}

const entryOf = (member: Member, action: string): AuditEntry => ({
  actorKind: 'staff',
  actorId: member.staffId,
  actorName: member.name,
  clientId: null,
  action,
  objectKind: 'staff',
  objectId: member.login,
  requestId: correlationId(),
});
