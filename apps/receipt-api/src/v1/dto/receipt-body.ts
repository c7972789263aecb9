import { ItemBody, vatWords } from './item-body';
import { AgentBody, ClientBody, CompanyBody, SectoralBody, SupplierBody } from './party-body';
import { Day, Flag, Money, Part, Parts, Text, WallTime, Whole } from './rules';
import { operationWords, paymentWords } from './words';

export class PaymentBody {
  @Text({ row: 'payments[].type', values: Object.keys(paymentWords), example: 'electronic' }) type!: string;
  @Money({
    row: 'payments[].sum',
    optional: true,
    en: 'Sum of the payment; left out, the rest of the total',
    ru: 'Сумма оплаты; без неё остаток итога',
    example: '1080.00',
  })
  sum?: string;
}

export class VatTotalBody {
  @Text({ row: 'vats[].type', values: vatWords }) type!: string;
  @Money({ row: 'vats[].sum', optional: true }) sum?: string;
}

export class UserPropsBody {
  @Text({ row: 'additional_user_props.name' }) name!: string;
  @Text({ row: 'additional_user_props.value' }) value!: string;
}

export class OperatingPropsBody {
  @Text({ row: 'operating_check_props.name' }) name!: string;
  @Text({ row: 'operating_check_props.value' }) value!: string;
  @WallTime({ row: 'operating_check_props.timestamp' }) timestamp!: string;
}

export class CashlessBody {
  @Money({ row: 'cashless_payments[].sum' }) sum!: string;
  @Whole({ row: 'cashless_payments[].method' }) method!: number;
  @Text({ row: 'cashless_payments[].id' }) id!: string;
  @Text({ row: 'cashless_payments[].additional_info', optional: true }) additional_info?: string;
}

export class CorrectionBody {
  @Text({ row: 'correction_info.type', example: 'self' }) type!: string;
  @Day({ row: 'correction_info.base_date' }) base_date!: string;
  @Text({ row: 'correction_info.base_number', optional: true }) base_number?: string;
}

/** A receipt to be registered. Words are those of the compatible protocol; money and quantities are texts. */
export class ReceiptBody {
  @Text({
    pattern: '^[A-Za-z0-9_.\\-]{1,64}$',
    ru: 'Код группы касс',
    en: 'Code of the group of registers',
    example: 'demo-v5',
  })
  group!: string;
  @Text({
    values: operationWords,
    tag: 1054,
    ru: 'Операция',
    en: 'Operation: sale, refund, purchase, or a correction of one',
    example: 'sell',
  })
  operation!: string;
  @Part(() => ClientBody, { row: 'client', optional: true }) client?: ClientBody;
  @Part(() => CompanyBody, { row: 'company', optional: true }) company?: CompanyBody;
  @Parts(() => ItemBody, { row: 'items', min: 0, optional: true }) items?: ItemBody[];
  @Parts(() => PaymentBody, { row: 'payments' }) payments!: PaymentBody[];
  @Parts(() => VatTotalBody, { row: 'vats', min: 0, optional: true }) vats?: VatTotalBody[];
  @Money({ row: 'total', optional: true, example: '1080.00' }) total?: string;
  @Text({ row: 'cashier', optional: true }) cashier?: string;
  @Text({ row: 'cashier_inn', optional: true }) cashier_inn?: string;
  @Text({ row: 'additional_check_props', optional: true }) additional_check_props?: string;
  @Part(() => UserPropsBody, { row: 'additional_user_props', optional: true })
  additional_user_props?: UserPropsBody;
  @Part(() => OperatingPropsBody, { row: 'operating_check_props', optional: true })
  operating_check_props?: OperatingPropsBody;
  @Parts(() => SectoralBody, { row: 'sectoral_check_props', optional: true })
  sectoral_check_props?: SectoralBody[];
  @Parts(() => CashlessBody, { row: 'cashless_payments', optional: true }) cashless_payments?: CashlessBody[];
  @Text({ row: 'device_number', optional: true }) device_number?: string;
  @Flag({ row: 'internet', optional: true }) internet?: boolean;
  @Whole({ row: 'timezone', optional: true }) timezone?: number;
  @Part(() => AgentBody, { row: 'agent_info', optional: true }) agent_info?: AgentBody;
  @Part(() => SupplierBody, { row: 'supplier_info', optional: true }) supplier_info?: SupplierBody;
  @Part(() => CorrectionBody, { row: 'correction_info', optional: true }) correction_info?: CorrectionBody;
  @Flag({
    optional: true,
    ru: 'Регистрировать, даже если система маркировки не ответила',
    en: 'Register even when the marking system does not answer',
  })
  ism_optional?: boolean;
  @Text({
    optional: true,
    max: 256,
    ru: 'Адрес для сообщения о результате',
    en: 'Where to tell the result',
    example: 'https://shop.example/receipts/callback',
  })
  callback_url?: string;
}
