import { Flag, Moment, Part, Parts, Text, Whole } from '../dto/rules';

/** One word for a register, from what its row and its driver say. */
export const registerStates = [
  'works',
  'attention',
  'offline',
  'stopped',
  'paused',
  'swap',
  'registering',
  'stock',
  'closed',
] as const;

export class RegisterQuery {
  @Text({ en: 'Code of the group', max: 64, optional: true }) group?: string;
  @Text({ en: 'State', values: registerStates, optional: true }) state?: (typeof registerStates)[number];
  @Whole({ en: 'Rows of a page', min: 1, max: 500, fromText: true, optional: true }) limit?: string;
  @Text({ en: '`next` of the page before', max: 300, optional: true }) cursor?: string;
}

/** Why documents of an FN are not at the operator. */
export class UnsentCauseView {
  @Text({
    en: 'Stable name: network, operator_unavailable, timeout, garbage, not_registered, not_activated, unpaid, wrong_fn, refused_document',
    example: 'not_registered',
  })
  code!: string;
  @Text({ en: 'The cause, Russian' }) text!: string;
  @Text({ en: 'The cause, English' }) text_en!: string;
  @Flag({ en: 'It stays until a person acts; otherwise the relay gets through by itself' })
  needs_person!: boolean;
}

export class UnsentView {
  @Whole({ en: 'Documents in the FN that the operator has not confirmed', optional: true })
  documents!: number | null;
  @Moment({ en: 'Time of the first of them; the FN blocks 30 days after it', optional: true }) first_at!:
    string | null;
  @Moment({ en: 'When the FN blocks unless they are sent', optional: true }) blocks_at!: string | null;
  @Part(() => UnsentCauseView, { en: 'Why they are not sent; null while sending goes on', optional: true })
  cause!: UnsentCauseView | null;
}

export class FnGaugeView {
  @Text({ tag: 1041, en: 'FN number' }) number!: string;
  @Text({ en: 'Model of the FN', optional: true }) model!: string | null;
  @Whole({ en: 'Documents it can hold', optional: true }) capacity_documents!: number | null;
  @Whole({ en: 'Documents left', optional: true }) documents_left!: number | null;
  @Whole({ en: 'Share of the documents used, percent', min: 0, max: 100, optional: true }) used_percent!:
    number | null;
  @Text({ en: 'Last day of its term, `YYYY-MM-DD`', optional: true }) valid_until!: string | null;
  @Whole({ en: 'Days of its term left', optional: true }) days_left!: number | null;
  @Text({ en: 'Day it is expected to end, `YYYY-MM-DD`, by last night’s forecast', optional: true })
  ends_on!: string | null;
  @Text({ en: 'What ends it: capacity or validity', optional: true }) ends_by!: string | null;
}

export class RegisterShiftView {
  @Flag({ en: 'The shift is open' }) open!: boolean;
  @Whole({ tag: 1038, en: 'Its number', optional: true }) number!: number | null;
  @Moment({ en: 'The register must close it before', optional: true }) expires_at!: string | null;
}

/** A register of the client and how it is. */
export class RegisterView {
  @Text({ tag: 1013, en: 'Serial number', example: '00106900000017' }) serial!: string;
  @Text({ en: 'Model' }) model!: string;
  @Text({ en: 'Code of its group' }) group!: string;
  @Text({ tag: 1037, en: 'Registration number', optional: true }) rnm!: string | null;
  @Text({ en: 'How it is', values: registerStates }) state!: string;
  @Text({ en: 'What is wrong, a stable name', optional: true }) problem!: string | null;
  @Part(() => RegisterShiftView, { en: 'Its shift; null when nothing was heard of it yet', optional: true })
  shift!: RegisterShiftView | null;
  @Text({ en: 'Operator', optional: true }) operator!: string | null;
  @Part(() => UnsentView, { en: 'What the operator has not confirmed' }) unsent!: UnsentView;
  @Part(() => FnGaugeView, { en: 'Its FN', optional: true }) fn!: FnGaugeView | null;
  @Whole({ tag: 1040, en: 'Number of its last document', optional: true }) last_fd!: number | null;
}

export class RegisterPageView {
  @Parts(() => RegisterView, { en: 'Registers by group and serial number' }) items!: RegisterView[];
  @Text({ en: '`cursor` of the next page; null on the last', optional: true }) next!: string | null;
}
