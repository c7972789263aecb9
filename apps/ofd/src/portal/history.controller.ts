import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { maskContact } from '@kkt/documents';
import { BUYER_PAGE, BuyerStore } from '../buyers/buyer-store';
import { readContact } from '../buyers/contact';
import { oneText, type HttpReply, type HttpRequest } from '../http/request';
import { Operator } from '../operator';
import { codePage, contactPage, historyPage } from './history-page';
import type { Html } from '@kkt/web-server';
import { page } from './layout';
import { LookupLimit } from './lookup-limit';
import { languageOf } from './language';
import { textsOf, type Texts } from './texts';

const COOKIE = 'buyer';
const SESSION_S = 30 * 86_400;
/** Where the last page ended: moment, FN, FD. */
const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{16})\.(\d{1,8})$/;

/** The buyer's own receipts, shown to whoever proves the contact they were sent to. */
@Controller('history')
export class HistoryController {
  constructor(
    @Inject(Operator) private readonly operator: Operator,
    @Inject(BuyerStore) private readonly buyers: BuyerStore,
    @Inject(LookupLimit) private readonly limit: LookupLimit,
  ) {}

  @Get()
  async show(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const texts = this.texts(request);
    const session = await this.buyers.session(secretOf(request));
    if (!session) return this.send(reply, texts, contactPage(texts, { contact: '' }));
    const [, at, fnNumber, fd] = CURSOR.exec(oneText(request.query.before) ?? '') ?? [];
    const before = at && fnNumber ? { at, fnNumber, fdNumber: Number(fd) } : undefined;
    const receipts = await this.buyers.receipts(session, before);
    const last = receipts.length === BUYER_PAGE ? receipts.at(-1) : undefined;
    const next = last && `${last.at}.${last.fnNumber}.${last.fdNumber}`;
    this.send(reply, texts, historyPage(texts, { contact: session.contactShown, receipts, next }));
  }

  @Post('code')
  @HttpCode(200)
  async code(@Body() body: unknown, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const texts = this.texts(request);
    const given = fieldOf(body, 'contact');
    const contact = readContact(given);
    const again = (problem: string, status: number): void =>
      this.send(reply, texts, contactPage(texts, { contact: given, problem }), status);
    if (!contact) return again(texts.badContact, 400);
    if (!this.limit.allows(request.ip)) return again(texts.tooMany, 429);
    try {
      await this.buyers.sendCode(
        contact,
        this.operator.settings.operatorName,
        texts.language === 'en' ? 'en' : 'ru',
      );
    } catch (error) {
      if (!(error instanceof FarmError) || !error.code.startsWith('CLIENT-')) throw error;
      const isOften = error.code === 'CLIENT-CODE-OFTEN';
      return again(isOften ? texts.codeOften : texts.codeOff, isOften ? 429 : 503);
    }
    this.send(reply, texts, codePage(texts, { contact: contact.text }));
  }

  @Post('enter')
  @HttpCode(200)
  async enter(@Body() body: unknown, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const texts = this.texts(request);
    const contact = readContact(fieldOf(body, 'contact'));
    if (!contact) return this.send(reply, texts, contactPage(texts, { contact: '' }), 400);
    const secret = this.limit.allows(request.ip)
      ? await this.buyers.enter(contact, fieldOf(body, 'code'), maskContact(contact.text))
      : undefined;
    if (!secret)
      return this.send(reply, texts, codePage(texts, { contact: contact.text, problem: texts.badCode }), 403);
    reply.header('set-cookie', cookie(secret, SESSION_S));
    reply.redirect('/history', 303);
  }

  @Post('leave')
  async leave(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const secret = secretOf(request);
    if (secret) await this.buyers.leave(secret);
    reply.header('set-cookie', cookie('', 0));
    reply.redirect('/', 303);
  }

  private texts(request: HttpRequest): Texts {
    return textsOf(languageOf(request));
  }

  private send(reply: HttpReply, texts: Texts, body: Html, status = 200): void {
    reply
      .status(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(
        page({
          texts,
          operatorName: this.operator.settings.operatorName,
          title: texts.historyTitle,
          otherLanguageUrl: `/?lang=${texts.language === 'ru' ? 'en' : 'ru'}`,
          body,
        }),
      );
  }
}

/** Strict: another site's form cannot act for the buyer. */
const cookie = (secret: string, maxAgeS: number): string =>
  `${COOKIE}=${secret}; Path=/history; Max-Age=${maxAgeS}; SameSite=Strict; HttpOnly`;

const secretOf = (request: HttpRequest): string | undefined =>
  /(?:^|; )buyer=([\w-]{20,64})/.exec(oneText(request.headers.cookie) ?? '')?.[1];

function fieldOf(body: unknown, name: string): string {
  const value =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value.trim().slice(0, 64) : '';
}
