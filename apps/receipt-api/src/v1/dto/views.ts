import { Flag, Moment, Money, Part, Parts, Text, Texts, WallTime, Whole } from './rules';
import { operationWords, stateWords } from './words';

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

export class SuggestionView {
  @Text({ en: 'The value that would be right, when it is known', absent: true }) value?: string;
  @Text({ en: 'What to do, Russian' }) ru!: string;
  @Text({ en: 'What to do, English' }) en!: string;
}

export class FieldProblemView {
  @Text({ en: 'JSON pointer (RFC 6901) into the request', example: '/items/0/sum' }) pointer!: string;
  @Text({ en: 'Stable name of the rule', example: 'ItemSumMismatch' }) rule!: string;
  @Whole({ en: 'FFD tag of the requisite', optional: true, example: 1043 }) tag!: number | null;
  @Text({ en: 'What is wrong, Russian' }) detail!: string;
  @Text({ en: 'What is wrong, English' }) detail_en!: string;
  @Part(() => SuggestionView, { en: 'What would be right', absent: true }) suggestion?: SuggestionView;
}

/** A refusal, RFC 9457. */
export class ProblemView {
  @Text({ en: 'Kind of the problem as a reference' }) type!: string;
  @Text({ en: 'Title, Russian' }) title!: string;
  @Text({ en: 'Title, English' }) title_en!: string;
  @Whole({ en: 'HTTP status' }) status!: number;
  @Text({ en: 'Stable name of the kind', example: 'receipt-refused' }) code!: string;
  @Text({ en: 'More about it, Russian', absent: true }) detail?: string;
  @Text({ en: 'More about it, English', absent: true }) detail_en?: string;
  @Text({ en: 'Names this request in our log' }) instance!: string;
  @Text({ en: 'The receipt that the problem is about', absent: true }) receipt_id?: string;
  @Parts(() => FieldProblemView, { en: 'What is wrong, field by field', absent: true })
  errors?: FieldProblemView[];
}

/** The answer to an accepted receipt; a repeat of the request gets the same one. */
export class AcceptedView {
  @Text({ pattern: uuid, en: 'Our id of the receipt' }) id!: string;
  @Text({ en: 'The Idempotency-Key', example: 'order-1001' }) external_id!: string;
  @Text({ en: 'Code of the group' }) group!: string;
  @Text({ values: operationWords, en: 'Operation' }) operation!: string;
  @Money({ tag: 1020, en: 'Total as it will be registered' }) total!: string;
  @Texts({ en: 'What was accepted but will not be done, Russian' }) warnings!: string[];
}

/** Why a receipt waits, and for how long. */
export class WaitingView {
  @Text({ en: 'Stable name of the reason', example: 'in_line' }) reason!: string;
  @Text({ en: 'The reason, Russian' }) text!: string;
  @Text({ en: 'The reason, English' }) text_en!: string;
  @Whole({ en: 'Place in the queue of the group, 1 is next', optional: true }) place!: number | null;
  @Whole({ en: 'Seconds until it is registered, as things go now', optional: true }) estimate_s!:
    number | null;
  @Moment({ en: 'A receipt still in the queue at this moment fails', optional: true }) deadline_at!:
    string | null;
}

export class DocumentView {
  @Text({ tag: 1041, en: 'FN number' }) fn_number!: string;
  @Whole({ tag: 1040, en: 'Number of the fiscal document' }) fd_number!: number;
  @Whole({ tag: 1077, en: 'Fiscal sign' }) fiscal_sign!: number;
  @WallTime({ tag: 1012, en: 'Local time of the document' }) at!: string;
  @Whole({ tag: 1038, en: 'Shift' }) shift_number!: number;
  @Whole({ tag: 1042, en: 'Number of the receipt in its shift' }) receipt_number!: number;
  @Money({ tag: 1020, en: 'Total' }) total!: string;
  @Text({ tag: 1037, en: 'Registration number of the register' }) rnm!: string;
  @Text({ en: 'Serial number of the register', optional: true }) register!: string | null;
  @Text({ tag: 1060, en: 'Site of the tax service' }) fns_site!: string;
  @Text({ tag: 1017, en: 'INN of the operator' }) ofd_inn!: string;
  @Text({ en: 'Page of the receipt at the operator', optional: true }) ofd_url!: string | null;
  @Text({ en: 'Page of the receipt for its buyer, behind a signed link', optional: true }) receipt_url!:
    string | null;
  @Moment({ en: 'When the operator confirmed the document', optional: true }) confirmed_at!: string | null;
  @Text({ tag: 1196, en: 'Text of the QR code' }) qr!: string;
}

export class ReceiptErrorView {
  @Whole({ en: 'Number of the error, as the compatible protocol tells it' }) code!: number;
  @Text({ en: 'Who is at fault: agent, driver, system, timeout' }) type!: string;
  @Text({ en: 'Russian' }) text!: string;
}

