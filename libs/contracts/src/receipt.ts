/** Integer kopecks. Always a safe integer; never a float of roubles. */
export type Kop = number;

/** Settlement sign (tag 1054): 1 income, 2 income return, 3 expense, 4 expense return. */
export type SettlementSign = 1 | 2 | 3 | 4;

/** FFD version as in tag 1209: 2 = 1.05, 3 = 1.1, 4 = 1.2. */
export type FfdVersion = 2 | 3 | 4;

/** VAT rate code (tag 1199): 1 20 %, 2 10 %, 3 20/120, 4 10/110, 5 0 %, 6 none, 7 5 %, 8 7 %, 9 5/105, 10 7/107, 11 22 %, 12 22/122. */
export type VatCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

/** Tax system bit (tags 1055, 1062): 1 OSN, 2 USN income, 4 USN income-expense, 8 ENVD, 16 ESHN, 32 patent. */
export type TaxSystem = 1 | 2 | 4 | 8 | 16 | 32;

/** Who acts for whom (tags 1057/1222 mask bit, 1223 agent data). */
export interface Agent {
  /** Bit of tag 1222: 1 bank pay agent, 2 bank pay subagent, 4 pay agent, 8 pay subagent, 16 attorney, 32 commissioner, 64 agent. */
  kind: 1 | 2 | 4 | 8 | 16 | 32 | 64;
  /** Tag 1044. */
  operation?: string;
  /** Tag 1073. */
  payingPhones?: string[];
  /** Tag 1074. */
  receivePhones?: string[];
  /** Tags 1075, 1026, 1005, 1016. */
  transfer?: { phones?: string[]; name?: string; address?: string; inn?: string };
}

/** Tags 1171, 1225 (inside 1224) and 1226. */
export interface Supplier {
  phones?: string[];
  name?: string;
  inn?: string;
}

/** Industry requisite (tags 1260/1261 {1262, 1263, 1264, 1265}). `date` is `YYYY-MM-DD`. */
export interface SectoralProps {
  federalId: string;
  date: string;
  number: string;
  value: string;
}

/** Kind of product code inside tag 1163. */
export type MarkKind =
  'unknown' | 'ean8' | 'ean13' | 'itf14' | 'gs10' | 'gs1m' | 'short' | 'fur' | 'egais20' | 'egais30';

/** One settlement item (tag 1059). */
export interface ReceiptItem {
  /** Tag 1030. */
  name: string;
  /** Tag 1079, after discounts. */
  priceKop: Kop;
  /** Tag 1023 in millionths of a unit: 1.5 kg is 1_500_000. */
  quantityMicro: number;
  /** Tag 1043. */
  sumKop: Kop;
  /** Tag 2108 (FFD 1.2). */
  measure?: number;
  /** Tag 1197 (FFD 1.05/1.1). */
  unit?: string;
  /** Tag 1214, 1..7. */
  method: number;
  /** Tag 1212, 1..33. */
  subject: number;
  /** Tag 1199; absent when the shop gave VAT for the whole receipt only. */
  vat?: VatCode;
  /** Tag 1200. */
  vatSumKop?: Kop;
  agent?: Agent;
  supplier?: Supplier;
  /** Tag 1191. */
  userData?: string;
  /** Tag 1229. */
  exciseKop?: Kop;
  /** Tag 1230, three digits. */
  countryCode?: string;
  /** Tag 1231. */
  declaration?: string;
  /** Tag 1162 as hex (FFD 1.05/1.1). */
  nomenclatureHex?: string;
  /** Tag 1163 (FFD 1.2). `gs1m` and `short` hold the full code with group separators. */
  mark?: { kind: MarkKind; code: string };
  /** Tag 2102. */
  markMode?: number;
  /** Tags 1293, 1294. */
  markQuantity?: { numerator: number; denominator: number };
  /** Tag 2003. */
  plannedStatus?: number;
  /** Tag 1260. */
  sectoral?: SectoralProps[];
  wholesale?: boolean;
}

