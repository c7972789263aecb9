import type { AnyFnCommand } from '@kkt/atol-protocol';
import { childrenOf, decodeTlv, gs1Parts, numberOf, TAG, type TlvNode } from '@kkt/ffd';
import {
  buildMarkRequest,
  decodeContainer,
  MARK_REQUEST_CODE,
  parseMarkAnswer,
  type SoldMark,
} from '@kkt/ofd-protocol';
import { wallText, type WallMs } from '../wall-time';
import { checkLocally } from './mark-keys';
import { FN_CODE, FnRefusal, OFD_ANSWER_REASON } from './refusal';

/** Codes the FN remembers for one receipt. */
const MAX_MARKS = 128;

/** Tag 2100: kinds of codes, as far as the emulator tells them apart. */
const CODE_KIND = { unknown: 0, short: 1, tail44Unchecked: 3, tail44Checked: 4 } as const;

/** What the desk must know of the FN around it. */
export interface MarkHost {
  readonly fnNumber: string;
  readonly inn: string;
}

interface CheckedMark {
  code: string;
  /** Bits of tag 2106. */
  result: number;
  plannedStatus: number;
  quantityMicro?: number;
  /** Tag 2001 of the request whose answer is waited for. */
  request?: number;
}

/**
 * Marked goods in the FN (commands B0–B6): a code is checked by the FN's own key, asked about at the marking system
 * when the register carries the request, and its result kept for the receipt or dropped. Volatile, as the result is of
 * use for the receipt that follows only. Flow: order ED-7-20/662@; layouts: see `oursCommands`.
 */
export class MarkDesk {
  private current: CheckedMark | undefined;
  private kept: CheckedMark[] = [];
  private lastRequest = 0;

  constructor(
    private readonly host: () => MarkHost,
    /** Notifications in the queue. */
    private readonly queued: () => number,
  ) {}

  clear(): void {
    this.current = undefined;
    this.kept = [];
  }

  /** What was kept, for the receipt that has just been made; the desk is empty then. */
  takeKept(): SoldMark[] {
    const kept = this.kept.map(({ code, result, plannedStatus, quantityMicro }) => ({
      code,
      assignedStatus: plannedStatus,
      checkResult: result,
      quantityMicro,
    }));
    this.clear();
    return kept;
  }

  execute(row: AnyFnCommand, request: Buffer, now: WallMs): Buffer {
    switch (row.name) {
      case 'markingState':
        row.decodeRequest(request);
        return row.encodeAnswer({
          checkState: this.current ? 1 : 0,
          notificationState: 0,
          flags: 0,
          savedCodes: this.kept.length,
          codesInNotification: 0,
          fill: Math.floor((100 * this.kept.length) / MAX_MARKS),
          notificationsQueued: this.queued(),
          gap: 0,
        });
      case 'checkMark': {
        const { code } = row.decodeRequest(request);
        return row.encodeAnswer(this.check(code.toString('latin1')));
      }
      case 'makeMarkRequest': {
        const { tlv } = row.decodeRequest(request);
        return row.encodeAnswer({ request: this.ask(tlv, now) });
      }
      case 'putMarkAnswer': {
        const { answer } = row.decodeRequest(request);
        return row.encodeAnswer({ result: this.answered(answer) });
      }
      case 'keepMark': {
        const { keep } = row.decodeRequest(request);
        const checked = this.checked();
        this.current = undefined;
        if (keep) this.kept.push(checked);
        return row.encodeAnswer({ result: checked.result });
      }
      case 'clearMarks':
        row.decodeRequest(request);
        this.clear();
        return row.encodeAnswer();
      default:
        throw new FnRefusal(FN_CODE.unknownCommand, `command ${row.name} is not made`);
    }
  }

  private check(code: string): { result: number; reason: number } {
    if (code.length === 0) throw new FnRefusal(FN_CODE.badParameter, 'empty marking code');
    if (this.current) throw new FnRefusal(FN_CODE.markingOrder, 'the last code waits for a decision');
    if (this.kept.length >= MAX_MARKS) throw new FnRefusal(FN_CODE.markTableFull, 'table of codes is full');
    const local = checkLocally(code);
    this.current = { code, result: local.result, plannedStatus: 0 };
    return local;
  }

