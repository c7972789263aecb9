/* Generated from the OpenAPI document by tools/generate-client. Do not edit: run it again. */
/* eslint-disable max-lines */

export interface ClientInput {
  /** Buyer’s e-mail (FFD tag 1008). */
  email?: string;
  /** Buyer’s telephone (FFD tag 1008). */
  phone?: string;
  /** Buyer’s name (FFD tag 1227). */
  name?: string;
  /** Buyer’s INN (FFD tag 1228). */
  inn?: string;
  /** Buyer’s date of birth (FFD tag 1243). */
  birthdate?: string;
  /** Citizenship, three digits (FFD tag 1244). */
  citizenship?: string;
  /** Kind of identity document (FFD tag 1245). */
  document_code?: string;
  /** Data of the identity document (FFD tag 1246). */
  document_data?: string;
  /** Buyer’s address (FFD tag 1254). */
  address?: string;
}

export interface CompanyInput {
  /** INN of the seller (FFD tag 1018). */
  inn?: string;
  /** Tax system (FFD tag 1055). */
  sno?: 'osn' | 'usn_income' | 'usn_income_outcome' | 'envd' | 'esn' | 'patent';
  /** E-mail of the receipt’s sender (FFD tag 1117). */
  email?: string;
  /** Place of settlement (FFD tag 1187). */
  payment_address?: string;
  /** Address of settlement (FFD tag 1009). */
  location?: string;
}

export interface ItemVatInput {
  /** VAT rate (FFD tag 1199). */
  type:
    | 'none'
    | 'vat0'
    | 'vat10'
    | 'vat110'
    | 'vat18'
    | 'vat118'
    | 'vat20'
    | 'vat120'
    | 'vat5'
    | 'vat7'
    | 'vat105'
    | 'vat107'
    | 'vat22'
    | 'vat122';
  /** VAT sum (FFD tag 1200). */
  sum?: string;
}

export interface MarkCodeInput {
  /** Unrecognised code (FFD tag 1300). */
  unknown?: string;
  /** EAN-8 (FFD tag 1301). */
  ean8?: string;
  /** EAN-13 (FFD tag 1302). */
  ean13?: string;
  /** ITF-14 (FFD tag 1303). */
  itf14?: string;
  /** GS1 without marking (FFD tag 1304). */
  gs10?: string;
  /** GS1 marking code in Base64 (FFD tag 1305). */
  gs1m?: string;
  /** Short marking code (FFD tag 1306). */
  short?: string;
  /** Fur mark (FFD tag 1307). */
  fur?: string;
  /** EGAIS 2.0 (FFD tag 1308). */
  egais20?: string;
  /** EGAIS 3.0 (FFD tag 1309). */
  egais30?: string;
}

export interface MarkQuantityInput {
  /** Numerator (FFD tag 1293). */
  numerator: number;
  /** Denominator (FFD tag 1294). */
  denominator: number;
}

export interface PayingAgentInput {
  /** Operation of the payment agent (FFD tag 1044). */
  operation?: string;
  /** Telephone of the payment agent (FFD tag 1073). */
  phones?: string[];
}

export interface ReceiveOperatorInput {
  /** Telephone of the operator that receives payments (FFD tag 1074). */
  phones?: string[];
}

export interface TransferOperatorInput {
  /** Telephone of the transfer operator (FFD tag 1075). */
  phones?: string[];
  /** Name of the transfer operator (FFD tag 1026). */
  name?: string;
  /** Address of the transfer operator (FFD tag 1005). */
  address?: string;
  /** INN of the transfer operator (FFD tag 1016). */
  inn?: string;
}

export interface AgentInput {
  /** Kind of agent (FFD tag 1222). */
  type:
    | 'bank_paying_agent'
    | 'bank_paying_subagent'
    | 'paying_agent'
    | 'paying_subagent'
    | 'attorney'
    | 'commission_agent'
    | 'another';
  /** Payment agent */
  paying_agent?: PayingAgentInput;
  /** Operator that receives payments */
  receive_payments_operator?: ReceiveOperatorInput;
  /** Transfer operator */
  money_transfer_operator?: TransferOperatorInput;
}

export interface SupplierInput {
  /** Telephone of the supplier (FFD tag 1171). */
  phones?: string[];
  /** Name of the supplier (FFD tag 1225). */
  name?: string;
  /** INN of the supplier (FFD tag 1226). */
  inn?: string;
}

export interface SectoralInput {
  /** Federal body (FFD tag 1262). */
  federal_id: string;
  /** Date of the basis document (FFD tag 1263). */
  date: string;
  /** Number of the basis document (FFD tag 1264). */
  number: string;
  /** Value of the industry requisite (FFD tag 1265). */
  value: string;
}

