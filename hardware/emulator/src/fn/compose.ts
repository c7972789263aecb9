import {
  TAG,
  checkDocument,
  encodeTlv,
  formByCode,
  maxDocumentLength,
  type TlvNode,
  type Violation,
} from '@kkt/ffd';
import type { FfdVersion } from '@kkt/contracts';
import { toDay, toMinute, wallText, type WallMs } from '../wall-time';
import { DOCUMENT_KINDS, MAX_CONTAINER_BYTES, type DocumentKind } from './document-kind';
import type { FiscalSigner } from './fiscal-sign';
import { FN_CODE, FnRefusal } from './refusal';
import { WARNING } from './rules';
import type { FnState, Registration } from './state';
import { totalsNodes, unsentNodes } from './totals';

const CONTAINER_HEADER_BYTES = 32;
const MESSAGE_SIGN_BYTES = 8;
const FFD_1_1 = 3;
const FFD_1_2 = 4;

/** Requisites that only the FN may write into a document: passing them with 07 is an error. */
export const FN_ONLY_TAGS: ReadonlySet<number> = new Set([
  TAG.fdNumber,
  TAG.fnNumber,
  TAG.fiscalSign,
  TAG.shiftNumber,
  TAG.receiptNumber,
  TAG.dateTime,
  TAG.receiptsInShift,
  TAG.documentsInShift,
  TAG.fnTotals,
  TAG.shiftTotals,
  TAG.unsentTotals,
]);

export interface ComposedDocument {
  tlv: Buffer;
  fiscalSign: number;
}

/** Everything the FN itself knows about the document being made. */
export interface DocumentFacts {
  kind: DocumentKind;
  fd: number;
  at: WallMs;
  /** Registration in force, or the one being made. */
  registration: Registration;
  /** Requisites of the kind, see the functions below. */
  nodes: readonly TlvNode[];
}

/** Puts the FN's and the KKT's requisites together, signs, checks the size. */
export function compose(
  signer: FiscalSigner,
  fnNumber: string,
  facts: DocumentFacts,
  fromKkt: Buffer,
  kktTags: ReadonlySet<number>,
): ComposedDocument {
  const { form } = DOCUMENT_KINDS[facts.kind];
  const own: TlvNode[] = [
    { tag: TAG.fnNumber, value: fnNumber },
    { tag: TAG.rnm, value: facts.registration.rnm },
    { tag: TAG.userInn, value: facts.registration.inn },
    { tag: TAG.fdNumber, value: facts.fd },
    { tag: TAG.dateTime, value: wallText(toMinute(facts.at)) },
    ...facts.nodes,
  ].filter((node) => !kktTags.has(node.tag));
  const body = Buffer.concat([encodeTlv(own), fromKkt]);
  const { fiscalSign, wire } = signer.sign(body);
  const sign = encodeTlv([{ tag: TAG.fiscalSign, value: wire }]);
  const header = Buffer.alloc(4);
  header.writeUInt16LE(form, 0);
  const size = body.length + sign.length;
  const limit = Math.min(
    longestDocument(form, facts.registration.ffd),
    MAX_CONTAINER_BYTES - CONTAINER_HEADER_BYTES - MESSAGE_SIGN_BYTES - header.length,
  );
  if (size > limit) throw new FnRefusal(FN_CODE.tlvTooLong, `document of ${size} bytes, ${limit} allowed`);
  header.writeUInt16LE(size, 2);
  const tlv = Buffer.concat([header, body, sign]);
  checkRequisites(tlv, facts.registration.ffd);
  return { tlv, fiscalSign };
}

const CODE_OF_PROBLEM: Readonly<Record<Violation['problem'], number | undefined>> = {
  missing: FN_CODE.missingData,
  unexpected: FN_CODE.forbiddenRequisite,
  repeated: FN_CODE.duplicate,
  length: FN_CODE.badRequisite,
  value: FN_CODE.badRequisite,
  structure: FN_CODE.badRequisite,
  // Sums are the KKT's concern and the operator's.
  arithmetic: undefined,
};

