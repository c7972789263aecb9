import type { FfdVersion, ReceiptContent } from '@kkt/contracts';
import { contentProblems } from '@kkt/ffd';
import type { Refusals } from '../refusal';

/** Names inside the content and the fields they came from. */
const fieldNames: readonly (readonly [RegExp, string])[] = [
  [/\bmarkQuantity\b/, 'mark_quantity'],
  [/\bmark\b/, 'mark_code'],
  [/\bnomenclatureHex\b/, 'nomenclature_code'],
  [/\bpriceKop\b/, 'price'],
  [/\bquantityMicro\b/, 'quantity'],
  [/\bvatSumKop\b/, 'vat.sum'],
  [/\bsumKop\b/, 'sum'],
  [/\btotalKop\b/, 'total'],
  [/\bexciseKop\b/, 'excise'],
  [/\bmethod\b/, 'payment_method'],
  [/\bsubject\b/, 'payment_object'],
  [/\bcountryCode\b/, 'country_code'],
  [/\bunit\b/, 'measurement_unit'],
  [/\bdeclaration\b/, 'declaration_number'],
  [/\bcheckProps\b/, 'additional_check_props'],
  [/\bmachineNumber\b/, 'device_number'],
  [/\boperatingProps\b/, 'operating_check_props'],
  [/\bcashless\b/, 'cashless_payments'],
  [/\bcorrection\b/, 'correction_info'],
  [/\bagent\b/, 'agent_info'],
  [/\bsupplier\b/, 'supplier_info'],
];

const fieldPath = (path: string): string =>
  fieldNames.reduce((named, [name, field]) => named.replace(name, field), path);

/**
 * The last gate: what the composer of documents would refuse later is refused here, so that an accepted receipt can
 * always be composed. Rules above have better words for what they know; this catches the rest.
 */
export function checkFormat(content: ReceiptContent, ffd: FfdVersion, refusals: Refusals): void {
  for (const { path, tag, message } of contentProblems(content, ffd))
    refusals.add(
      'FormatNotAllowed',
      fieldPath(path),
      tag,
      `реквизит ${tag} не допускается форматом: ${message}`,
    );
}
