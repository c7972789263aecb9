import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Req, Res } from '@nestjs/common';
import { IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { AccountDesk, normalLogin } from '@kkt/accounts';
import { rights } from '@kkt/company';
import { FarmError } from '@kkt/contracts';
import { SessionStore } from '@kkt/storage';
import type { PersonView } from '@kkt/web-contract';
import {
  type HttpReply,
  type HttpRequest,
  LoginService,
  notFound,
  SessionCookie,
  userAgent,
} from '@kkt/web-server';
import { OpenSessions } from '../account/open-sessions';
import { type Caller, CallerIfAny, Open, type Person, PersonOf } from './session.guard';

class LoginDto {
  @IsString()
  @Matches(/^[a-z0-9+(][a-z0-9._@+() -]{0,99}$/i, { message: 'login is an e-mail, a phone number or a name' })
  login!: string;

  @IsString()
  @Length(1, 256)
  password!: string;

  /** Of the application, or a recovery code; asked for with CLIENT-SECOND-FACTOR. */
  @IsOptional()
  @IsString()
  @Length(6, 32)
  code?: string;
}

class ClientDto {
  @IsUUID()
  clientId!: string;
}

/** Log-in, who am I and for which company, log-out. */
@Controller('api/session')
export class SessionController {
  constructor(
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(LoginService) private readonly logins: LoginService,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
    @Inject(AccountDesk) private readonly desk: AccountDesk,
    @Inject(OpenSessions) private readonly openSessions: OpenSessions,
  ) {}

  @Post()
  @Open()
  @HttpCode(200)
  async open(
    @Body() body: LoginDto,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<{ name: string }> {
    const from = { address: request.ip, agent: userAgent(request) };
    const login = normalLogin(body.login);
    const account = await this.logins.check(
      { login, password: body.password, ...from },
      await this.sessions.personByLogin(login),
    );
    if (!(await this.isSecondFactorRight(account.id, body.code)))
      throw new FarmError('CLIENT-SECOND-FACTOR', 'Введите код из приложения', { field: 'code' });
    await this.openSessions.open(account.id, request, reply);
    return { name: account.name };
  }

  @Get()
  async show(@PersonOf() person: Person, @CallerIfAny() caller: Caller | undefined): Promise<PersonView> {
    return {
      login: person.login,
      name: person.name,
      role: caller ? person.role : null,
      client: caller ? { id: caller.clientId, name: caller.clientName, inn: caller.clientInn } : null,
      clients: await this.sessions.clientsOf(person.personId),
      rights: caller ? rights.filter((right) => caller.access.canSomewhere(right)) : [],
      expiresAt: person.expiresAt.toISOString(),
    };
  }

  /** Acts for another company of the same person from now on. */
  @Put('client')
  @HttpCode(204)
  async change(@PersonOf() person: Person, @Body() body: ClientDto): Promise<void> {
    if (!(await this.sessions.switchClient(person.idHash, body.clientId))) throw notFound('company');
  }

  @Delete()
  @HttpCode(204)
  async close(@PersonOf() person: Person, @Res({ passthrough: true }) reply: HttpReply): Promise<void> {
    await this.sessions.end(person.idHash);
    reply.header('set-cookie', this.cookie.take());
  }

  /** Without a code it is only asked whether one is needed: that costs no try. */
  private async isSecondFactorRight(personId: string, code: string | undefined): Promise<boolean> {
    return code === undefined
      ? !(await this.desk.hasSecondFactor(personId))
      : this.desk.checkSecondFactor(personId, code);
  }
}
