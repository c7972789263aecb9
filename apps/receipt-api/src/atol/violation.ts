/** One wrong field as error 32 names it: kind in the manner of NJsonSchema, path from the body's root. */
export interface Violation {
  kind: string;
  /** `receipt.items[0].sum` */
  path: string;
  /** For people, after the path; schema violations have none. */
  text?: string;
}

/** More would not be read, and the answer must stay small whatever came in. */
const most = 20;

/**
 * `PropertyRequired: #/receipt.client, TotalMismatch: #/receipt.total (итог …)`. One violation alone looks as the
 * original service writes it; how that joins several has not been seen, the comma is ours.
 */
export function describeViolations(violations: readonly Violation[]): string {
  const shown = violations
    .slice(0, most)
    .map(({ kind, path, text }) => `${kind}: #/${path}${text === undefined ? '' : ` (${text})`}`);
  if (violations.length > most) shown.push(`…ещё ${violations.length - most}`);
  return shown.join(', ');
}
