import { Moment, Parts, Text, Texts, Whole } from '../dto/rules';
import { maxPage } from '../receipts/queries';

const states = ['pending', 'delivered', 'gave_up'];

export class CallbackAttemptView {
  @Moment({ en: 'When' }) at!: string;
  @Text({ en: 'Where' }) url!: string;
  @Text({ values: ['delivered', 'failed', 'gave_up'], en: 'What came of it' }) outcome!: string;
  @Whole({ en: 'HTTP status of the answer', optional: true }) status!: number | null;
  @Text({ en: 'What went wrong, Russian', optional: true }) error!: string | null;
  @Whole({ en: 'How long it took, milliseconds', optional: true }) took_ms!: number | null;
}

/** The result callback of a receipt and the journal of its attempts. */
export class CallbackView {
  @Text({ en: 'Our id of the receipt' }) receipt_id!: string;
  @Text({ en: 'The header `webhook-id`: the same at each attempt' }) webhook_id!: string;
  @Text({ en: 'Address' }) url!: string;
  @Text({ values: states, en: 'State' }) state!: string;
  @Whole({ en: 'Attempts since it began or was replayed' }) attempts!: number;
  @Moment({ en: 'When the next attempt is due', optional: true }) next_at!: string | null;
  @Moment({ en: 'When it ended', optional: true }) finished_at!: string | null;
  @Parts(() => CallbackAttemptView, { en: 'Attempts, the newest first, at most 100' })
  journal!: CallbackAttemptView[];
}

export class CallbackQuery {
  @Whole({ en: 'Rows at most', min: 1, max: maxPage, fromText: true, optional: true, example: 50 })
  limit?: string;
}

export class UndeliveredView {
  @Text({ en: 'Our id of the receipt' }) receipt_id!: string;
  @Text({ en: 'Address' }) url!: string;
  @Whole({ en: 'Attempts' }) attempts!: number;
  @Whole({ en: 'HTTP status of the last answer', optional: true }) last_status!: number | null;
  @Text({ en: 'What went wrong last, Russian', optional: true }) last_error!: string | null;
  @Moment({ en: 'When it was given up', optional: true }) finished_at!: string | null;
}

export class UndeliveredListView {
  @Parts(() => UndeliveredView, { en: 'Callbacks given up, the newest first' }) items!: UndeliveredView[];
}

/** What a receiver checks signatures with. */
export class CallbackSecretView {
  @Texts({ en: 'Secrets that sign now, the current one first: any signature by any of them is right' })
  secrets!: string[];
  @Moment({ en: 'Until when the previous secret signs too', optional: true }) previous_until!: string | null;
}

export class RotateSecretBody {
  @Whole({
    min: 0,
    max: 720,
    optional: true,
    en: 'Hours the previous secret signs too (24 unless said otherwise)',
    ru: 'Сколько часов подпись идёт и прежним секретом',
  })
  previous_lives_hours?: number;
}
