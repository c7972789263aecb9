import { paymentMethodWords, vatRates } from '@kkt/domain';
import { AgentBody, SectoralBody, SupplierBody } from './party-body';
import { Flag, Money, Part, Parts, Quantity, Text, Whole } from './rules';
import { objectWords } from './words';

export const vatWords: readonly string[] = vatRates.map((rate) => rate.name);

export class ItemVatBody {
  @Text({ row: 'items[].vat.type', values: vatWords, example: 'vat22' }) type!: string;
  @Money({ row: 'items[].vat.sum', optional: true }) sum?: string;
}

/** Exactly one of these. */
export class MarkCodeBody {
  @Text({ row: 'items[].mark_code.unknown', optional: true }) unknown?: string;
  @Text({ row: 'items[].mark_code.ean8', optional: true }) ean8?: string;
  @Text({ row: 'items[].mark_code.ean13', optional: true }) ean13?: string;
  @Text({ row: 'items[].mark_code.itf14', optional: true }) itf14?: string;
  @Text({ row: 'items[].mark_code.gs10', optional: true }) gs10?: string;
  @Text({ row: 'items[].mark_code.gs1m', optional: true }) gs1m?: string;
  @Text({ row: 'items[].mark_code.short', optional: true }) short?: string;
  @Text({ row: 'items[].mark_code.fur', optional: true }) fur?: string;
  @Text({ row: 'items[].mark_code.egais20', optional: true }) egais20?: string;
  @Text({ row: 'items[].mark_code.egais30', optional: true }) egais30?: string;
}

export class MarkQuantityBody {
  @Whole({ row: 'items[].mark_quantity.numerator' }) numerator!: number;
  @Whole({ row: 'items[].mark_quantity.denominator' }) denominator!: number;
}

export class ItemBody {
  @Text({ row: 'items[].name', example: 'Кофе зерновой, 250 г' }) name!: string;
  @Money({ row: 'items[].price', example: '540.00' }) price!: string;
  @Quantity({ row: 'items[].quantity', example: '2' }) quantity!: string;
  @Money({ row: 'items[].sum', optional: true, example: '1080.00' }) sum?: string;
  @Whole({ row: 'items[].measure', optional: true, example: 0 }) measure?: number;
  @Text({ row: 'items[].measurement_unit', optional: true }) measurement_unit?: string;
  @Text({ row: 'items[].payment_method', values: paymentMethodWords, example: 'full_payment' })
  payment_method!: string;
  @Text({ row: 'items[].payment_object', values: Object.keys(objectWords), example: 'commodity' })
  payment_object!: string;
  @Part(() => ItemVatBody, { row: 'items[].vat' }) vat!: ItemVatBody;
  @Text({ row: 'items[].nomenclature_code', optional: true }) nomenclature_code?: string;
  @Part(() => MarkCodeBody, { row: 'items[].mark_code', optional: true }) mark_code?: MarkCodeBody;
  @Text({ row: 'items[].mark_processing_mode', values: ['0'], optional: true }) mark_processing_mode?: string;
  @Part(() => MarkQuantityBody, { row: 'items[].mark_quantity', optional: true })
  mark_quantity?: MarkQuantityBody;
  @Whole({ row: 'items[].planned_status', optional: true }) planned_status?: number;
  @Flag({ row: 'items[].wholesale', optional: true }) wholesale?: boolean;
  @Part(() => AgentBody, { row: 'items[].agent_info', optional: true }) agent_info?: AgentBody;
  @Part(() => SupplierBody, { row: 'items[].supplier_info', optional: true }) supplier_info?: SupplierBody;
  @Parts(() => SectoralBody, { row: 'items[].sectoral_item_props', optional: true })
  sectoral_item_props?: SectoralBody[];
  @Text({ row: 'items[].user_data', optional: true }) user_data?: string;
  @Money({ row: 'items[].excise', optional: true }) excise?: string;
  @Text({ row: 'items[].country_code', optional: true }) country_code?: string;
  @Text({ row: 'items[].declaration_number', optional: true }) declaration_number?: string;
}