/** Money received by kind; their sum is the total. */
export interface Payments {
  /** Tag 1031. */
  cashKop: Kop;
  /** Tag 1081. */
  ecashKop: Kop;
  /** Tag 1215. */
  prepaidKop: Kop;
  /** Tag 1216. */
  creditKop: Kop;
  /** Tag 1217. */
  provisionKop: Kop;
}

/** VAT of the whole receipt by rate code. For codes 5 and 6 the sum is the turnover (tags 1104, 1105). */
export type VatTotals = Partial<Record<VatCode, Kop>>;

/**
 * A receipt as the farm understands it: already checked, in integer kopecks, free of any outer API's shape.
 * Stored as JSON with the accepted receipt; the driver turns it into FFD requisites.
 */
export interface ReceiptContent {
  /** Form 3 (receipt) or 31 (correction). */
  form: 'receipt' | 'correction';
  sign: SettlementSign;
  company: {
    /** Tag 1018; must equal the register's. */
    inn: string;
    /** Tag 1055. */
    taxSystem?: TaxSystem;
    /** Tag 1117. */
    email?: string;
    /** Tag 1187. */
    place: string;
    /** Tag 1009. */
    address?: string;
  };
  client?: {
    email?: string;
    phone?: string;
    /** Tag 1227. */
    name?: string;
    /** Tag 1228. */
    inn?: string;
    /** Tag 1243, `DD.MM.YYYY`. */
    birthdate?: string;
    /** Tag 1244. */
    citizenship?: string;
    /** Tag 1245. */
    documentCode?: string;
    /** Tag 1246. */
    documentData?: string;
    /** Tag 1254. */
    address?: string;
  };
  /** Empty only for a correction by FFD 1.05. */
  items: ReceiptItem[];
  payments: Payments;
  /** Tags 1234/1235 {1082, 1236, 1237, 1238}. */
  cashless?: { sumKop: Kop; method: number; id: string; info?: string }[];
  vatTotals: VatTotals;
  /** Tag 1020. */
  totalKop: Kop;
  /** Tags 1021, 1203. */
  cashier?: { name?: string; inn?: string };
  /** Tag 1192. */
  checkProps?: string;
  /** Tags 1084 {1085, 1086}. */
  userProps?: { name: string; value: string };
  /** Tag 1270 {1271, 1272, 1273}. `at` is `YYYY-MM-DDTHH:MM:SS`, local. */
  operatingProps?: { id: number; value: string; at: string };
  /** Tag 1261. */
  sectoral?: SectoralProps[];
  /** Tag 1036. */
  machineNumber?: string;
  /** Tag 1125. */
  internet?: boolean;
  /** Tag 1011, 1..11. */
  timezone?: number;
  /** Receipt-level agent (tag 1057) and supplier (1171), FFD 1.05 only. */
  agent?: Agent;
  supplier?: Supplier;
  /** Tags 1173 (0 own initiative, 1 by order), 1174 {1178, 1179}; `date` is `YYYY-MM-DD`. */
  correction?: { type: 0 | 1; date: string; number?: string };
  /** Register even when the marking system does not answer in time (FFD 1.2). */
  markCheckOptional?: boolean;
}

/** Life of an accepted receipt. `in_doubt`: the device may have registered it; nobody touches it until the FN was asked. */
export type ReceiptState = 'queued' | 'working' | 'in_doubt' | 'done' | 'failed';

/** What the FN's own archive says about one fiscal document: the proof of a receipt. */
export interface FiscalProof {
  /** Tag 1041. */
  fnNumber: string;
  /** Tag 1040. */
  fdNumber: number;
  /** Tag 1077 as printed: unsigned 32-bit. */
  fiscalSign: number;
  /** FFD form code: 1, 2, 3, 5, 6, 11, 21, 31… */
  form: number;
  /** Tag 1012, wall clock of the settlement place, `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** Tag 1038. */
  shiftNumber?: number;
  /** Tag 1042. */
  receiptNumber?: number;
  /** Tag 1020. */
  totalKop?: Kop;
  /** The document's TLV as read from the archive, hex. */
  tlvHex: string;
}