/** The FN looks at the set of requisites, their lengths and values; which of it a real FN checks is not public: ours. */
function checkRequisites(tlv: Buffer, ffd: FfdVersion): void {
  for (const { problem, path, message } of checkDocument(tlv, ffd)) {
    const code = CODE_OF_PROBLEM[problem];
    if (code !== undefined) throw new FnRefusal(code, `${path}: ${message}`);
  }
}

function longestDocument(code: number, ffd: FfdVersion): number {
  const form = formByCode(code);
  return form ? maxDocumentLength(form, ffd) : 0;
}

const bit = (mask: number, flag: number): boolean => (mask & flag) !== 0;

/** Bits of tag 1290 from the mode bytes. */
function usageConditions(mode: number, extMode: number): number {
  const bits: readonly (readonly [boolean, number])[] = [
    [bit(extMode, 0x08), 1],
    [bit(mode, 0x10), 2],
    [bit(mode, 0x20), 5],
    [bit(extMode, 0x01), 6],
    [bit(extMode, 0x10), 8],
    [bit(mode, 0x08), 9],
    [bit(extMode, 0x02), 10],
    [bit(extMode, 0x04), 11],
    [bit(extMode, 0x20), 12],
    [bit(extMode, 0x40), 13],
  ];
  return bits.reduce((mask, [set, position]) => (set ? mask | (1 << position) : mask), 0);
}

/** Forms 1 and 11: what the registration command itself carries. */
export function registrationNodes(
  registration: Registration,
  kind: DocumentKind,
  fnFfd: FfdVersion,
  keyDaysLeft: number,
  state: FnState,
): TlvNode[] {
  const { mode, extMode, ffd, reasons } = registration;
  const change = kind !== 'registration';
  const flags: TlvNode[] =
    ffd >= FFD_1_2
      ? [{ tag: TAG.usageConditions, value: usageConditions(mode, extMode) }]
      : [
          { tag: TAG.printerInMachine, value: bit(extMode, 0x08) },
          { tag: TAG.bsoSystem, value: bit(mode, 0x10) },
          { tag: TAG.internetOnly, value: bit(mode, 0x20) },
          { tag: TAG.exciseTrade, value: bit(extMode, 0x01) },
          { tag: TAG.servicesOnly, value: bit(mode, 0x08) },
          { tag: TAG.gambling, value: bit(extMode, 0x02) },
          { tag: TAG.lottery, value: bit(extMode, 0x04) },
        ];
  return [
    { tag: TAG.taxSystems, value: registration.taxSystems },
    { tag: TAG.offlineMode, value: bit(mode, 0x02) },
    { tag: TAG.encryption, value: bit(mode, 0x01) },
    { tag: TAG.autoMode, value: bit(mode, 0x04) },
    ...flags,
    ...(registration.ofdInn ? [{ tag: TAG.ofdInn, value: registration.ofdInn }] : []),
    { tag: TAG.fnFfd, value: fnFfd },
    { tag: TAG.fnKeyDaysLeft, value: keyDaysLeft },
    ...(change && ffd >= FFD_1_1 ? [{ tag: TAG.changeReasons, value: reasons }] : []),
    ...(change && ffd < FFD_1_1 ? reasonCodes1_05(reasons) : []),
    ...(kind === 'reregistration' && ffd >= FFD_1_1
      ? [{ tag: TAG.fnTotals, value: totalsNodes(state.totals) }]
      : []),
  ];
}

/** Tag 1101 of FFD 1.05: 1 FN, 2 operator, 3 requisites, 4 settings; from the mask of tag 1205. */
function reasonCodes1_05(reasons: number): TlvNode[] {
  const codes: readonly (readonly [number, number])[] = [
    [0x0000_0001, 1],
    [0x0000_0002, 2],
    [0x0000_000c, 3],
    [~0x0000_000f, 4],
  ];
  return codes
    .filter(([mask]) => bit(reasons, mask))
    .map(([, code]) => ({ tag: TAG.reregistrationReason, value: code }));
}

