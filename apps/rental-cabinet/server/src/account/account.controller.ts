import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { AccountDesk, normalLogin } from '@kkt/accounts';
import { FarmError } from '@kkt/contracts';
import { AccountStore } from '@kkt/storage';
import type { OfferView } from '@kkt/web-contract';
import type { HttpReply, HttpRequest } from '@kkt/web-server';
import { Open } from '../session/session.guard';
import { ConfirmEmailDto, ConfirmLinkDto, EmailDto, RecoverDto, ResetDto, SignUpDto } from './account-dtos';
import { OpenSessions } from './open-sessions';

/**
 * For people who are not logged in: sign-up, confirmation, recovery. None of these answers says whether an account
 * exists; how often one may ask is limited by the desk, by person and hour.
 */
@Controller('api/account')
export class AccountController {
  constructor(
    @Inject(AccountDesk) private readonly desk: AccountDesk,
    @Inject(AccountStore) private readonly accounts: AccountStore,
    @Inject(OpenSessions) private readonly sessions: OpenSessions,
  ) {}

  /** The offer as it is now; may be read before anything is filled in. */
  @Get('offer')
  @Open()
  async offer(): Promise<OfferView> {
    const offer = await this.accounts.currentOffer();
    if (!offer) throw new FarmError('SYS-OFFER', 'No offer is published');
    return offer;
  }

  @Post()
  @Open()
  @HttpCode(202)
  async signUp(@Body() body: SignUpDto, @Req() request: HttpRequest): Promise<{ next: 'confirm-email' }> {
    await this.desk.signUp({ ...body, address: request.ip });
    return { next: 'confirm-email' };
  }

  @Post('resend')
  @Open()
  @HttpCode(202)
  async resend(@Body() { email }: EmailDto): Promise<void> {
    await this.desk.resend(email, 'email');
  }

  /** The code of the letter; opens a session. */
  @Post('confirm')
  @Open()
  @HttpCode(200)
  async confirm(
    @Body() body: ConfirmEmailDto,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<{ name: string }> {
    const person = await this.desk.confirmEmail(body.email, body.code);
    await this.sessions.open(person.id, request, reply);
    return { name: person.name };
  }

  /** The link of the letter; opens a session. */
  @Post('confirm-link')
  @Open()
  @HttpCode(200)
  async confirmLink(
    @Body() { token }: ConfirmLinkDto,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<{ name: string }> {
    const person = await this.desk.confirmByLink(token);
    await this.sessions.open(person.id, request, reply);
    return { name: person.name };
  }

  /** Sends a code for a new password, to the e-mail or the confirmed phone that was given. */
  @Post('recover')
  @Open()
  @HttpCode(202)
  async recover(@Body() { login }: RecoverDto): Promise<void> {
    const normal = normalLogin(login);
    if (normal.includes('@')) await this.desk.resend(normal, 'reset');
    else await this.desk.resetByPhone(login);
  }

  @Post('reset')
  @Open()
  @HttpCode(204)
  async reset(@Body() { login, code, password }: ResetDto): Promise<void> {
    await this.desk.reset(login, code, password);
  }
}
