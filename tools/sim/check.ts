import type { FfdVersion } from '@kkt/contracts';
import { contentDigest, digestOfDocument, parseDocument } from '@kkt/ffd';
import type { SimFarm } from './farm';

/** What a run came to. The first eight are the line that is printed. */
export interface Verdict {
  accepted: number;
  documents: number;
  lost: number;
  doubled: number;
  outOfOrder: number;
  undecided: number;
  done: number;
  failed: number;
  /** Shift openings and closings in the FNs. */
  shiftReports: number;
  /** Everything that is not as it must be, one sentence each. */
  faults: string[];
}

interface ReceiptRow {
  id: string;
  externalId: string;
  groupId: number;
  state: string;
  fnNumber: string | null;
  fdNumber: number | null;
  errorCode: number | null;
  callbackUrl: string | null;
  reason: string | null;
}

interface DocumentRow {
  fnNumber: string;
  fdNumber: number;
  form: number;
  receiptId: string | null;
  tlvHex: string;
  confirmed: boolean;
}

/** Tag and length of the document itself, which our copy leaves out. */
const tlvHeadBytes = 4;

const isReceipt = (form: number): boolean => form === 3 || form === 31 || form === 4 || form === 41;

/** Compares what shops were told, PostgreSQL, every FN's own memory, the operator's store and the callbacks. */
export async function check(farm: SimFarm): Promise<Verdict> {
  const receipts = await farm.database.run<ReceiptRow>(
    `select id, external_id as "externalId", group_id as "groupId", state, fn_number as "fnNumber", fd_number as "fdNumber",
       error_code as "errorCode", callback_url as "callbackUrl", wait_reason as reason from receipts`,
  );
  const documents = await farm.database.run<DocumentRow>(
    `select fn_number as "fnNumber", fd_number as "fdNumber", form, receipt_id as "receiptId",
       encode(tlv, 'hex') as "tlvHex", confirmed_at is not null as confirmed from documents`,
  );
  const serviceIntents = await farm.database.run<{ fnNumber: string; fdNumber: number }>(
    `select fn_number as "fnNumber", fd_number as "fdNumber" from intents where state = 'done' and kind <> 'receipt'`,
  );
  const ledger = new Ledger(farm, receipts, documents, serviceIntents);
  return ledger.verdict();
}

class Ledger {
  private readonly faults: string[] = [];
  private readonly byDocument = new Map<string, ReceiptRow>();
  private readonly documentOf: Map<string, DocumentRow>;
  private lost = 0;
  private doubled = 0;
  private outOfOrder = 0;
  private fnReceipts = 0;
  private shiftReports = 0;

  constructor(
    private readonly farm: SimFarm,
    private readonly receipts: ReceiptRow[],
    private readonly documents: DocumentRow[],
    private readonly serviceIntents: { fnNumber: string; fdNumber: number }[],
  ) {
    this.documentOf = new Map(documents.map((row) => [`${row.fnNumber}/${row.fdNumber}`, row]));
  }

  verdict(): Verdict {
    this.checkReceipts();
    this.checkOrders();
    for (const { fnNumber } of this.farm.registers) this.checkDrive(fnNumber);
    for (const [key, { externalId }] of this.byDocument) {
      this.lost += 1;
      this.faults.push(`${externalId} is done by ${key}, which its FN does not have`);
    }
    this.checkCallbacks();
    const count = (state: string): number => this.receipts.filter((row) => row.state === state).length;
    return {
      accepted: this.receipts.length,
      documents: this.fnReceipts,
      lost: this.lost,
      doubled: this.doubled,
      outOfOrder: this.outOfOrder,
      undecided: count('in_doubt'),
      done: count('done'),
      failed: count('failed'),
      shiftReports: this.shiftReports,
      faults: this.faults,
    };
  }

  private checkReceipts(): void {
    for (const row of this.receipts) {
      if (row.state === 'done') {
        const key = `${row.fnNumber}/${row.fdNumber}`;
        if (this.byDocument.has(key)) {
          this.lost += 1;
          this.faults.push(`${key} proves two receipts`);
        }
        this.byDocument.set(key, row);
      } else if (row.state === 'in_doubt') {
        this.faults.push(`${row.externalId} is still in doubt (${row.reason})`);
      } else if (row.state !== 'failed') {
        this.lost += 1;
        this.faults.push(`${row.externalId} is still ${row.state} (${row.reason})`);
      }
    }
  }

