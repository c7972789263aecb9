import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { tokenHash } from '@kkt/security';
import { correlationId } from '@kkt/observability';
import { audited, SessionStore } from '@kkt/storage';
import type { StaffView } from '@kkt/web-contract';
import {
  consoleSession,
  type HttpReply,
  type HttpRequest,
  LoginService,
  SessionCookie,
  userAgent,
  wallSessionS,
} from '@kkt/web-server';
import { StaffFactorDesk } from '../account/staff-factor';
import { EmulatedHall } from '../demo/emulated-hall';
import { type ConsoleParts, PARTS } from '../parts';
import { type Caller, CallerOf, Open, Roles } from './session.guard';

class LoginDto {
  @IsString()
  @Matches(/^[a-z0-9][a-z0-9._@+-]{0,99}$/i, { message: 'login has letters, digits and ._@+- only' })
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

/** Log-in, who am I, log-out. */
@Controller('api/session')
export class SessionController {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(LoginService) private readonly logins: LoginService,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
    @Inject(EmulatedHall) private readonly hall: EmulatedHall,
    @Inject(StaffFactorDesk) private readonly factor: StaffFactorDesk,
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
      await this.sessions.staffByLogin(body.login),
    );
    // Without a code it is only asked whether one is needed: that costs no try.
    const isRight =
      body.code === undefined
        ? !(await this.factor.isOn(account.id))
        : await this.factor.check(account.id, body.code);
    if (!isRight)
      throw new FarmError('CLIENT-SECOND-FACTOR', 'The code of the application is needed', { field: 'code' });
    // A new id at each log-in; the one before, if any, is ended.
    const earlier = this.cookie.idHash(request);
    if (earlier) await this.sessions.end(earlier);
    const id = SessionCookie.newId();
    await this.sessions.openStaffSession({
      idHash: tokenHash(id),
      staffId: account.id,
      absoluteS: consoleSession.absoluteS,
      ...from,
    });
    await this.sessions.deleteEnded();
    reply.header('set-cookie', this.cookie.give(id, consoleSession.absoluteS));
    return { name: account.name };
  }

  @Get()
  show(@CallerOf() caller: Caller): StaffView {
    const { staffId, login, name, role, isWall, expiresAt } = caller;
    return {
      id: staffId,
      login,
      name,
      role,
      panel: this.hall.isThere,
      isWall,
      expiresAt: expiresAt.toISOString(),
    };
  }

  /** This browser becomes a screen on the wall: its session lasts a month and sees the wall pages alone. */
  @Post('wall')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  async giveScreen(
    @CallerOf() caller: Caller,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<void> {
    const id = SessionCookie.newId();
    const address = request.ip;
    await audited(this.parts.database, async (sql) => {
      const sessions = new SessionStore(sql);
      await sessions.end(caller.idHash);
      await sessions.openStaffSession({
        idHash: tokenHash(id),
        staffId: caller.staffId,
        absoluteS: wallSessionS,
        isWall: true,
        address,
        agent: userAgent(request),
      });
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: null,
          action: 'account.wall-begin',
          objectKind: 'staff',
          objectId: caller.staffId,
          after: { address },
          requestId: correlationId(),
        },
      };
    });
    reply.header('set-cookie', this.cookie.give(id, wallSessionS));
  }

  @Delete()
  @HttpCode(204)
  async close(@CallerOf() caller: Caller, @Res({ passthrough: true }) reply: HttpReply): Promise<void> {
    await this.sessions.end(caller.idHash);
    reply.header('set-cookie', this.cookie.take());
  }
}
