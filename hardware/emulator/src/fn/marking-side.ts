import type { AnyFnCommand } from '@kkt/atol-protocol';
import { childrenOf, decodeTlv, numberOf, TAG, type TlvNode } from '@kkt/ffd';
import { buildMarkNotification } from '@kkt/ofd-protocol';
import { wallText, type WallMs } from '../wall-time';
import { MarkDesk, soldMarks } from './marking';
import { NoticeExchange } from './notices';
import {
  currentRegistration,
  isAutonomous,
  type DocumentRecord,
  type FnRecord,
  type FnState,
  type PendingNotice,
} from './state';

const FFD_1_2 = 4;
const CORRECTION_FORM = 31;
/** Bits of tag 2116. */
const RECEIPT_KIND = 0b01;
const CORRECTION_KIND = 0b10;

/** Commands BA–BF. */
const noticeCommands: ReadonlySet<string> = new Set([
  'notificationStatus',
  'startNotification',
  'readNotificationBlock',
  'cancelNotification',
  'finishNotification',
  'putNotificationReceipt',
]);

/** What the marking side needs of the FN it is part of. */
export interface MarkingHost {
  readonly state: FnState;
  readDocument(fd: number): { head: DocumentRecord; tail: Buffer } | undefined;
  append(record: FnRecord): void;
}

/** Marked goods in the FN: codes before a receipt, notifications after it. */
export class MarkingSide {
  private readonly desk: MarkDesk;
  private readonly notices: NoticeExchange;

  constructor(private readonly host: MarkingHost) {
    const facts = (): { fnNumber: string; inn: string } => ({
      fnNumber: host.state.fnNumber,
      inn: currentRegistration(host.state)?.inn ?? '',
    });
    this.desk = new MarkDesk(facts, () => host.state.notices.length);
    this.notices = new NoticeExchange({
      fnNumber: () => host.state.fnNumber,
      queue: () => host.state.notices,
      container: (notice) => this.notification(notice),
      done: ({ number }, code) => host.append({ k: 'noticed', number, code }),
    });
  }

  powerOn(): void {
    this.desk.clear();
    this.notices.reset();
  }

  execute(row: AnyFnCommand, request: Buffer, now: WallMs): Buffer {
    return noticeCommands.has(row.name)
      ? this.notices.execute(row, request)
      : this.desk.execute(row, request, now);
  }

  /** A receipt is being made: the notification it brings about goes into its own record, so that neither is without the other. */
  noticeOf(nodes: readonly TlvNode[]): Pick<DocumentRecord, 'notice'> {
    const { state } = this.host;
    const kept = this.desk.takeKept();
    if ((currentRegistration(state)?.ffd ?? 0) < FFD_1_2 || isAutonomous(state)) return {};
    const goods = soldMarks(nodes, kept);
    return goods.length === 0 ? {} : { notice: { number: state.lastNotice + 1, goods } };
  }

  /** Document 82 for a document that sold marked goods. */
  private notification({ number, fd, at }: PendingNotice): Buffer {
    const { state } = this.host;
    const stored = this.host.readDocument(fd);
    return buildMarkNotification({
      number,
      fnNumber: state.fnNumber,
      inn: currentRegistration(state)?.inn ?? '',
      at: wallText(at),
      taxSystem: stored ? (taxSystemOf(stored.tail, stored.head.form) ?? 0) : 0,
      sign: stored?.head.sign ?? 0,
      kind: stored?.head.form === CORRECTION_FORM ? CORRECTION_KIND : RECEIPT_KIND,
      fdNumber: fd,
      goods: stored?.head.notice?.goods ?? [],
    });
  }
}

/** Tag 1055 of an archived document. */
const taxSystemOf = (tlv: Buffer, form: number): number | undefined =>
  numberOf(childrenOf(decodeTlv(tlv), form) ?? [], TAG.taxSystem);