  /** Each order is one receipt, and every answer to the shop named it. */
  private checkOrders(): void {
    const rows = new Map(this.receipts.map((row) => [row.externalId, row]));
    for (const order of this.farm.shops.orders) {
      const row = rows.get(order.externalId);
      if (!row || !order.receiptId) {
        this.lost += 1;
        this.faults.push(
          `${order.externalId}: ${row ? 'the shop has no answer' : 'acknowledged and not stored'}`,
        );
      }
      if (order.misjudged > 0)
        this.faults.push(
          `${order.externalId}: another basket was taken for the same, or the same for another`,
        );
      for (const id of order.named) {
        if (id === row?.id) continue;
        this.lost += 1;
        this.faults.push(`${order.externalId}: the shop was told of ${id}, stored is ${row?.id}`);
      }
    }
  }

  /** One FN: its own memory against our documents, the receipts they prove, and the operator's store. */
  private checkDrive(fnNumber: string): void {
    const drive = this.farm.drives.get(fnNumber);
    if (!drive) return;
    const last = drive.state.lastFd;
    const ours = this.documents
      .filter((row) => row.fnNumber === fnNumber)
      .sort((a, b) => a.fdNumber - b.fdNumber);
    ours.forEach((row, index) => {
      if (row.fdNumber !== index + 1) {
        this.outOfOrder += 1;
        this.faults.push(`${fnNumber}: our documents have a gap before ${row.fdNumber}`);
      }
    });
    for (let fd = 1; fd <= last; fd += 1) this.checkDocument(fnNumber, fd);
    const stored = this.farm.operator.stored(fnNumber);
    stored.forEach(({ fd, tlv }, index) => {
      if (fd !== index + 1) {
        this.outOfOrder += 1;
        this.faults.push(`${fnNumber}: the operator got ${fd} as number ${index + 1}`);
      }
      if (!drive.document(fd)?.tlv.equals(tlv))
        this.faults.push(`${fnNumber}/${fd}: the operator has another`);
    });
    if (stored.length !== last) this.faults.push(`${fnNumber}: operator has ${stored.length} of ${last}`);
    if (drive.state.confirmed !== last)
      this.faults.push(`${fnNumber}: FN has ${drive.state.confirmed} of ${last} confirmed`);
  }

  private checkDocument(fnNumber: string, fd: number): void {
    const document = this.farm.drives.get(fnNumber)?.document(fd);
    const key = `${fnNumber}/${fd}`;
    const row = this.documentOf.get(key);
    if (!document) return void this.faults.push(`${key}: the FN counts it and does not have it`);
    const form = document.head.form;
    if (isReceipt(form)) this.fnReceipts += 1;
    if (form === 2 || form === 5) this.shiftReports += 1;
    if (!row) this.faults.push(`${key} (form ${form}) is in the FN and not in our documents`);
    else if (!document.tlv.subarray(tlvHeadBytes).equals(Buffer.from(row.tlvHex, 'hex')))
      this.faults.push(`${key}: our copy is not the FN's`);
    else if (!row.confirmed) this.faults.push(`${key} is not known to be confirmed`);
    if (!isReceipt(form)) {
      const isIntended = this.serviceIntents.some((one) => one.fnNumber === fnNumber && one.fdNumber === fd);
      if (!isIntended) this.faults.push(`${key} (form ${form}): nobody meant to make it`);
      return;
    }
    const receipt = this.byDocument.get(key);
    this.byDocument.delete(key);
    if (!receipt) {
      this.doubled += 1;
      this.faults.push(`${key} is a receipt that proves nothing: ${this.nameIn(document.tlv)}`);
      return;
    }
    const order = this.farm.shops.orders.find(({ externalId }) => externalId === receipt.externalId);
    const parsed = parseDocument(document.tlv);
    const ffd = (parsed.ffd ?? 2) as FfdVersion;
    if (!order || contentDigest(order.content, ffd) !== digestOfDocument(parsed)) {
      this.doubled += 1;
      this.faults.push(`${key} is another receipt than ${receipt.externalId}: ${this.nameIn(document.tlv)}`);
    }
  }

  private nameIn(tlv: Buffer): string {
    return parseDocument(tlv).receipt?.items[0]?.name ?? '?';
  }

  private checkCallbacks(): void {
    for (const row of this.receipts) {
      if (!row.callbackUrl || (row.state !== 'done' && row.state !== 'failed')) continue;
      const told = this.farm.sink.told.get(row.id);
      const status = row.state === 'done' ? 'done' : 'fail';
      if (!told) this.faults.push(`${row.externalId}: its shop was not told`);
      else if (told.status !== status)
        this.faults.push(`${row.externalId}: told ${told.status}, is ${status}`);
    }
    for (const id of this.farm.sink.contradictions) this.faults.push(`${id}: told two results`);
  }
}