/** Tags 1050–1053: present only while the event holds. */
export const warningNodes = (warnings: number): TlvNode[] =>
  (
    [
      [WARNING.operatorOverdue, TAG.ofdOverdue],
      [WARNING.replaceIn3Days, TAG.fnReplaceUrgent],
      [WARNING.memory90Percent, TAG.fnMemoryFull],
      [WARNING.replaceIn30Days, TAG.fnResourceEnding],
    ] as const
  )
    .filter(([flag]) => bit(warnings, flag))
    .map(([, tag]) => ({ tag, value: true }));

export const shiftOpenNodes = (
  shift: number,
  ffd: FfdVersion,
  warnings: number,
  state: FnState,
): TlvNode[] => [
  { tag: TAG.shiftNumber, value: shift },
  ...warningNodes(warnings),
  ...(ffd >= FFD_1_1 && state.operatorMessage
    ? [{ tag: TAG.operatorMessage, value: state.operatorMessage }]
    : []),
];

/** Tags 1097 and 1098; the date only when something waits. */
function unsentFacts(state: FnState): TlvNode[] {
  const oldest = state.unsent.oldest;
  return [
    { tag: TAG.unsentCount, value: state.unsent.length },
    ...(oldest ? [{ tag: TAG.unsentSince, value: wallText(toDay(oldest.at)) }] : []),
  ];
}

export function shiftCloseNodes(
  ffd: FfdVersion,
  warnings: number,
  keyDaysLeft: number,
  state: FnState,
): TlvNode[] {
  return [
    { tag: TAG.shiftNumber, value: state.shift.number },
    { tag: TAG.receiptsInShift, value: state.shift.receipts },
    { tag: TAG.documentsInShift, value: state.shift.documents + 1 },
    ...unsentFacts(state),
    ...warningNodes(warnings),
    ...(ffd >= FFD_1_1
      ? [
          ...(state.operatorMessage ? [{ tag: TAG.operatorMessage, value: state.operatorMessage }] : []),
          { tag: TAG.shiftTotals, value: totalsNodes(state.shift.totals) },
          { tag: TAG.fnTotals, value: totalsNodes(state.totals) },
        ]
      : []),
    ...(ffd >= FFD_1_2 ? [{ tag: TAG.unsentNotifications, value: state.notices.length }] : []),
    { tag: TAG.fnKeyDaysLeft, value: keyDaysLeft },
  ];
}

export function settlementNodes(ffd: FfdVersion, keyDaysLeft: number, state: FnState): TlvNode[] {
  return [
    ...(state.shift.open ? [{ tag: TAG.shiftNumber, value: state.shift.number }] : []),
    ...unsentFacts(state),
    ...(state.unsent.length > 0 ? [{ tag: TAG.firstUnsentNumber, value: state.confirmed + 1 }] : []),
    ...(ffd >= FFD_1_1
      ? [
          { tag: TAG.fnTotals, value: totalsNodes(state.totals) },
          { tag: TAG.unsentTotals, value: unsentNodes(state.unsentTotals) },
        ]
      : []),
    ...(ffd >= FFD_1_2
      ? [
          { tag: TAG.unsentNotifications, value: state.notices.length },
          { tag: TAG.fnKeyDaysLeft, value: keyDaysLeft },
        ]
      : []),
  ];
}

export const closingNodes = (ffd: FfdVersion, state: FnState): TlvNode[] => [
  { tag: TAG.shiftNumber, value: state.shift.number },
  ...(ffd >= FFD_1_1 ? [{ tag: TAG.fnTotals, value: totalsNodes(state.totals) }] : []),
];
