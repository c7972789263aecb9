import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { buyerContact, resendReceipt } from '@kkt/notifications';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { Problem } from '../http/problem';
import { OwnApi } from '../own-api';
import { ownReceipt } from '../receipts/receipts.controller';
import { SendBody, type SentView } from './views';

const conflict = (detail: string, detail_en: string): Problem =>
  new Problem('state-conflict', { detail, detail_en });

/** Receipts sent to their buyers again. */
@Controller('v1/receipts')
@UseGuards(ApiKeyGuard)
export class LettersController {
  constructor(private readonly api: OwnApi) {}

  @Post(':id/send')
  @HttpCode(202)
  @Needs('receipt:write')
  async send(@Param('id') id: string, @Body() sent: unknown, @Caller() caller: Principal): Promise<SentView> {
    const { email, phone } = mustBe(SendBody, sent ?? {});
    const receipt = await ownReceipt(this.api, id, caller);
    const { letters, database, ids } = this.api;
    if (!letters) throw conflict('Ссылки на чеки здесь не выдаются', 'Links to receipts are not made here');
    for (const [pointer, given] of [
      ['/email', { email }],
      ['/phone', { phone }],
    ] as const)
      if (Object.values(given).some(Boolean) && !buyerContact(given)) throw wrongContact(pointer);
    const answer = await resendReceipt(
      database,
      {
        id: ids.uuid(),
        clientId: caller.clientId,
        receiptId: receipt.id,
        email,
        phone,
        actor: { actorKind: 'system', actorId: null, actorName: `API key ${caller.keyName}` },
      },
      letters,
    );
    switch (answer.kind) {
      case 'sent':
        return { channel: answer.channel, contact: answer.contact };
      case 'no-receipt':
        throw conflict('Чек ещё не зарегистрирован', 'The receipt is not registered');
      case 'no-contact':
        throw conflict(
          'В чеке нет адреса покупателя: укажите email или phone',
          'The receipt names no address of the buyer: give email or phone',
        );
      case 'too-often':
        throw new Problem('too-many-requests', {
          detail: 'Этот чек отправляли слишком часто',
          detail_en: 'This receipt was sent too often',
          retryAfterS: answer.retryAfterS,
        });
    }
  }
}

const wrongContact = (pointer: '/email' | '/phone'): Problem =>
  new Problem('request-invalid', {
    errors: [
      {
        pointer,
        rule: 'ContactExpected',
        tag: null,
        detail: pointer === '/email' ? 'Адрес почты: один, вида name@host' : 'Телефон: вида +79991234567',
        detail_en:
          pointer === '/email' ? 'E-mail: one address like name@host' : 'Telephone: like +79991234567',
      },
    ],
  });