  private ask(tlv: Buffer, now: WallMs): Buffer {
    const checked = this.checked();
    const nodes = nodesOf(tlv);
    const plannedStatus = numberOf(nodes, TAG.plannedStatus);
    if (plannedStatus === undefined) throw new FnRefusal(FN_CODE.missingData, 'planned status of the goods');
    checked.plannedStatus = plannedStatus;
    checked.quantityMicro = numberOf(nodes, TAG.quantity);
    this.lastRequest += 1;
    checked.request = this.lastRequest;
    return buildMarkRequest({
      number: this.lastRequest,
      fnNumber: this.host().fnNumber,
      inn: this.host().inn,
      at: wallText(now),
      fnCheck: checked.result,
      plannedStatus,
      quantityMicro: checked.quantityMicro,
      measure: numberOf(nodes, TAG.measure),
      codeKind: kindOf(checked),
      code: checked.code,
      mode: numberOf(nodes, TAG.markMode) ?? 0,
    });
  }

  /** B6: the answer counts only for the request that was asked last. */
  private answered(bytes: Buffer): number {
    const checked = this.checked();
    if (checked.request === undefined) throw new FnRefusal(FN_CODE.markingOrder, 'no request was made');
    const container = decodeContainer(bytes);
    if (!container.ok) throw refused(container.error.code === 'WIRE-CRC' ? 'badCrc' : 'badLength');
    if (container.value.fnNumber !== this.host().fnNumber) throw refused('wrongFn');
    const answer = parseMarkAnswer(container.value);
    if (!answer.ok) throw refused('badSign');
    if (answer.value.number !== checked.request) throw refused('wrongDocument');
    checked.request = undefined;
    if (answer.value.requestCode === MARK_REQUEST_CODE.ok) checked.result |= answer.value.result ?? 0;
    return checked.result;
  }

  private checked(): CheckedMark {
    if (!this.current) throw new FnRefusal(FN_CODE.markingOrder, 'no code was checked');
    return this.current;
  }
}

const refused = (reason: keyof typeof OFD_ANSWER_REASON): FnRefusal =>
  new FnRefusal(
    FN_CODE.ofdAnswerRefused,
    `answer of the marking system: ${reason}`,
    Buffer.of(OFD_ANSWER_REASON[reason]),
  );

function nodesOf(tlv: Buffer): TlvNode[] {
  try {
    return decodeTlv(tlv);
  } catch {
    throw new FnRefusal(FN_CODE.badRequisite, 'requisites of the request');
  }
}

function kindOf({ code, result }: CheckedMark): number {
  if (/^\d{14}.{7,15}$/s.test(code)) return CODE_KIND.short;
  if (!gs1Parts(code)) return CODE_KIND.unknown;
  return result === 0 ? CODE_KIND.tail44Unchecked : CODE_KIND.tail44Checked;
}

/** Marked items (tag 1059 with 1163) of an open receipt, each with what was kept of its code. */
export function soldMarks(nodes: readonly TlvNode[], kept: readonly SoldMark[]): SoldMark[] {
  const marked = nodes.flatMap(({ tag, value }) =>
    tag === TAG.item && Array.isArray(value) && childrenOf(value, TAG.productCodes) ? [value] : [],
  );
  return marked.map((item, index): SoldMark => {
    const own = kept[index];
    const [identifier] = childrenOf(item, TAG.productCodes) ?? [];
    return {
      code: own?.code ?? (typeof identifier?.value === 'string' ? identifier.value : ''),
      assignedStatus: own?.assignedStatus ?? 0,
      // The document's own word: what the register wrote into the item.
      checkResult: numberOf(item, TAG.goodsCheckResult) ?? own?.checkResult ?? 0,
      quantityMicro: own?.quantityMicro,
    };
  });
}
