import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Req, Res } from '@nestjs/common';
import { IsString, IsUUID, Length, Matches } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { tokenHash } from '@kkt/security';
import { SessionStore } from '@kkt/storage';
import type { PersonView } from '@kkt/web-contract';
import {
  cabinetSession,
  type HttpReply,
  type HttpRequest,
  LoginService,
  notFound,
  SessionCookie,
  userAgent,
} from '@kkt/web-server';
import { type Caller, CallerOf, Open } from './session.guard';

class LoginDto {
  @IsString()
  @Matches(/^[a-z0-9+][a-z0-9._@+-]{0,99}$/i, { message: 'login has letters, digits and ._@+- only' })
  login!: string;

  @IsString()
  @Length(1, 256)
  password!: string;
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
    const account = await this.logins.check(
      { login: body.login, password: body.password, ...from },
      await this.sessions.personByLogin(body.login),
    );
    const [client] = await this.sessions.clientsOf(account.id);
    if (!client) throw new FarmError('CLIENT-RIGHTS', 'The person acts for no company');
    // A new id at each log-in; the one before, if any, is ended.
    const earlier = this.cookie.idHash(request);
    if (earlier) await this.sessions.end(earlier);
    const id = SessionCookie.newId();
    await this.sessions.openPersonSession({
      idHash: tokenHash(id),
      personId: account.id,
      clientId: client.id,
      absoluteS: cabinetSession.absoluteS,
      ...from,
    });
    await this.sessions.deleteEnded();
    reply.header('set-cookie', this.cookie.give(id, cabinetSession.absoluteS));
    return { name: account.name };
  }

  @Get()
  async show(@CallerOf() caller: Caller): Promise<PersonView> {
    return {
      login: caller.login,
      name: caller.name,
      role: caller.role,
      client: { id: caller.clientId, name: caller.clientName, inn: caller.clientInn },
      clients: await this.sessions.clientsOf(caller.personId),
      expiresAt: caller.expiresAt.toISOString(),
    };
  }

  /** Acts for another company of the same person from now on. */
  @Put('client')
  @HttpCode(204)
  async change(@CallerOf() caller: Caller, @Body() body: ClientDto): Promise<void> {
    if (!(await this.sessions.switchClient(caller.idHash, body.clientId))) throw notFound('company');
  }

  @Delete()
  @HttpCode(204)
  async close(@CallerOf() caller: Caller, @Res({ passthrough: true }) reply: HttpReply): Promise<void> {
    await this.sessions.end(caller.idHash);
    reply.header('set-cookie', this.cookie.take());
  }
}
