import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { Matches } from 'class-validator';
import { AccountDesk } from '@kkt/accounts';
import { FarmError } from '@kkt/contracts';
import { isInn } from '@kkt/ffd';
import { AccountStore, SessionStore } from '@kkt/storage';
import type { ProfileView } from '@kkt/web-contract';
import { moment, momentOrNull, notFound } from '@kkt/web-server';
import { type Person, PersonOf } from '../session/session.guard';
import {
  ChangePasswordDto,
  CodeDto,
  CompanyDto,
  DisableTotpDto,
  InvitationCodeDto,
  PasswordDto,
} from './account-dtos';

class SessionNameParam {
  @Matches(/^[0-9a-f]{12}$/)
  name!: string;
}

/** What a person sees and changes of his own account, whatever company he acts for. */
@Controller('api/profile')
export class ProfileController {
  constructor(
    @Inject(AccountDesk) private readonly desk: AccountDesk,
    @Inject(AccountStore) private readonly accounts: AccountStore,
    @Inject(SessionStore) private readonly sessionStore: SessionStore,
  ) {}

  @Get()
  async read(@PersonOf() person: Person): Promise<ProfileView> {
    const [account, sessions, logins] = await Promise.all([
      this.accounts.byId(person.personId),
      this.accounts.sessions(person.personId, person.idHash),
      this.accounts.logins(person.personId),
    ]);
    if (!account) throw notFound('account');
    return {
      login: account.login,
      name: account.name,
      email: account.email,
      phone: account.phone,
      emailConfirmedAt: momentOrNull(account.emailConfirmedAt),
      phoneConfirmedAt: momentOrNull(account.phoneConfirmedAt),
      companyName: account.companyName,
      hasTotp: account.hasTotp,
      sessions: sessions.map((one) => ({
        ...one,
        createdAt: moment(one.createdAt),
        seenAt: moment(one.seenAt),
        expiresAt: moment(one.expiresAt),
      })),
      logins: logins.map((one) => ({ ...one, at: moment(one.at) })),
    };
  }

  @Post('phone')
  @HttpCode(202)
  async askPhone(@PersonOf() person: Person): Promise<void> {
    await this.desk.askPhone(person.personId);
  }

  @Post('phone/confirm')
  @HttpCode(204)
  async confirmPhone(@PersonOf() person: Person, @Body() { code }: CodeDto): Promise<void> {
    await this.desk.confirmPhone(person.personId, code);
  }

  @Put('password')
  @HttpCode(204)
  async changePassword(@PersonOf() person: Person, @Body() body: ChangePasswordDto): Promise<void> {
    await this.desk.changePassword(person.personId, body.present, body.next, person.idHash);
  }

  @Post('totp')
  async beginTotp(
    @PersonOf() person: Person,
    @Body() { password }: PasswordDto,
  ): Promise<{ secret: string; uri: string }> {
    return this.desk.beginTotp(person.personId, password);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  async confirmTotp(
    @PersonOf() person: Person,
    @Body() { code }: CodeDto,
  ): Promise<{ recoveryCodes: string[] }> {
    return { recoveryCodes: await this.desk.confirmTotp(person.personId, code.replace(/\D/g, '')) };
  }

  @Post('totp/disable')
  @HttpCode(204)
  async disableTotp(@PersonOf() person: Person, @Body() body: DisableTotpDto): Promise<void> {
    await this.desk.disableTotp(person.personId, body.password, body.code);
  }

  @Delete('sessions/:name')
  @HttpCode(204)
  async endSession(@PersonOf() person: Person, @Param() { name }: SessionNameParam): Promise<void> {
    if (!(await this.accounts.endSession(person.personId, name))) throw notFound('session');
  }

  /** Adds a company and acts for it from now on. */
  @Post('companies')
  async addCompany(@PersonOf() person: Person, @Body() company: CompanyDto): Promise<{ id: string }> {
    if (!isInn(company.inn))
      throw new FarmError('CLIENT-COMPANY', 'ИНН с ошибкой: контрольные цифры не сходятся', { field: 'inn' });
    const id = await this.desk.addCompany(person.personId, { name: company.name.trim(), inn: company.inn });
    await this.sessionStore.switchClient(person.idHash, id);
    return { id };
  }

  @Post('invitations/accept')
  @HttpCode(200)
  async accept(
    @PersonOf() person: Person,
    @Body() { code }: InvitationCodeDto,
  ): Promise<{ companyName: string }> {
    const { clientId, companyName } = await this.desk.acceptInvitation(person.personId, code);
    await this.sessionStore.switchClient(person.idHash, clientId);
    return { companyName };
  }
}
