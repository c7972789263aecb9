import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { Press, printedForm } from '@kkt/documents';
import { parseQr } from '@kkt/ffd';
import { toString as qrToString } from 'qrcode';
import { qrOf } from '../http/document-json';
import { oneText, type HttpReply, type HttpRequest } from '../http/request';
import { Operator } from '../operator';
import type { DocumentView } from '../storage/document-reader';
import { Html } from '@kkt/web-server';
import { message, page } from './layout';
import { LookupLimit } from './lookup-limit';
import { receiptPage } from './receipt-page';
import { languageOf } from './language';
import { decoderFile, SCAN_SCRIPT } from './scan-script';
import { formTitle, receiptUrl, searchPage } from './search-page';
import { readSearch } from './search-query';
import { FAVICON, STYLES } from './styles';
import { textsOf, type Texts } from './texts';

/** How many documents a search or the list of the latest shows. */
const MAX_FOUND = 50;
const MAX_LATEST = 20;
const YEAR_S = 31_536_000;

/** The public pages: receipt search and the receipt itself. */
@Controller()
export class PortalController {
  constructor(
    @Inject(Operator) private readonly operator: Operator,
    @Inject(LookupLimit) private readonly limit: LookupLimit,
    @Inject(Press) private readonly press: Press,
  ) {}

  @Get()
  async search(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const texts = this.texts(request, reply);
    const { documents, settings } = this.operator;
    if (oneText(request.query.i) !== undefined) return this.byQr(request, reply, texts);
    const search = readSearch(request.query, texts, settings.openPortal);
    if (search.filter && !this.limit.allows(request.ip)) return this.tooMany(request, reply, texts);
    try {
      const found = search.filter && (await documents.search(search.filter, MAX_FOUND));
      const [only] = found ?? [];
      if (only && found?.length === 1) return void reply.redirect(receiptUrl(only), 303);
      const showLatest = settings.openPortal && !found;
      const latest = showLatest ? await documents.search({}, MAX_LATEST) : undefined;
      const totals = showLatest ? await documents.totals() : undefined;
      const body = searchPage({
        texts,
        search,
        found,
        latest,
        totals,
        utcOffsetMinutes: settings.utcOffsetMinutes,
      });
      this.send(request, reply, texts, texts.title, body);
    } catch (error) {
      this.fail(error, request, reply, texts);
    }
  }

  @Get('receipt/:fn/:fd/:fp')
  async receipt(
    @Param() params: { fn: string; fd: string; fp: string },
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const texts = this.texts(request, reply);
    if (!this.limit.allows(request.ip)) return this.tooMany(request, reply, texts);
    try {
      const document = await this.find(params.fn, params.fd, params.fp);
      const qr = qrOf(document);
      const qrSvg =
        qr && new Html(await qrToString(qr, { type: 'svg', errorCorrectionLevel: 'M', margin: 0 }));
      const body = receiptPage({
        texts,
        document,
        qrSvg: qrSvg || undefined,
        utcOffsetMinutes: this.operator.settings.utcOffsetMinutes,
      });
      const title = `${formTitle(document.form, texts)} № ${document.fdNumber}`;
      this.send(request, reply, texts, title, body);
    } catch (error) {
      this.fail(error, request, reply, texts);
    }
  }

  /** The printed form as a file. */
  @Get('receipt/:fn/:fd/:fp/pdf')
  async pdf(
    @Param() params: { fn: string; fd: string; fp: string },
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const texts = this.texts(request, reply);
    if (!this.limit.allows(request.ip)) return this.tooMany(request, reply, texts);
    try {
      const document = await this.find(params.fn, params.fd, params.fp);
      const paper = printedForm(document.tlv, { personal: 'masked', origin: 'OFD' });
      const file = await this.press.print('pdf', paper, request.ip);
      reply
        .type('application/pdf')
        .header(
          'content-disposition',
          `inline; filename="chek-${document.fnNumber}-${document.fdNumber}.pdf"`,
        )
        .header('cache-control', 'no-store')
        .send(file);
    } catch (error) {
      this.fail(error, request, reply, texts);
    }
  }