export interface ItemInput {
  /** Name (FFD tag 1030). */
  name: string;
  /** Price of a unit after discounts (FFD tag 1079). */
  price: string;
  /** Quantity (FFD tag 1023). */
  quantity: string;
  /** Cost after discounts (FFD tag 1043). */
  sum?: string;
  /** Measure of quantity (FFD tag 2108). */
  measure?:
    | 0
    | 10
    | 11
    | 12
    | 20
    | 21
    | 22
    | 30
    | 31
    | 32
    | 40
    | 41
    | 42
    | 50
    | 51
    | 70
    | 71
    | 72
    | 73
    | 80
    | 81
    | 82
    | 83
    | 255;
  /** Unit (FFD tag 1197). */
  measurement_unit?: string;
  /** Settlement method (FFD tag 1214). */
  payment_method:
    | 'full_prepayment'
    | 'prepayment'
    | 'advance'
    | 'full_payment'
    | 'partial_payment'
    | 'credit'
    | 'credit_payment';
  /** Settlement subject (FFD tag 1212). */
  payment_object:
    | 'commodity'
    | 'excise'
    | 'job'
    | 'service'
    | 'gambling_bet'
    | 'gambling_prize'
    | 'lottery'
    | 'lottery_prize'
    | 'intellectual_activity'
    | 'payment'
    | 'agent_commission'
    | 'award'
    | 'another'
    | 'property_right'
    | 'non-operating_gain'
    | 'insurance_premium'
    | 'sales_tax'
    | 'resort_fee'
    | 'deposit'
    | 'expense'
    | 'pension_insurance_ip'
    | 'pension_insurance'
    | 'medical_insurance_ip'
    | 'medical_insurance'
    | 'social_insurance_ip'
    | 'social_insurance'
    | 'casino_payment'
    | 'excise_without_mark'
    | 'excise_with_mark'
    | 'commodity_without_mark'
    | 'commodity_with_mark';
  /** VAT of the item */
  vat: ItemVatInput;
  /** Product code (FFD tag 1162). */
  nomenclature_code?: string;
  /** Product code (FFD tag 1163). */
  mark_code?: MarkCodeInput;
  /** Mode of mark processing (FFD tag 2102). */
  mark_processing_mode?: '0';
  /** Fraction of a marked piece (FFD tag 1291). */
  mark_quantity?: MarkQuantityInput;
  /** Planned status of the goods (FFD tag 2003). */
  planned_status?: number;
  /** Volume-grade accounting */
  wholesale?: boolean;
  /** Agent (FFD tag 1223). */
  agent_info?: AgentInput;
  /** Supplier (FFD tag 1224). */
  supplier_info?: SupplierInput;
  /** Industry requisite (FFD tag 1260). */
  sectoral_item_props?: SectoralInput[];
  /** Additional requisite of the item (FFD tag 1191). */
  user_data?: string;
  /** Excise (FFD tag 1229). */
  excise?: string;
  /** Country of origin (FFD tag 1230). */
  country_code?: string;
  /** Customs declaration (FFD tag 1231). */
  declaration_number?: string;
}

export interface PaymentInput {
  /** Kind of payment (FFD tag 1031). */
  type: 'cash' | 'electronic' | 'prepaid' | 'credit' | 'other';
  /** Sum of the payment; left out, the rest of the total (FFD tag 1031). */
  sum?: string;
}

export interface VatTotalInput {
  /** VAT rate (FFD tag 1199). */
  type:
    | 'none'
    | 'vat0'
    | 'vat10'
    | 'vat110'
    | 'vat18'
    | 'vat118'
    | 'vat20'
    | 'vat120'
    | 'vat5'
    | 'vat7'
    | 'vat105'
    | 'vat107'
    | 'vat22'
    | 'vat122';
  /** VAT sum */
  sum?: string;
}

export interface UserPropsInput {
  /** Its name (FFD tag 1085). */
  name: string;
  /** Its value (FFD tag 1086). */
  value: string;
}

export interface OperatingPropsInput {
  /** Operation id (FFD tag 1271). */
  name: string;
  /** Operation data (FFD tag 1272). */
  value: string;
  /** Time of the operation (FFD tag 1273). */
  timestamp: string;
}

export interface CashlessInput {
  /** Its sum (FFD tag 1082). */
  sum: string;
  /** Its method (FFD tag 1236). */
  method: number;
  /** Its identifiers (FFD tag 1237). */
  id: string;
  /** More about it (FFD tag 1238). */
  additional_info?: string;
}

export interface CorrectionInput {
  /** Type of the correction (FFD tag 1173). */
  type: 'self' | 'instruction';
  /** Date of the corrected settlement (FFD tag 1178). */
  base_date: string;
  /** Number of the order (FFD tag 1179). */
  base_number?: string;
}

