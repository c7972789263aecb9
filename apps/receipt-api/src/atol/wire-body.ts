/**
 * Request bodies after the schema has passed them: types are right, anything optional may be absent, null or an empty
 * text. Field meanings and limits stand in the field table of the domain.
 */
type Maybe<T> = T | null | undefined;

export interface WireAgent {
  type: string;
  paying_agent?: Maybe<{ operation?: Maybe<string>; phones?: Maybe<string[]> }>;
  receive_payments_operator?: Maybe<{ phones?: Maybe<string[]> }>;
  money_transfer_operator?: Maybe<{
    phones?: Maybe<string[]>;
    name?: Maybe<string>;
    address?: Maybe<string>;
    inn?: Maybe<string>;
  }>;
}

export interface WireSupplier {
  phones?: Maybe<string[]>;
  name?: Maybe<string>;
  inn?: Maybe<string>;
}

export interface WireSectoral {
  federal_id: string;
  date: string;
  number: string;
  value: string;
}

export interface WireItem {
  name: string;
  price: number;
  quantity: number;
  sum: number | null;
  measurement_unit?: Maybe<string>;
  measure?: Maybe<number>;
  payment_method?: Maybe<string>;
  payment_object?: Maybe<string | number>;
  nomenclature_code?: Maybe<string>;
  vat?: Maybe<{ type: string; sum?: Maybe<number> }>;
  agent_info?: Maybe<WireAgent>;
  supplier_info?: Maybe<WireSupplier>;
  user_data?: Maybe<string>;
  excise?: Maybe<number>;
  country_code?: Maybe<string>;
  declaration_number?: Maybe<string>;
  mark_processing_mode?: Maybe<string | number>;
  mark_code?: Maybe<Record<string, Maybe<string>>>;
  mark_quantity?: Maybe<{ numerator: number; denominator: number }>;
  sectoral_item_props?: Maybe<WireSectoral[]>;
  planned_status?: Maybe<number>;
  wholesale?: Maybe<boolean>;
}

export interface WireClient {
  email?: Maybe<string>;
  phone?: Maybe<string>;
  name?: Maybe<string>;
  inn?: Maybe<string>;
  birthdate?: Maybe<string>;
  citizenship?: Maybe<string>;
  document_code?: Maybe<string>;
  document_data?: Maybe<string>;
  address?: Maybe<string>;
}

export interface WireDocument {
  client?: Maybe<WireClient>;
  company: {
    email?: Maybe<string>;
    sno?: Maybe<string>;
    inn: string;
    payment_address: string;
    location?: Maybe<string>;
  };
  items?: Maybe<WireItem[]>;
  payments: { type: number; sum: number | null }[];
  vats?: Maybe<{ type: string; sum: number | null }[]>;
  total?: Maybe<number>;
  agent_info?: Maybe<WireAgent>;
  supplier_info?: Maybe<WireSupplier>;
  additional_check_props?: Maybe<string>;
  cashier?: Maybe<string>;
  cashier_inn?: Maybe<string>;
  additional_user_props?: Maybe<{ name: string; value: string }>;
  device_number?: Maybe<string>;
  internet?: Maybe<boolean>;
  cashless_payments?: Maybe<{ sum: number; method: number; id: string; additional_info?: Maybe<string> }[]>;
  timezone?: Maybe<number>;
  operating_check_props?: Maybe<{ name: string; value: string; timestamp: string }>;
  sectoral_check_props?: Maybe<WireSectoral[]>;
  correction_info?: { type: 'self' | 'instruction'; base_date: string; base_number?: Maybe<string> };
}

export interface WireBody {
  timestamp: string;
  external_id: string | number;
  service?: Maybe<{ callback_url?: Maybe<string> }>;
  ism_optional?: Maybe<boolean>;
  receipt?: WireDocument;
  correction?: WireDocument;
}

/** Absent, null and the empty text are one. */
export const textOf = (value: Maybe<string>): string | undefined => value || undefined;

/** Absent and null are one. */
export const valueOf = <T>(value: Maybe<T>): T | undefined => value ?? undefined;
