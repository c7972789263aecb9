import { Body, Controller, Get, Header, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { buildQr } from '@kkt/ffd';
import { toString as qrToString } from 'qrcode';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { ReceiptBody } from '../dto/receipt-body';
import type { PreviewView } from '../dto/views';
import { Problem } from '../http/problem';
import { OwnApi } from '../own-api';
import { sampleDocument, sampleNumbers, textWarnings } from '../receipts/judgement';
import { ReceiptDesk } from '../receipts/receipt-desk';
import { ownReceipt } from '../receipts/receipts.controller';
import { receiptPage } from './paper';

const note = 'ПРЕДВАРИТЕЛЬНЫЙ ПРОСМОТР, НЕ ФИСКАЛЬНЫЙ ДОКУМЕНТ';

const qrSvg = (text: string): Promise<string> =>
  qrToString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });

/** What a receipt will look like, and what a registered one looks like. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class PreviewController {
  private readonly desk: ReceiptDesk;

  constructor(private readonly api: OwnApi) {
    this.desk = new ReceiptDesk(api);
  }

  @Post('receipts::preview')
  @HttpCode(200)
  @Needs('receipt:write')
  @Header('cache-control', 'no-store')
  async preview(@Body() sent: unknown, @Caller() caller: Principal): Promise<PreviewView> {
    const judged = await this.desk.judge(mustBe(ReceiptBody, sent), caller);
    if (!judged.ok) throw new Problem('receipt-refused', { errors: judged.problems });
    const { content, draft, group } = judged;
    const at = `${this.api.wall.today()}T12:00:00`;
    const { bytes, limitBytes } = sampleDocument(content, group.group, at);
    const qr = buildQr({ ...sampleNumbers, at, totalKop: content.totalKop, sign: content.sign });
    return {
      html: receiptPage({ bytes, qrSvg: await qrSvg(qr), note }),
      tlv_hex: bytes.toString('hex'),
      tlv_bytes: bytes.length,
      tlv_limit_bytes: limitBytes,
      qr,
      warnings: textWarnings(draft, content, group.facts) as PreviewView['warnings'],
    };
  }

  /** The printed form of a registered receipt. */
  @Get('receipts/:id/print')
  @Needs('receipt:read')
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  @Header('x-content-type-options', 'nosniff')
  async print(@Param('id') id: string, @Caller() caller: Principal): Promise<string> {
    const report = await ownReceipt(this.api, id, caller);
    const { proof } = report;
    const document = proof && (await this.api.documents.find(proof.fnNumber, proof.fdNumber));
    if (!proof || !document)
      throw new Problem('state-conflict', {
        detail: 'Чек ещё не зарегистрирован',
        detail_en: 'The receipt is not registered',
      });
    const qr = buildQr({ ...proof, sign: report.content.sign });
    return receiptPage({ bytes: document.tlv, form: document.form, qrSvg: await qrSvg(qr) });
  }
}