export interface ReceiptInput {
  /** Code of the group of registers */
  group: string;
  /** Operation: sale, refund, purchase, or a correction of one (FFD tag 1054). */
  operation:
    | 'sell'
    | 'sell_refund'
    | 'buy'
    | 'buy_refund'
    | 'sell_correction'
    | 'sell_refund_correction'
    | 'buy_correction'
    | 'buy_refund_correction';
  /** Buyer */
  client?: ClientInput;
  /** Seller */
  company?: CompanyInput;
  /** Settlement items (FFD tag 1059). */
  items?: ItemInput[];
  /** Payments */
  payments: PaymentInput[];
  /** VAT of the receipt by rate */
  vats?: VatTotalInput[];
  /** Total (FFD tag 1020). */
  total?: string;
  /** Cashier (FFD tag 1021). */
  cashier?: string;
  /** Cashier’s INN (FFD tag 1203). */
  cashier_inn?: string;
  /** Additional requisite of the receipt (FFD tag 1192). */
  additional_check_props?: string;
  /** Additional requisite of the seller (FFD tag 1084). */
  additional_user_props?: UserPropsInput;
  /** Operating requisite (FFD tag 1270). */
  operating_check_props?: OperatingPropsInput;
  /** Industry requisite (FFD tag 1261). */
  sectoral_check_props?: SectoralInput[];
  /** Details of cashless payments (FFD tag 1235). */
  cashless_payments?: CashlessInput[];
  /** Machine number (FFD tag 1036). */
  device_number?: string;
  /** Settlement in the Internet (FFD tag 1125). */
  internet?: boolean;
  /** Time zone of the settlement (FFD tag 1011). */
  timezone?: number;
  /** Agent (FFD tag 1223). */
  agent_info?: AgentInput;
  /** Supplier (FFD tag 1224). */
  supplier_info?: SupplierInput;
  /** Basis of the correction (FFD tag 1174). */
  correction_info?: CorrectionInput;
  /** Register even when the marking system does not answer */
  ism_optional?: boolean;
  /** Where to tell the result */
  callback_url?: string;
}

export interface Accepted {
  /** Our id of the receipt */
  id: string;
  /** The Idempotency-Key */
  external_id: string;
  /** Code of the group */
  group: string;
  /** Operation */
  operation:
    | 'sell'
    | 'sell_refund'
    | 'buy'
    | 'buy_refund'
    | 'sell_correction'
    | 'sell_refund_correction'
    | 'buy_correction'
    | 'buy_refund_correction';
  /** Total as it will be registered (FFD tag 1020). */
  total: string;
  /** What was accepted but will not be done, Russian */
  warnings: string[];
}

export interface Suggestion {
  /** The value that would be right, when it is known */
  value?: string;
  /** What to do, Russian */
  ru: string;
  /** What to do, English */
  en: string;
}

export interface FieldProblem {
  /** JSON pointer (RFC 6901) into the request */
  pointer: string;
  /** Stable name of the rule */
  rule: string;
  /** FFD tag of the requisite */
  tag: number | null;
  /** What is wrong, Russian */
  detail: string;
  /** What is wrong, English */
  detail_en: string;
  /** What would be right */
  suggestion?: Suggestion;
}

export interface Problem {
  /** Kind of the problem as a reference */
  type: string;
  /** Title, Russian */
  title: string;
  /** Title, English */
  title_en: string;
  /** HTTP status */
  status: number;
  /** Stable name of the kind */
  code: string;
  /** More about it, Russian */
  detail?: string;
  /** More about it, English */
  detail_en?: string;
  /** Names this request in our log */
  instance: string;
  /** The receipt that the problem is about */
  receipt_id?: string;
  /** What is wrong, field by field */
  errors?: FieldProblem[];
}

export interface Payment {
  /** Kind of payment */
  type: string;
  /** Sum */
  sum: string;
}

export interface VatTotal {
  /** Code of the VAT rate (FFD tag 1199). */
  code: number;
  /** Name of the rate, Russian */
  name: string;
  /** Tax, or turnover for 0 % and without VAT */
  sum: string;
}

export interface Judgement {
  /** The receipt would be accepted */
  valid: boolean;
  /** Why it would not */
  errors: FieldProblem[];
  /** What would be changed */
  warnings: FieldProblem[];
  /** Total (FFD tag 1020). */
  total: string | null;
  /** Payments as they will be registered */
  payments: Payment[];
  /** VAT as it will be registered */
  vat_totals: VatTotal[];
  /** Size of the document, bytes */
  tlv_bytes: number | null;
  /** Largest document, bytes */
  tlv_limit_bytes: number;
}