export class RelativeView {
  @Text({ pattern: uuid, en: 'The other receipt' }) id!: string;
  @Text({ values: ['refund', 'undo', 'redo'], en: 'What was built' }) kind!: string;
}

export class ReceiptBriefView {
  @Text({ pattern: uuid, en: 'Our id of the receipt' }) id!: string;
  @Text({ en: 'The Idempotency-Key or external_id' }) external_id!: string;
  @Text({ en: 'Code of the group' }) group!: string;
  @Text({ values: operationWords, en: 'Operation' }) operation!: string;
  @Text({ values: stateWords, en: 'State' }) state!: string;
  @Money({ tag: 1020, en: 'Total' }) total!: string;
  @Moment({ en: 'When it was accepted' }) accepted_at!: string;
  @Moment({ en: 'When it ended', optional: true }) finished_at!: string | null;
  @Text({ en: 'Serial number of the register', optional: true }) register!: string | null;
  @Text({ tag: 1041, en: 'FN number', optional: true }) fn_number!: string | null;
  @Whole({ tag: 1040, en: 'Number of the fiscal document', optional: true }) fd_number!: number | null;
  @Whole({ en: 'Number of the error', optional: true }) error_code!: number | null;
  @Text({ en: 'The error, Russian', optional: true }) error_text!: string | null;
}

export class ReceiptView {
  @Text({ pattern: uuid, en: 'Our id of the receipt' }) id!: string;
  @Text({ en: 'The Idempotency-Key or external_id' }) external_id!: string;
  @Text({ en: 'Code of the group' }) group!: string;
  @Text({ values: ['v4', 'v5', 'v1'], en: 'The door it came through' }) api!: string;
  @Text({ values: operationWords, en: 'Operation' }) operation!: string;
  @Text({ values: stateWords, en: 'State' }) state!: string;
  @Money({ tag: 1020, en: 'Total' }) total!: string;
  @Moment({ en: 'When it was accepted' }) accepted_at!: string;
  @Moment({ en: 'When it ended', optional: true }) finished_at!: string | null;
  @Part(() => WaitingView, { en: 'Why it waits; null when it does not', optional: true })
  waiting!: WaitingView | null;
  @Part(() => ReceiptErrorView, { en: 'Why it failed', optional: true }) error!: ReceiptErrorView | null;
  @Part(() => DocumentView, { en: 'The fiscal document', optional: true }) document!: DocumentView | null;
  @Text({ en: 'Where the result is told', optional: true }) callback_url!: string | null;
  @Texts({ en: 'What was accepted but will not be done, Russian' }) warnings!: string[];
  @Part(() => RelativeView, { en: 'The receipt it was built from', optional: true })
  origin!: RelativeView | null;
  @Parts(() => RelativeView, { en: 'Receipts built from it' }) derived!: RelativeView[];
}

export class ReceiptPageView {
  @Parts(() => ReceiptBriefView, { en: 'Receipts, the newest first' }) items!: ReceiptBriefView[];
  @Text({ en: 'Cursor of the next page; null on the last', optional: true }) next!: string | null;
}

export class PaymentView {
  @Text({ en: 'Kind of payment' }) type!: string;
  @Money({ en: 'Sum' }) sum!: string;
}

export class VatTotalView {
  @Whole({ tag: 1199, en: 'Code of the VAT rate' }) code!: number;
  @Text({ en: 'Name of the rate, Russian' }) name!: string;
  @Money({ en: 'Tax, or turnover for 0 % and without VAT' }) sum!: string;
}

/** What a receipt would come to. */
export class JudgementView {
  @Flag({ en: 'The receipt would be accepted' }) valid!: boolean;
  @Parts(() => FieldProblemView, { en: 'Why it would not' }) errors!: FieldProblemView[];
  @Parts(() => FieldProblemView, { en: 'What would be changed' }) warnings!: FieldProblemView[];
  @Money({ tag: 1020, en: 'Total', optional: true }) total!: string | null;
  @Parts(() => PaymentView, { en: 'Payments as they will be registered' }) payments!: PaymentView[];
  @Parts(() => VatTotalView, { en: 'VAT as it will be registered' }) vat_totals!: VatTotalView[];
  @Whole({ en: 'Size of the document, bytes', optional: true }) tlv_bytes!: number | null;
  @Whole({ en: 'Largest document, bytes' }) tlv_limit_bytes!: number;
}

/** What a receipt would look like. The numbers of the register are samples. */
export class PreviewView {
  @Text({ en: 'The printed form: a page that needs nothing else' }) html!: string;
  @Text({ en: 'The document as TLV, hex' }) tlv_hex!: string;
  @Whole({ en: 'Its size, bytes' }) tlv_bytes!: number;
  @Whole({ en: 'Largest document, bytes' }) tlv_limit_bytes!: number;
  @Text({ tag: 1196, en: 'Text of the QR code' }) qr!: string;
  @Parts(() => FieldProblemView, { en: 'What was changed for the document' }) warnings!: FieldProblemView[];
}
