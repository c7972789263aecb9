import type { ReceiptDraft } from '../draft';
import type { Refusals } from '../refusal';
import { fiscalText } from '../texts';

/** The seller's own requisite (tags 1084–1086). */
export function userPropsOf({ userProps }: ReceiptDraft, refusals: Refusals): ReceiptDraft['userProps'] {
  if (!userProps) return undefined;
  const name = fiscalText(userProps.name, 64);
  const value = fiscalText(userProps.value, 256);
  if (name === '') refusals.addUnprintable('additional_user_props.name', 1085);
  if (value === '') refusals.addUnprintable('additional_user_props.value', 1086);
  return { name, value };
}

/** The operating requisite (tags 1270–1273). */
export function operatingPropsOf(
  { operatingProps }: ReceiptDraft,
  refusals: Refusals,
): ReceiptDraft['operatingProps'] {
  if (!operatingProps) return undefined;
  const value = fiscalText(operatingProps.value, 64);
  if (value === '') refusals.addUnprintable('operating_check_props.value', 1272);
  return { ...operatingProps, value };
}