export interface Preview {
  /** The printed form: a page that needs nothing else */
  html: string;
  /** The document as TLV, hex */
  tlv_hex: string;
  /** Its size, bytes */
  tlv_bytes: number;
  /** Largest document, bytes */
  tlv_limit_bytes: number;
  /** Text of the QR code (FFD tag 1196). */
  qr: string;
  /** What was changed for the document */
  warnings: FieldProblem[];
}

export interface ReceiptBrief {
  /** Our id of the receipt */
  id: string;
  /** The Idempotency-Key or external_id */
  external_id: string;
  /** Code of the group */
  group: string;
  /** Operation */
  operation:
    | 'sell'
    | 'sell_refund'
    | 'buy'
    | 'buy_refund'
    | 'sell_correction'
    | 'sell_refund_correction'
    | 'buy_correction'
    | 'buy_refund_correction';
  /** State */
  state: 'queued' | 'working' | 'in_doubt' | 'done' | 'failed';
  /** Total (FFD tag 1020). */
  total: string;
  /** When it was accepted */
  accepted_at: string;
  /** When it ended */
  finished_at: string | null;
  /** Serial number of the register */
  register: string | null;
  /** FN number (FFD tag 1041). */
  fn_number: string | null;
  /** Number of the fiscal document (FFD tag 1040). */
  fd_number: number | null;
  /** Number of the error */
  error_code: number | null;
  /** The error, Russian */
  error_text: string | null;
}

export interface ReceiptPage {
  /** Receipts, the newest first */
  items: ReceiptBrief[];
  /** Cursor of the next page; null on the last */
  next: string | null;
}

export interface Waiting {
  /** Stable name of the reason */
  reason: string;
  /** The reason, Russian */
  text: string;
  /** The reason, English */
  text_en: string;
  /** Place in the queue of the group, 1 is next */
  place: number | null;
  /** Seconds until it is registered, as things go now */
  estimate_s: number | null;
  /** A receipt still in the queue at this moment fails */
  deadline_at: string | null;
}

export interface ReceiptError {
  /** Number of the error, as the compatible protocol tells it */
  code: number;
  /** Who is at fault: agent, driver, system, timeout */
  type: string;
  /** Russian */
  text: string;
}

export interface Document {
  /** FN number (FFD tag 1041). */
  fn_number: string;
  /** Number of the fiscal document (FFD tag 1040). */
  fd_number: number;
  /** Fiscal sign (FFD tag 1077). */
  fiscal_sign: number;
  /** Local time of the document (FFD tag 1012). */
  at: string;
  /** Shift (FFD tag 1038). */
  shift_number: number;
  /** Number of the receipt in its shift (FFD tag 1042). */
  receipt_number: number;
  /** Total (FFD tag 1020). */
  total: string;
  /** Registration number of the register (FFD tag 1037). */
  rnm: string;
  /** Serial number of the register */
  register: string | null;
  /** Site of the tax service (FFD tag 1060). */
  fns_site: string;
  /** INN of the operator (FFD tag 1017). */
  ofd_inn: string;
  /** Page of the receipt at the operator */
  ofd_url: string | null;
  /** Page of the receipt for its buyer, behind a signed link */
  receipt_url: string | null;
  /** When the operator confirmed the document */
  confirmed_at: string | null;
  /** Text of the QR code (FFD tag 1196). */
  qr: string;
}

export interface Relative {
  /** The other receipt */
  id: string;
  /** What was built */
  kind: 'refund' | 'undo' | 'redo';
}

export interface Receipt {
  /** Our id of the receipt */
  id: string;
  /** The Idempotency-Key or external_id */
  external_id: string;
  /** Code of the group */
  group: string;
  /** The door it came through */
  api: 'v4' | 'v5' | 'v1';
  /** Operation */
  operation:
    | 'sell'
    | 'sell_refund'
    | 'buy'
    | 'buy_refund'
    | 'sell_correction'
    | 'sell_refund_correction'
    | 'buy_correction'
    | 'buy_refund_correction';
  /** State */
  state: 'queued' | 'working' | 'in_doubt' | 'done' | 'failed';
  /** Total (FFD tag 1020). */
  total: string;
  /** When it was accepted */
  accepted_at: string;
  /** When it ended */
  finished_at: string | null;
  /** Why it waits; null when it does not */
  waiting: Waiting | null;
  /** Why it failed */
  error: ReceiptError | null;
  /** The fiscal document */
  document: Document | null;
  /** Where the result is told */
  callback_url: string | null;
  /** What was accepted but will not be done, Russian */
  warnings: string[];
  /** The receipt it was built from */
  origin: Relative | null;
  /** Receipts built from it */
  derived: Relative[];
}

export interface SendInput {
  /** Another e-mail address than the receipt names */
  email?: string;
  /** Another telephone than the receipt names */
  phone?: string;
}

