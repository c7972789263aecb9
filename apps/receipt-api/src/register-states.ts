import type { Clock } from '@kkt/contracts';
import type { RegisterStateRow, RegisterStateStore } from '@kkt/storage';

/** Page as the query has it: unchecked texts. */
export interface StatePage {
  limit: unknown;
  offset: unknown;
}

/** A register in the words of the compatible service's side API; moments are ISO 8601 with an offset. */
export interface RegisterState {
  /** Factory number of the KKT. */
  serialNumber: string;
  registrationNumber: string | null;
  /** The register's number inside the service, which reports call `device_code`. */
  deviceNumber: string;
  fiscalizationDate: string | null;
  fiscalStorageExpiration: string | null;
  /** Documents in the FN. */
  signedDocuments: number;
  fiscalStoragePercentageUse: number;
  fiscalStorageINN: string | null;
  fiscalStorageSerialNumber: string | null;
  fiscalStoragePaymentAddress: string | null;
  groupCode: string | null;
  /** When this was last heard of the register. */
  timestamp: string;
  isShiftOpened: boolean;
  shiftNumber: number;
  /** Receipts of the open shift, or of the last closed one. */
  shiftReceipt: number;
  /** Only when there are any. */
  unsentDocs?: number;
  /** Spelt so by the service. */
  firstUnsetDocTimestamp?: string;
  networkErrorCode: number;
}

const maxPage = 1000;
const defaultPage = 100;

/** Network error codes of the side API by cause of our relay; what it has no number for is 2, "settings or no link". */
const networkErrors: Readonly<Record<string, number>> = {
  network: 2,
  operator_unavailable: 6,
  timeout: 5,
  garbage: 4,
};

const wholeNumber = (value: unknown, otherwise: number): number | undefined => {
  if (value === undefined || value === '') return otherwise;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
};

const moment = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, '+00:00');

/** State of a client's registers, read for its own monitoring. */
export class RegisterStates {
  constructor(
    private readonly store: Pick<RegisterStateStore, 'page' | 'bySerial'>,
    private readonly clock: Clock,
  ) {}

  /** Undefined when the page is no page. */
  async page(clientId: string, { limit, offset }: StatePage): Promise<RegisterState[] | undefined> {
    const count = wholeNumber(limit, defaultPage);
    const from = wholeNumber(offset, 0);
    if (count === undefined || from === undefined) return undefined;
    const rows = await this.store.page(clientId, { limit: Math.min(count, maxPage), offset: from });
    return rows.map((row) => this.told(row));
  }

  async bySerial(clientId: string, serial: string): Promise<RegisterState | undefined> {
    const row = await this.store.bySerial(clientId, serial);
    return row && this.told(row);
  }

  private told(row: RegisterStateRow): RegisterState {
    const { capacityDocuments, lastFd } = row;
    const share = capacityDocuments ? (100 * lastFd) / capacityDocuments : 0;
    return {
      serialNumber: row.serial,
      registrationNumber: row.rnm,
      deviceNumber: row.serial,
      fiscalizationDate: row.registeredAt === null ? null : `${row.registeredAt}+03:00`,
      fiscalStorageExpiration: row.validUntil === null ? null : `${row.validUntil}T00:00:00+03:00`,
      signedDocuments: lastFd,
      fiscalStoragePercentageUse: Math.round(share * 100) / 100,
      fiscalStorageINN: row.inn,
      fiscalStorageSerialNumber: row.fnNumber,
      fiscalStoragePaymentAddress: row.paymentAddress,
      groupCode: row.groupCode,
      timestamp: moment(row.updatedAt ?? new Date(this.clock.nowMs())),
      isShiftOpened: row.shiftOpen,
      shiftNumber: row.shiftNumber,
      shiftReceipt: row.shiftReceipts,
      ...(row.unsent > 0 && { unsentDocs: row.unsent }),
      ...(row.firstUnsentAt !== null &&
        row.unsent > 0 && { firstUnsetDocTimestamp: moment(row.firstUnsentAt) }),
      networkErrorCode: row.online ? (row.relayCause === null ? 0 : (networkErrors[row.relayCause] ?? 2)) : 1,
    };
  }
}
