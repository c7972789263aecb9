import { ItemBody } from '../dto/item-body';
import { ClientBody } from '../dto/party-body';
import { CorrectionBody, PaymentBody, VatTotalBody } from '../dto/receipt-body';
import { Money, Part, Parts, Quantity, Text, Whole } from '../dto/rules';
import { FieldProblemView, PaymentView } from '../dto/views';
import { taxSystemWords } from '@kkt/domain';

const callback = {
  optional: true,
  max: 256,
  ru: 'Адрес для сообщения о результате',
  en: 'Where to tell the result',
};

/** What is taken back of one item. Quantity alone: its share of what was paid. Sum alone: money back, goods stay. */
export class RefundItemBody {
  @Whole({ min: 0, max: 99, ru: 'Номер позиции с нуля', en: 'Item of the original, counted from 0' })
  position!: number;
  @Quantity({ tag: 1023, ru: 'Количество', en: 'Quantity taken back', optional: true, example: '1' })
  quantity?: string;
  @Money({ tag: 1043, ru: 'Сумма', en: 'Money given back for it', optional: true }) sum?: string;
}

/** A refund of a registered receipt. Neither items nor amount: everything that is left. */
export class RefundBody {
  @Parts(() => RefundItemBody, { min: 1, max: 100, ru: 'Позиции', en: 'Items taken back', optional: true })
  items?: RefundItemBody[];
  @Money({ ru: 'Сумма', en: 'Money given back, shared among the items in proportion', optional: true })
  amount?: string;
  @Parts(() => PaymentBody, {
    min: 1,
    max: 10,
    ru: 'Оплаты',
    en: 'How it is paid back; left out, in the proportion of the original',
    optional: true,
  })
  payments?: PaymentBody[];
  @Part(() => ClientBody, {
    ru: 'Покупатель',
    en: 'Buyer, when another than in the original',
    optional: true,
  })
  client?: ClientBody;
  @Text(callback) callback_url?: string;
}

/** A correction of a registered receipt: `undo` takes it back whole, `redo` registers it as it should have been. */
export class CorrectionOfBody {
  @Text({ values: ['undo', 'redo'], ru: 'Что сделать', en: 'What to do', example: 'undo' }) kind!:
    'undo' | 'redo';
  @Part(() => CorrectionBody, {
    ru: 'Основание; без него по собственной инициативе, днём исправляемого чека',
    en: 'Basis; left out: own initiative, the day of the original',
    optional: true,
  })
  correction_info?: CorrectionBody;
  @Parts(() => ItemBody, { min: 1, max: 100, ru: 'Позиции', en: 'Right items (redo)', optional: true })
  items?: ItemBody[];
  @Parts(() => PaymentBody, { min: 1, max: 10, ru: 'Оплаты', en: 'Right payments (redo)', optional: true })
  payments?: PaymentBody[];
  @Parts(() => VatTotalBody, { max: 6, ru: 'НДС', en: 'Right VAT of the receipt (redo)', optional: true })
  vats?: VatTotalBody[];
  @Text({
    values: taxSystemWords,
    tag: 1055,
    ru: 'Система налогообложения',
    en: 'Right tax system (redo)',
    optional: true,
  })
  sno?: string;
  @Text(callback) callback_url?: string;
}

export class RefundLineView {
  @Text({ tag: 1030, en: 'Name' }) name!: string;
  @Money({ tag: 1079, en: 'Price' }) price!: string;
  @Quantity({ tag: 1023, en: 'Quantity' }) quantity!: string;
  @Money({ tag: 1043, en: 'Sum' }) sum!: string;
}

/** What a refund would be; nothing is accepted. */
export class RefundPlanView {
  @Text({ en: 'Operation of the refund' }) operation!: string;
  @Money({ en: 'Money given back' }) total!: string;
  @Money({ en: 'Money of the original that would still not be taken back' }) left!: string;
  @Parts(() => RefundLineView, { en: 'Items of the refund' }) items!: RefundLineView[];
  @Parts(() => PaymentView, { en: 'Payments of the refund' }) payments!: PaymentView[];
  @Parts(() => FieldProblemView, { en: 'Why it would be refused' }) errors!: FieldProblemView[];
}