export interface Sent {
  /** How it is sent */
  channel: 'email' | 'sms';
  /** Where to, in part */
  contact: string;
}

export interface RefundItemInput {
  /** Item of the original, counted from 0 */
  position: number;
  /** Quantity taken back (FFD tag 1023). */
  quantity?: string;
  /** Money given back for it (FFD tag 1043). */
  sum?: string;
}

export interface RefundInput {
  /** Items taken back */
  items?: RefundItemInput[];
  /** Money given back, shared among the items in proportion */
  amount?: string;
  /** How it is paid back; left out, in the proportion of the original */
  payments?: PaymentInput[];
  /** Buyer, when another than in the original */
  client?: ClientInput;
  /** Where to tell the result */
  callback_url?: string;
}

export interface RefundLine {
  /** Name (FFD tag 1030). */
  name: string;
  /** Price (FFD tag 1079). */
  price: string;
  /** Quantity (FFD tag 1023). */
  quantity: string;
  /** Sum (FFD tag 1043). */
  sum: string;
}

export interface RefundPlan {
  /** Operation of the refund */
  operation: string;
  /** Money given back */
  total: string;
  /** Money of the original that would still not be taken back */
  left: string;
  /** Items of the refund */
  items: RefundLine[];
  /** Payments of the refund */
  payments: Payment[];
  /** Why it would be refused */
  errors: FieldProblem[];
}

export interface CorrectionOfReceiptInput {
  /** What to do */
  kind: 'undo' | 'redo';
  /** Basis; left out: own initiative, the day of the original */
  correction_info?: CorrectionInput;
  /** Right items (redo) */
  items?: ItemInput[];
  /** Right payments (redo) */
  payments?: PaymentInput[];
  /** Right VAT of the receipt (redo) */
  vats?: VatTotalInput[];
  /** Right tax system (redo) (FFD tag 1055). */
  sno?: 'osn' | 'usn_income' | 'usn_income_outcome' | 'envd' | 'esn' | 'patent';
  /** Where to tell the result */
  callback_url?: string;
}

export interface Event {
  /** Position of the event: also the id in the stream */
  id: string;
  /** What happened */
  type: 'receipt.done' | 'receipt.failed';
  /** When */
  at: string;
  /** The receipt */
  receipt: ReceiptBrief;
}

export interface EventPage {
  /** Events, the earliest first */
  items: Event[];
  /** Position to go on from; keep it */
  next: string | null;
  /** More events are there already */
  more: boolean;
}

export interface RegisterShift {
  /** The shift is open */
  open: boolean;
  /** Its number (FFD tag 1038). */
  number: number | null;
  /** The register must close it before */
  expires_at: string | null;
}

export interface UnsentCause {
  /** Stable name: network, operator_unavailable, timeout, garbage, not_registered, not_activated, unpaid, wrong_fn, refused_document */
  code: string;
  /** The cause, Russian */
  text: string;
  /** The cause, English */
  text_en: string;
  /** It stays until a person acts; otherwise the relay gets through by itself */
  needs_person: boolean;
}

export interface Unsent {
  /** Documents in the FN that the operator has not confirmed */
  documents: number | null;
  /** Time of the first of them; the FN blocks 30 days after it */
  first_at: string | null;
  /** When the FN blocks unless they are sent */
  blocks_at: string | null;
  /** Why they are not sent; null while sending goes on */
  cause: UnsentCause | null;
}

export interface FnGauge {
  /** FN number (FFD tag 1041). */
  number: string;
  /** Model of the FN */
  model: string | null;
  /** Documents it can hold */
  capacity_documents: number | null;
  /** Documents left */
  documents_left: number | null;
  /** Share of the documents used, percent */
  used_percent: number | null;
  /** Last day of its term, `YYYY-MM-DD` */
  valid_until: string | null;
  /** Days of its term left */
  days_left: number | null;
  /** Day it is expected to end, `YYYY-MM-DD`, by last night’s forecast */
  ends_on: string | null;
  /** What ends it: capacity or validity */
  ends_by: string | null;
}

export interface Register {
  /** Serial number (FFD tag 1013). */
  serial: string;
  /** Model */
  model: string;
  /** Code of its group */
  group: string;
  /** Registration number (FFD tag 1037). */
  rnm: string | null;
  /** How it is */
  state:
    'works' | 'attention' | 'offline' | 'stopped' | 'paused' | 'swap' | 'registering' | 'stock' | 'closed';
  /** What is wrong, a stable name */
  problem: string | null;
  /** Its shift; null when nothing was heard of it yet */
  shift: RegisterShift | null;
  /** Operator */
  operator: string | null;
  /** What the operator has not confirmed */
  unsent: Unsent;
  /** Its FN */
  fn: FnGauge | null;
  /** Number of its last document (FFD tag 1040). */
  last_fd: number | null;
}

