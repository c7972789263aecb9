import { operationWords, stateWords } from '../dto/words';
import { Moment, Money, Text, Whole } from '../dto/rules';

export const maxPage = 200;

const formats = ['html', 'pdf', 'png'];
const formatWords = {
  optional: true,
  en: 'Form of the answer; without it `Accept` decides',
  ru: 'Вид ответа',
};

export class PreviewQuery {
  @Text({ ...formatWords, values: ['json', ...formats] }) format?: string;
}

export class PrintQuery {
  @Text({ ...formatWords, values: formats }) format?: string;
}

/** Filters of the list; everything given must fit. */
export class ReceiptQuery {
  @Text({ en: 'Code of the group', optional: true, max: 64 }) group?: string;
  @Text({ en: 'State', values: stateWords, optional: true }) state?:
    'queued' | 'working' | 'in_doubt' | 'done' | 'failed';
  @Text({ en: 'Operation', values: operationWords, optional: true }) operation?: string;
  @Moment({ en: 'Accepted at this moment or later', optional: true }) from?: string;
  @Moment({ en: 'Accepted before this moment', optional: true }) to?: string;
  @Money({ en: 'Total at least', optional: true }) min_total?: string;
  @Money({ en: 'Total at most', optional: true }) max_total?: string;
  @Text({ en: 'The Idempotency-Key or external_id', optional: true, max: 128 }) external_id?: string;
  @Text({ en: 'FN number', tag: 1041, pattern: '^[0-9]{16}$', optional: true }) fn_number?: string;
  @Whole({
    en: 'Number of the fiscal document',
    tag: 1040,
    min: 1,
    max: 4_294_967_295,
    fromText: true,
    optional: true,
  })
  fd_number?: string;
  @Whole({ en: 'Fiscal sign', tag: 1077, min: 0, max: 4_294_967_295, fromText: true, optional: true })
  fiscal_sign?: string;
  @Whole({ en: 'Receipts on a page', min: 1, max: maxPage, fromText: true, optional: true, example: 50 })
  limit?: string;
  @Text({ en: '`next` of the page before', optional: true, max: 200 }) cursor?: string;
}
