import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { verifyPassword } from '@kkt/security';
import { AccountStore, audited, SessionStore, StaffAccountStore } from '@kkt/storage';
import type { StaffAccountView } from '@kkt/web-contract';
import { moment, notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';
import { StaffFactorDesk } from './staff-factor';

class PasswordBody {
  @IsString()
  @Length(1, 256)
  password!: string;
}

class CodeBody {
  @IsString()
  @Length(6, 32)
  code!: string;
}

class DisableBody extends PasswordBody {
  @IsString()
  @Length(6, 32)
  code!: string;
}

class SessionParams {
  @Matches(/^[0-9a-f]{12}$/)
  name!: string;
}

/** One's own account: second factor, sessions, log-ins. The lead sees and ends sessions of everybody. */
@Controller('api/account')
export class AccountController {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(StaffFactorDesk) private readonly factor: StaffFactorDesk,
    @Inject(SessionStore) private readonly sessions: SessionStore,
  ) {}

  @Get()
  async read(@CallerOf() caller: Caller): Promise<StaffAccountView> {
    const { database } = this.parts;
    const mine = caller.role === 'lead' ? undefined : caller.staffId;
    const sessions = await new StaffAccountStore(database).sessions(caller.idHash, mine);
    const logins = await new AccountStore(database).logins(caller.staffId);
    return {
      hasTotp: await this.factor.isOn(caller.staffId),
      sessions: sessions.map(({ staffId: _, ...one }) => ({
        ...one,
        createdAt: moment(one.createdAt),
        seenAt: moment(one.seenAt),
        expiresAt: moment(one.expiresAt),
      })),
      logins: logins.slice(0, 20).map((one) => ({ ...one, at: moment(one.at) })),
    };
  }

  @Post('totp')
  async begin(
    @CallerOf() caller: Caller,
    @Body() { password }: PasswordBody,
  ): Promise<{ secret: string; uri: string }> {
    await this.sure(caller, password);
    return this.factor.begin(caller);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  async confirm(
    @CallerOf() caller: Caller,
    @Body() { code }: CodeBody,
  ): Promise<{ recoveryCodes: string[] }> {
    return { recoveryCodes: await this.factor.confirm(caller, code) };
  }

  @Post('totp/disable')
  @HttpCode(204)
  async disable(@CallerOf() caller: Caller, @Body() { password, code }: DisableBody): Promise<void> {
    await this.sure(caller, password);
    await this.factor.disable(caller, code);
  }

  @Delete('sessions/:name')
  @HttpCode(204)
  async end(@CallerOf() caller: Caller, @Param() { name }: SessionParams): Promise<void> {
    await audited(this.parts.database, async (sql) => {
      const mine = caller.role === 'lead' ? undefined : caller.staffId;
      const whose = await new StaffAccountStore(sql).endSession(name, mine);
      if (whose === undefined) throw notFound('session');
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: null,
          action: 'account.session-end',
          objectKind: 'staff',
          objectId: whose,
          requestId: correlationId(),
        },
      };
    });
  }

  /** @throws FarmError CLIENT-PASSWORD when the password is not the caller's */
  private async sure(caller: Caller, password: string): Promise<void> {
    const account = await this.sessions.staffByLogin(caller.login);
    if (!(await verifyPassword(account?.passwordHash, password)))
      throw new FarmError('CLIENT-PASSWORD', 'The password is wrong', { field: 'password' });
  }
}