export interface RegisterPage {
  /** Registers by group and serial number */
  items: Register[];
  /** `cursor` of the next page; null on the last */
  next: string | null;
}

export interface SignTotals {
  /** Operation (FFD tag 1054). */
  operation: 'sell' | 'sell_refund' | 'buy' | 'buy_refund';
  /** Receipts */
  receipts: number;
  /** Correction receipts */
  corrections: number;
  /** Their total, corrections included */
  total: string;
  /** Paid in cash */
  cash: string;
  /** Paid electronically */
  electronic: string;
}

export interface ReportLine {
  /** Serial number of the register; null in a report by period */
  register: string | null;
  /** Its registration number (FFD tag 1037). */
  rnm: string | null;
  /** FN number (FFD tag 1041). */
  fn_number: string | null;
  /** Shift (FFD tag 1038). */
  shift_number: number | null;
  /** Day `YYYY-MM-DD` or hour `YYYY-MM-DDTHH` */
  period: string | null;
  /** First document */
  first_at: string;
  /** Last document */
  last_at: string;
  /** Sums by operation */
  totals: SignTotals[];
}

export interface Report {
  /** Lines */
  items: ReportLine[];
}

export interface CallbackAttempt {
  /** When */
  at: string;
  /** Where */
  url: string;
  /** What came of it */
  outcome: 'delivered' | 'failed' | 'gave_up';
  /** HTTP status of the answer */
  status: number | null;
  /** What went wrong, Russian */
  error: string | null;
  /** How long it took, milliseconds */
  took_ms: number | null;
}

export interface Callback {
  /** Our id of the receipt */
  receipt_id: string;
  /** The header `webhook-id`: the same at each attempt */
  webhook_id: string;
  /** Address */
  url: string;
  /** State */
  state: 'pending' | 'delivered' | 'gave_up';
  /** Attempts since it began or was replayed */
  attempts: number;
  /** When the next attempt is due */
  next_at: string | null;
  /** When it ended */
  finished_at: string | null;
  /** Attempts, the newest first, at most 100 */
  journal: CallbackAttempt[];
}

export interface Undelivered {
  /** Our id of the receipt */
  receipt_id: string;
  /** Address */
  url: string;
  /** Attempts */
  attempts: number;
  /** HTTP status of the last answer */
  last_status: number | null;
  /** What went wrong last, Russian */
  last_error: string | null;
  /** When it was given up */
  finished_at: string | null;
}

export interface UndeliveredList {
  /** Callbacks given up, the newest first */
  items: Undelivered[];
}

export interface CallbackSecret {
  /** Secrets that sign now, the current one first: any signature by any of them is right */
  secrets: string[];
  /** Until when the previous secret signs too */
  previous_until: string | null;
}

export interface RotateSecretInput {
  /** Hours the previous secret signs too (24 unless said otherwise) */
  previous_lives_hours?: number;
}

export interface OrderInput {
  /** Code of the group of registers */
  group: string;
  /** Settlement items (FFD tag 1059). */
  items: ItemInput[];
  /** Discount on the whole order */
  discount?: string;
  /** What will be paid (FFD tag 1020). */
  total: string;
  /** Buyer */
  client?: ClientInput;
  /** Seller */
  company?: CompanyInput;
  /** Cashier (FFD tag 1021). */
  cashier?: string;
  /** Cashier’s INN (FFD tag 1203). */
  cashier_inn?: string;
  /** Where the results of its receipts are told */
  callback_url?: string;
}

export interface Order {
  /** The shop’s number of the order */
  order_no: string;
  /** Code of the group */
  group: string;
  /** What will be paid (FFD tag 1020). */
  total: string;
  /** Lines of its receipt; a discount may make two of one item */
  lines: number;
  /** Whether this request changed it */
  state: 'registered' | 'unchanged';
  /** What should be mended before the payment, Russian */
  warnings: string[];
}

export interface KnownOrder {
  /** The shop’s number of the order */
  order_no: string;
  /** Code of the group */
  group: string;
  /** What is to be paid (FFD tag 1020). */
  total: string;
  /** Lines of its receipt */
  lines: number;
  /** When it was registered first */
  created_at: string;
  /** Where the results of its receipts are told */
  callback_url: string | null;
  /** Ids of payments that were told for it */
  payments: string[];
}

