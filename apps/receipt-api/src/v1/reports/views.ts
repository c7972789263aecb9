import { Day, Money, Parts, Text, WallTime, Whole } from '../dto/rules';

export class ReportQuery {
  @Day({ en: 'First day, local time of the documents' }) from!: string;
  @Day({ en: 'Last day' }) to!: string;
  @Text({ en: 'Code of the group', max: 64, optional: true }) group?: string;
}

export class ShiftQuery {
  @Day({ en: 'First day, local time of the documents' }) from!: string;
  @Day({ en: 'Last day' }) to!: string;
  @Text({ en: 'Code of the group', max: 64, optional: true }) group?: string;
  @Text({ en: 'Serial number of the register', max: 20, optional: true }) register?: string;
}

export class PeriodQuery {
  @Day({ en: 'First day, local time of the documents' }) from!: string;
  @Day({ en: 'Last day' }) to!: string;
  @Text({ en: 'Code of the group', max: 64, optional: true }) group?: string;
  @Text({ en: 'Length of a period', values: ['day', 'hour'], optional: true }) by?: 'day' | 'hour';
}

export class SignTotalsView {
  @Text({ en: 'Operation', values: ['sell', 'sell_refund', 'buy', 'buy_refund'], tag: 1054 })
  operation!: string;
  @Whole({ en: 'Receipts' }) receipts!: number;
  @Whole({ en: 'Correction receipts' }) corrections!: number;
  @Money({ en: 'Their total, corrections included' }) total!: string;
  @Money({ en: 'Paid in cash' }) cash!: string;
  @Money({ en: 'Paid electronically' }) electronic!: string;
}

export class ReportLineView {
  @Text({ en: 'Serial number of the register; null in a report by period', optional: true }) register!:
    string | null;
  @Text({ tag: 1037, en: 'Its registration number', optional: true }) rnm!: string | null;
  @Text({ tag: 1041, en: 'FN number', optional: true }) fn_number!: string | null;
  @Whole({ tag: 1038, en: 'Shift', optional: true }) shift_number!: number | null;
  @Text({ en: 'Day `YYYY-MM-DD` or hour `YYYY-MM-DDTHH`', optional: true }) period!: string | null;
  @WallTime({ en: 'First document' }) first_at!: string;
  @WallTime({ en: 'Last document' }) last_at!: string;
  @Parts(() => SignTotalsView, { en: 'Sums by operation' }) totals!: SignTotalsView[];
}

export class ReportView {
  @Parts(() => ReportLineView, { en: 'Lines' }) items!: ReportLineView[];
}
