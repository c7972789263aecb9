import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Clock, FarmError, type Log } from '@kkt/contracts';
import { Press, printedForm } from '@kkt/documents';
import { readReceiptCode, type LinkedDocument } from '@kkt/security';
import type { BuyerDocument, BuyerStore } from '@kkt/storage';
import { noReceiptPage, pageHeaders, receiptPage } from './receipt-page';
import type { TaxStates } from '@kkt/operators';

export interface BuyerRouteOptions {
  store: Pick<BuyerStore, 'document'>;
  secretKey: Buffer;
  taxStates: Pick<TaxStates, 'of'>;
  press: Pick<Press, 'print'>;
  clock: Clock;
  log: Log;
}

const looksPerMinute = 120;

/** `/r/<code>`: a buyer's receipt behind a signed link, as a page and as PDF. */
export async function buyerRoutes(scope: FastifyInstance, options: BuyerRouteOptions): Promise<void> {
  const { store, secretKey, taxStates, press, log } = options;
  const limit = new PerMinute(options.clock, looksPerMinute);

  const found = async (code: string): Promise<(BuyerDocument & LinkedDocument) | undefined> => {
    const linked = readReceiptCode(secretKey, code);
    const document = linked && (await store.document(linked.fnNumber, linked.fdNumber));
    return document && { ...document, ...linked };
  };
  const page = (reply: FastifyReply, status: number, html: string): FastifyReply =>
    reply.status(status).headers(pageHeaders).type('text/html; charset=utf-8').send(html);

  scope.get<{ Params: { code: string } }>('/:code', async (request, reply) => {
    if (!limit.allows(request.ip)) return reply.status(429).header('retry-after', '60').send();
    const document = await found(request.params.code);
    if (!document) return page(reply, 404, noReceiptPage());
    const operatorPage = operatorPageOf(document);
    const tax = operatorPage && document.confirmedAt ? await taxStates.of(operatorPage, document) : undefined;
    // The link is passed on: the buyer's own data are not shown to whoever gets it.
    const paper = printedForm(document.tlv, { form: document.form, personal: 'masked' });
    const pdfUrl = `/r/${request.params.code}/pdf`;
    return page(reply, 200, receiptPage({ paper, document, operatorPage, tax, pdfUrl }));
  });

  scope.get<{ Params: { code: string } }>('/:code/pdf', async (request, reply) => {
    if (!limit.allows(request.ip)) return reply.status(429).header('retry-after', '60').send();
    const document = await found(request.params.code);
    if (!document) return page(reply, 404, noReceiptPage());
    try {
      const paper = printedForm(document.tlv, { form: document.form, personal: 'masked' });
      const file = await press.print('pdf', paper, request.ip);
      const name = `chek-${document.fnNumber}-${document.fdNumber}.pdf`;
      return reply
        .headers({ 'cache-control': 'no-store', 'content-disposition': `inline; filename="${name}"` })
        .type('application/pdf')
        .send(file);
    } catch (error) {
      if (!(error instanceof FarmError) || error.code !== 'SYS-BUSY') throw error;
      log.warn({ err: error }, 'a printed form could not be drawn now');
      return reply.status(503).header('retry-after', '5').send();
    }
  });
}

function operatorPageOf({
  operatorUrl,
  fnNumber,
  fdNumber,
  fiscalSign,
}: BuyerDocument & LinkedDocument): string | undefined {
  if (!operatorUrl || !URL.canParse(operatorUrl.replace(/[{}]/g, ''))) return undefined;
  const places: Readonly<Record<string, string>> = {
    fn: fnNumber,
    fd: String(fdNumber),
    fpd: String(fiscalSign),
  };
  return operatorUrl.replace(/\{(\w+)\}/g, (_, name: string) => places[name] ?? '');
}

/** Pages one address may open a minute: links are followed, not tried. */
class PerMinute {
  private minute = 0;
  private counts = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  allows(address: string): boolean {
    const minute = Math.floor(this.clock.monotonicMs() / 60_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.counts = new Map();
    }
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return count <= this.most;
  }
}