  @Get('scan.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'public, max-age=3600')
  scanScript(): string {
    return SCAN_SCRIPT;
  }

  /** The QR decoder, a public package as it is. */
  @Get('qr/:name')
  decoder(@Param('name') name: string, @Res() reply: HttpReply): void {
    const text = decoderFile(name);
    if (text === undefined) reply.status(404).type('text/plain').send('No such file');
    else
      reply
        .type('text/javascript; charset=utf-8')
        .header('cache-control', 'public, max-age=86400')
        .send(text);
  }

  /** An open portal shows a document by its number alone; a closed one wants the sign. */
  @Get('receipt/:fn/:fd')
  async receiptByNumber(
    @Param() { fn, fd }: { fn: string; fd: string },
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const texts = this.texts(request, reply);
    if (!this.limit.allows(request.ip)) return this.tooMany(request, reply, texts);
    try {
      if (!this.operator.settings.openPortal) throw unknownDocument();
      reply.redirect(receiptUrl(await this.byNumber(fn, fd)), 303);
    } catch (error) {
      this.fail(error, request, reply, texts);
    }
  }

  @Get('portal.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', `public, max-age=${YEAR_S}, immutable`)
  styles(@Query() _version: Record<string, string>): string {
    return STYLES;
  }

  @Get('favicon.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=86400')
  favicon(): string {
    return FAVICON;
  }

  /** A QR code's text put behind the portal's address leads to the receipt. */
  private async byQr(request: HttpRequest, reply: HttpReply, texts: Texts): Promise<void> {
    if (!this.limit.allows(request.ip)) return this.tooMany(request, reply, texts);
    try {
      const { fnNumber, fdNumber, fiscalSign } = parseQr(request.url.slice(request.url.indexOf('?') + 1));
      reply.redirect(receiptUrl({ fnNumber, fdNumber, fiscalSign }), 303);
    } catch (error) {
      this.fail(error, request, reply, texts);
    }
  }

  private async find(fn: string, fd: string, fp: string): Promise<DocumentView> {
    const document = await this.byNumber(fn, fd);
    if (String(document.fiscalSign) !== fp) throw unknownDocument();
    return document;
  }

  private byNumber(fn: string, fd: string): Promise<DocumentView> {
    if (!/^\d{16}$/.test(fn) || !/^\d{1,8}$/.test(fd)) throw unknownDocument();
    return this.operator.documents.one(fn, Number(fd));
  }

  /** The language asked for, remembered; Russian for the first visit. */
  private texts(request: HttpRequest, reply: HttpReply): Texts {
    const asked = oneText(request.query.lang);
    if (asked === 'ru' || asked === 'en') {
      reply.header('set-cookie', `lang=${asked}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax; HttpOnly`);
      return textsOf(asked);
    }
    return textsOf(languageOf(request));
  }

  private send(
    request: HttpRequest,
    reply: HttpReply,
    texts: Texts,
    title: string,
    body: Html,
    status = 200,
  ): void {
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
          title,
          otherLanguageUrl: url.pathname + url.search,
          body,
        }),
      );
  }

  private tooMany(request: HttpRequest, reply: HttpReply, texts: Texts): void {
    reply.header('retry-after', '60');
    this.send(request, reply, texts, texts.tooMany, message(texts.tooMany, texts.tooManyHint, texts), 429);
  }

  private fail(error: unknown, request: HttpRequest, reply: HttpReply, texts: Texts): void {
    const isUnknown = error instanceof FarmError && error.code.startsWith('CLIENT-');
    const [heading, hint] = isUnknown
      ? [texts.nothingFound, texts.nothingFoundHints[0] ?? '']
      : [texts.failed, texts.failedHint];
    if (!isUnknown) this.operator.log.error({ err: error }, 'a page could not be made');
    this.send(request, reply, texts, heading, message(heading, hint, texts), isUnknown ? 404 : 503);
  }
}

const unknownDocument = (): FarmError => new FarmError('CLIENT-DOCUMENT-UNKNOWN', 'No such document');