export interface SecretsInput {
  /** T-Bank: terminal */
  terminal_key?: string;
  /** T-Bank, Sber: password */
  password?: string;
  /** YooKassa: shop id */
  shop_id?: string;
  /** YooKassa: secret key */
  secret_key?: string;
  /** CloudPayments: public id */
  public_id?: string;
  /** CloudPayments: API secret */
  api_secret?: string;
  /** Sber: user of the gateway */
  user_name?: string;
  /** Sber: key of HMAC checksums */
  callback_key?: string;
  /** Sber: certificate of RSA checksums, PEM */
  callback_certificate?: string;
  /** Robokassa: shop */
  merchant_login?: string;
  /** Robokassa: password 2 */
  password2?: string;
  /** PayPal: client id */
  client_id?: string;
  /** PayPal: client secret */
  client_secret?: string;
  /** PayPal: webhook id */
  webhook_id?: string;
  /** PayPal IPN: receiver id */
  receiver_id?: string;
  /** Stripe: endpoint secret */
  endpoint_secret?: string;
  /** Stripe: API key */
  api_key?: string;
}

export interface ConnectionSettingsInput {
  /** Live or test payments */
  mode?: 'live' | 'test';
  /** A partial refund: spread over the items, or left to a person */
  partial_refund?: 'split' | 'review';
  /** Networks callbacks may come from, instead of the published ones */
  addresses?: string[];
  /** Hash set at Robokassa */
  hash?: 'sha256' | 'sha384' | 'sha512';
  /** Checksum set at Sber */
  checksum?: 'hmac' | 'rsa';
  /** T-Bank: GetState tells what is left after a partial refund */
  amount_is_what_is_left?: boolean;
}

export interface ConnectionInput {
  /** Payment provider */
  provider:
    'paypal' | 'paypal-ipn' | 'yookassa' | 'tbank' | 'cloudpayments' | 'sber' | 'robokassa' | 'stripe';
  /** Code of the group of registers */
  group: string;
  /** Name for people */
  name: string;
  /** Secrets of the account */
  secrets: SecretsInput;
  /** Settings */
  settings?: ConnectionSettingsInput;
}

export interface ConnectionSettings {
  /** Live or test payments */
  mode: string;
  /** A partial refund: `split` or `review` */
  partial_refund: string;
  /** Networks instead of the published ones */
  addresses?: string[];
  /** Hash set at Robokassa */
  hash?: string;
  /** Checksum set at Sber */
  checksum?: string;
  /** T-Bank: what GetState tells after a partial refund */
  amount_is_what_is_left?: boolean;
}

export interface Connection {
  /** Our id of the connection */
  id: string;
  /** Payment provider */
  provider:
    'paypal' | 'paypal-ipn' | 'yookassa' | 'tbank' | 'cloudpayments' | 'sber' | 'robokassa' | 'stripe';
  /** Code of the group */
  group: string;
  /** Name for people */
  name: string;
  /** State */
  state: 'active' | 'suspended' | 'disabled';
  /** Why it is suspended */
  state_reason: string | null;
  /** What to put into the provider’s settings */
  callback_url: string;
  /** Payments can be asked of the provider; without that, refunds and lost callbacks are not found */
  can_reconcile: boolean;
  /** Settings */
  settings: ConnectionSettings;
  /** When it was made */
  created_at: string;
}

export interface ConnectionList {
  /** Connections */
  items: Connection[];
}

export interface ConnectionChangeInput {
  /** Name for people */
  name?: string;
  /** All secrets anew */
  secrets?: SecretsInput;
  /** Settings anew */
  settings?: ConnectionSettingsInput;
  /** State */
  state?: 'active' | 'disabled';
}

export interface Park {
  /** Stable name of the reason */
  reason: string;
  /** The reason, Russian */
  text: string | null;
  /** Since when it waits */
  since: string | null;
}

export interface PaymentReceipt {
  /** Money in or back */
  effect: 'income' | 'return';
  /** Our id of the receipt */
  receipt_id: string;
  /** The part of the payment it covers */
  sum: string;
  /** State of the receipt */
  state: 'queued' | 'working' | 'in_doubt' | 'done' | 'failed';
}

export interface PaymentState {
  /** Our id of the payment */
  id: string;
  /** Payment provider */
  provider: string;
  /** Our id of the connection */
  connection: string;
  /** Code of the group */
  group: string;
  /** The provider’s id of the payment */
  provider_payment_id: string;
  /** The shop’s number of the order */
  order_no: string | null;
  /** Currency, ISO 4217 */
  currency: string;
  /** Paid in all, minor units of the currency */
  paid_minor: number;
  /** Covered by receipts of income */
  receipted: string;
  /** Covered by receipts of return */
  returned: string;
  /** A refund came before its payment */
  waits_for_payment: boolean;
  /** Why it waits for a person */
  parked: Park | null;
  /** Its receipts */
  receipts: PaymentReceipt[];
  /** When it was told first */
  created_at: string;
}

export interface PaymentList {
  /** Payments, the newest first */
  items: PaymentState[];
  /** Cursor of the next page; null on the last */
  next: string | null;
}

