import type { FfdVersion, ReceiptContent } from '@kkt/contracts';
import type { ReceiptDraft } from '../draft';
import type { Refusals } from '../refusal';
import { fiscalText } from '../texts';

/**
 * Basis of a correction (tags 1173, 1174). Correction by order needs the order's number; a correction cannot be
 * about the future; FFD 1.05 corrects income and expense only.
 */
export function correctionOf(
  draft: ReceiptDraft,
  ffd: FfdVersion,
  today: string,
  refusals: Refusals,
): ReceiptContent['correction'] {
  if (draft.form !== 'correction') return undefined;
  const correction = draft.correction;
  if (!correction) {
    refusals.add('CorrectionRequired', 'correction_info', 1174, 'укажите основание коррекции');
    return undefined;
  }
  const number = correction.number === undefined ? undefined : fiscalText(correction.number, 32) || undefined;
  if (correction.type === 1 && number === undefined)
    refusals.add(
      'CorrectionNumberRequired',
      'correction_info.base_number',
      1179,
      'укажите номер предписания',
    );
  if (correction.date > today)
    refusals.add(
      'CorrectionDateInFuture',
      'correction_info.base_date',
      1178,
      'дата корректируемого расчёта ещё не наступила',
    );
  if (ffd === 2 && draft.sign !== 1 && draft.sign !== 3)
    refusals.add('CorrectionSign', '', 1054, 'ФФД 1.05 знает только коррекцию прихода и расхода');
  if (ffd !== 2 && draft.items.length === 0)
    refusals.add('ItemsRequired', 'items', 1059, 'с ФФД 1.1 коррекция содержит предметы расчёта');
  return { type: correction.type, date: correction.date, number };
}
