import { createHmac, timingSafeEqual } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Html } from '@kkt/web-server';
import { isKey, mayUseApi } from '../http/api-key.guard';
import { oneText, type HttpReply, type HttpRequest } from '../http/request';
import { Operator } from '../operator';
import { REPORT_KINDS } from '../storage/report-reader';
import { type BusinessPage, type BusinessQuery, enterPage, registryPage, reportPage } from './business-page';
import { businessTexts } from './business-texts';
import { languageOf } from './language';
import { message, page } from './layout';
import { LookupLimit } from './lookup-limit';
import { textsOf, type Texts } from './texts';

const MAX_ROWS = 500;
const MAX_ENTERPRISES = 1_000;
const MAX_DAYS = 366;
/** Days that a first look shows. */
const USUAL_DAYS = 14;
const DAY_MS = 86_400_000;
const SESSION_S = 12 * 3_600;

/** Business reports and the registry of KKTs for whoever has the key of the enterprises' API. */
@Controller('business')
export class BusinessController {
  constructor(
    @Inject(Operator) private readonly operator: Operator,
    @Inject(LookupLimit) private readonly limit: LookupLimit,
  ) {}

  @Get()
  async show(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const texts = this.texts(request, reply);
    const words = businessTexts(texts.language);
    const { apiKey } = this.operator.settings;
    const isEntered = apiKey !== undefined && isPass(request, apiKey, this.nowS());
    if (!isEntered && !mayUseApi(request, apiKey)) {
      if (apiKey !== undefined) return this.send(request, reply, texts, enterPage(words));
      return this.send(request, reply, texts, message(words.onlyHere, words.onlyHereHint, texts), 403);
    }
    const query = this.readQuery(request);
    const { registry, reports } = this.operator;
    const enterprises = await registry.listEnterprises(MAX_ENTERPRISES, 0);
    const about: BusinessPage = { texts, words, query, enterprises, isEntered };
    if (query.kind === 'registry') {
      const kkts = await registry.listKkts({ inn: query.inn, limit: MAX_ROWS, offset: 0 });
      return this.send(request, reply, texts, registryPage(about, kkts, MAX_ROWS));
    }
    const filter = {
      inn: query.inn,
      from: query.from,
      to: dayAfter(query.to),
      limit: MAX_ROWS,
    };
    const [days, rows] = query.isPeriodRight
      ? await Promise.all([reports.report('days', filter), reports.report(query.kind, filter)])
      : [[], []];
    this.send(request, reply, texts, reportPage(about, { rows, days, limit: MAX_ROWS }));
  }

  @Post('enter')
  @HttpCode(200)
  enter(@Body() body: unknown, @Req() request: HttpRequest, @Res() reply: HttpReply): void {
    const texts = this.texts(request, reply);
    const words = businessTexts(texts.language);
    const { apiKey } = this.operator.settings;
    if (!this.limit.allows(request.ip))
      return this.send(request, reply, texts, enterPage(words, texts.tooManyHint), 429);
    const given = typeof body === 'object' && body !== null ? (body as { key?: unknown }).key : undefined;
    if (apiKey === undefined || typeof given !== 'string' || !isKey(given.trim(), apiKey))
      return this.send(request, reply, texts, enterPage(words, words.wrongKey), 403);
    reply.header('set-cookie', cookie(passOf(apiKey, this.nowS()), SESSION_S));
    reply.redirect('/business', 303);
  }

  @Post('leave')
  leave(@Res() reply: HttpReply): void {
    reply.header('set-cookie', cookie('', 0));
    reply.redirect('/', 303);
  }

  private readQuery(request: HttpRequest): BusinessQuery {
    const text = (name: string): string => oneText(request.query[name]) ?? '';
    const asked = text('kind');
    const kind: BusinessQuery['kind'] =
      asked === 'registry' ? asked : (REPORT_KINDS.find((one) => one === asked) ?? 'days');
    const today = this.today();
    const isGiven = text('from') !== '' || text('to') !== '';
    const from = isGiven ? text('from') : addDays(today, 1 - USUAL_DAYS);
    const to = isGiven ? text('to') : today;
    const inn = /^\d{10}(\d{2})?$/.test(text('inn')) ? text('inn') : undefined;
    return { kind, inn, from, to, isPeriodRight: isPeriod(from, to) };
  }

  private today(): string {
    const { utcOffsetMinutes } = this.operator.settings;
    return new Date(this.operator.clock.nowMs() + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
  }

  private nowS(): number {
    return Math.floor(this.operator.clock.nowMs() / 1000);
  }

  private texts(request: HttpRequest, reply: HttpReply): Texts {
    const asked = oneText(request.query.lang);
    if (asked !== 'ru' && asked !== 'en') return textsOf(languageOf(request));
    reply.header('set-cookie', `lang=${asked}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`);
    return textsOf(asked);
  }

  private send(request: HttpRequest, reply: HttpReply, texts: Texts, body: Html, status = 200): void {
    const url = new URL(request.url, 'http://portal');
    url.searchParams.set('lang', texts.language === 'ru' ? 'en' : 'ru');
    reply
      .status(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(
        page({
          texts,
          operatorName: this.operator.settings.operatorName,
          title: businessTexts(texts.language).title,
          otherLanguageUrl: url.pathname.startsWith('/business/') ? '/business' : url.pathname + url.search,
          body,
        }),
      );
  }
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string): boolean => {
  const at = new Date(`${text}T00:00:00Z`);
  return dayForm.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
};

const isPeriod = (from: string, to: string): boolean =>
  isDay(from) && isDay(to) && from <= to && (Date.parse(to) - Date.parse(from)) / DAY_MS < MAX_DAYS;

const addDays = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);

const dayAfter = (day: string): string => (isDay(day) ? addDays(day, 1) : day);

/** Proof of the key, good until a moment: the key itself never stands in the browser. */
const passOf = (apiKey: string, sinceS: number): string => {
  const until = sinceS + SESSION_S;
  return `${until}.${createHmac('sha256', apiKey).update(`portal ${until}`).digest('hex')}`;
};

function isPass(request: HttpRequest, apiKey: string, nowS: number): boolean {
  const [, until, proof] =
    /(?:^|; )business=(\d{1,12})\.([0-9a-f]{64})(?:;|$)/.exec(oneText(request.headers.cookie) ?? '') ?? [];
  if (!until || !proof || Number(until) < nowS) return false;
  const right = createHmac('sha256', apiKey).update(`portal ${until}`).digest();
  return timingSafeEqual(Buffer.from(proof, 'hex'), right);
}

/** Strict: another site's form cannot act for the enterprise. */
const cookie = (value: string, maxAgeS: number): string =>
  `business=${value}; Path=/business; Max-Age=${maxAgeS}; SameSite=Strict; HttpOnly`;