export interface PaymentEvent {
  /** Number of the event */
  id: string;
  /** Our id of the connection */
  connection: string;
  /** Where it came from */
  source: 'callback' | 'reconciliation' | 'shop';
  /** The provider’s name of what happened */
  kind: string;
  /** What made it believed, or why it was not */
  verdict: string;
  /** What became of it */
  state: 'new' | 'applied' | 'ignored' | 'rejected';
  /** More about it */
  note: string | null;
  /** Address it came from */
  address: string;
  /** How often it came */
  times: number;
  /** Our id of the payment */
  payment: string | null;
  /** When it came first */
  received_at: string;
  /** When it came last */
  seen_at: string;
}

export interface PaymentEventList {
  /** Events, the newest first */
  items: PaymentEvent[];
  /** Cursor of the next page; null on the last */
  next: string | null;
}

export interface DismissInput {
  /** What was done instead */
  reason: string;
}

export interface PaymentRefundInput {
  /** The shop’s number of the refund */
  id: string;
  /** Refunded sum */
  sum: string;
}

export interface CalculatorInput {
  /** Receipts a day */
  receipts_per_day: number;
  /** Receipts in the busiest minute */
  peak_per_minute: number;
  /** Milliseconds a register needs for a receipt of one item */
  pace_ms: number;
  /** Seconds from acceptance to document that 99 of 100 receipts of the peak must keep */
  p99_s: number;
  /** Minutes a peak lasts: 60 */
  peak_minutes?: number;
  /** Items of an ordinary receipt: 1 */
  items_per_receipt?: number;
  /** Milliseconds for each item after the first: 0 */
  item_ms?: number;
  /** Growth in a month, percent: 0 */
  growth_percent?: number;
  /** Months to plan for: 12 */
  plan_months?: number;
  /** Term of an FN, months: 13 */
  fn_term_months?: number;
}

export interface CalculatorOption {
  /** Registers */
  registers: number;
  /** Milliseconds that 99 of 100 receipts of the peak keep */
  predicted_p99_ms: number;
  /** Busy in the peak, percent */
  busy_percent: number;
}

export interface CalculatorLine {
  /** In Russian */
  ru: string;
  /** In English */
  en: string;
}

export interface Calculator {
  /** Registers below which the queue of the peak has no end */
  minimum: number;
  /** Registers with which the wanted time is kept */
  optimal: number;
  /** FNs bought in a year for the optimal number */
  fns_per_year: number;
  /** Days that one FN lasts */
  fn_days: number;
  /** Milliseconds that 99 of 100 receipts of the peak keep, at the optimal number */
  predicted_p99_ms: number;
  /** What each number of registers gives */
  options: CalculatorOption[];
  /** The arithmetic, line by line */
  arithmetic: CalculatorLine[];
}

export interface Key {
  /** Names the key; it is a part of its text */
  id: string;
  /** What the key is for */
  name: string;
  /** Rights */
  scopes: (
    | 'receipt:write'
    | 'receipt:read'
    | 'report:read'
    | 'key:manage'
    | 'payment:write'
    | 'payment:read'
    | 'payment:manage'
  )[];
  /** The only group it may touch; null: all */
  group: string | null;
  /** Networks it may be used from; empty: from anywhere */
  allowed_from: string[];
  /** When it was made */
  created_at: string;
  /** When it ends */
  expires_at: string | null;
  /** When it was revoked */
  revoked_at: string | null;
  /** Last use, late by some seconds */
  last_used_at: string | null;
  /** Address of the last use */
  last_used_from: string | null;
  /** This is the key you ask with */
  current: boolean;
}

export interface KeyList {
  /** Keys, the newest first */
  items: Key[];
}

export interface KeyInput {
  /** What the key is for */
  name: string;
  /** Rights, none beyond your own */
  scopes: (
    | 'receipt:write'
    | 'receipt:read'
    | 'report:read'
    | 'key:manage'
    | 'payment:write'
    | 'payment:read'
    | 'payment:manage'
  )[];
  /** The only group it may touch */
  group?: string;
  /** Networks it may be used from, like 203.0.113.0/24; empty or absent: from anywhere */
  allowed_from?: string[];
  /** Days it lives */
  lifetime_days?: number;
}

export interface MadeKey {
  /** The key: shown once, kept nowhere */
  key: string;
  /** Its id */
  id: string;
}

export interface KeyChangeInput {
  /** Networks it may be used from, like 203.0.113.0/24; empty or absent: from anywhere */
  allowed_from: string[];
}

export interface RotateInput {
  /** Hours the old key lives on (24 unless said otherwise) */
  old_lives_hours?: number;
}

export interface NewKey {
  /** The new key: shown once, kept nowhere */
  key: string;
  /** Its id */
  id: string;
  /** When the old key ends */
  old_ends_at: string;
}
