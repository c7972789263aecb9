import {
  encodeArchiveDocument,
  FN_DOCUMENT,
  type ArchiveDocument,
  type RegistrationTotals,
} from '@kkt/atol-protocol';
import type { WallMs } from '../wall-time';
import { toDay, wallText } from '../wall-time';
import type { ArchivedDocument } from './fiscal-drive';
import type { FnState, Registration } from './state';

const FFD_1_1 = 3;

/** Code of an archived document by its form; a form 11 is told apart by its reason (bit 0 of tag 1205: FN). */
export function archiveType({ head }: ArchivedDocument): number {
  switch (head.form) {
    case 1:
      return FN_DOCUMENT.registration;
    case 2:
      return FN_DOCUMENT.shiftOpening;
    case 5:
      return FN_DOCUMENT.shiftClosing;
    case 6:
      return FN_DOCUMENT.closing;
    case 11:
      return head.registration && head.registration.reasons & 1
        ? FN_DOCUMENT.fnChange
        : FN_DOCUMENT.reregistration;
    case 21:
      return FN_DOCUMENT.settlementsReport;
    case 31:
      return FN_DOCUMENT.correction;
    default:
      return FN_DOCUMENT.receipt;
  }
}

/** Tag 1101 of FFD 1.05 from the mask of tag 1205. */
const shortReason = (reasons: number): number =>
  reasons & 0x1 ? 1 : reasons & 0x2 ? 2 : reasons & 0xc ? 3 : 4;

/** Body of the answer to command 40. */
export function archiveBody(document: ArchivedDocument, state: FnState): Buffer {
  const type = archiveType(document);
  const { head } = document;
  const common = { type, at: wallText(head.at), fdNumber: head.fd, fiscalSign: head.fiscalSign };
  return encodeArchiveDocument(describe());

  function describe(): ArchiveDocument {
    const { registration } = head;
    if (registration) {
      const facts = {
        ...common,
        inn: registration.inn,
        registrationNumber: registration.rnm,
        taxSystems: registration.taxSystems,
        workMode: registration.mode,
      };
      const again = head.form === 11;
      if (registration.ffd < FFD_1_1) {
        return {
          kind: 'registration',
          ...facts,
          reason: again ? shortReason(registration.reasons) : undefined,
        };
      }
      return {
        kind: 'extendedRegistration',
        ...facts,
        extendedMode: registration.extMode,
        ofdInn: registration.ofdInn,
        reasons: again ? registration.reasons : undefined,
      };
    }
    if (head.form === 2 || head.form === 5) return { kind: 'shift', ...common, shiftNumber: head.shift };
    if (head.form === 6) {
      const last = state.registrations.at(-1);
      return { kind: 'closing', ...common, inn: last?.inn ?? '', registrationNumber: last?.rnm ?? '' };
    }
    if (head.form === 21) {
      const oldest = state.unsent.oldest;
      return {
        kind: 'settlements',
        ...common,
        unconfirmedCount: state.unsent.length,
        oldestUnconfirmed: oldest ? dateText(oldest.at) : null,
      };
    }
    return { kind: 'receipt', ...common, sign: head.sign ?? 1, totalKop: head.totalKop ?? 0 };
  }
}

export const dateText = (wall: WallMs): string => wallText(toDay(wall)).slice(0, 10);

/** Answer to command 43. */
export function registrationTotals(registration: Registration, first: boolean): RegistrationTotals {
  const facts = {
    at: wallText(registration.at),
    inn: registration.inn,
    registrationNumber: registration.rnm,
    taxSystems: registration.taxSystems,
    workMode: registration.mode,
    fdNumber: registration.fd,
    fiscalSign: registration.fiscalSign,
  };
  if (registration.ffd < FFD_1_1) {
    return first ? facts : { ...facts, reason: shortReason(registration.reasons) };
  }
  const extended = { ...facts, extendedMode: registration.extMode, ofdInn: registration.ofdInn };
  return first ? extended : { ...extended, reasons: registration.reasons };
}
