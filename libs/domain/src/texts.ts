import { fromCp866, toCp866 } from '@kkt/ffd';

/** What CP866 holds and printers print alike: no control characters, no no-break space. */
const fitting =
  /^[\x20-\x7e\xa4\xb0\xb7\u0401\u0404\u0407\u040e\u0410-\u044f\u0451\u0454\u0457\u045e\u2116\u2219\u221a\u2500-\u25a0]*$/;

/** Characters without any plain equivalent (pictures, foreign scripts) are left out, the others made plain. */
function plain(text: string): string {
  const impossible = new Set(toCp866(text).replaced);
  const possible =
    impossible.size === 0
      ? text
      : [...text.normalize('NFC')].filter((character) => !impossible.has(character)).join('');
  return fromCp866(toCp866(possible).bytes).trim();
}

/**
 * A text as a fiscal document can hold it: CP866 characters only, so that its length in characters is its length in
 * bytes, cut to `maxLength`. A text that already fits comes back as it is; empty when nothing of it can be held.
 */
export function fiscalText(text: string, maxLength: number): string {
  const clean = fitting.test(text) ? text : plain(text);
  // Blanks alone are no text: the FN takes such a requisite for missing.
  if (clean.trim() === '') return '';
  return clean.length <= maxLength ? clean : clean.slice(0, maxLength).trimEnd();
}

/** `fiscalText` of a text that may be absent; absent too when nothing of it can be held. */
export const maybeText = (text: string | undefined, maxLength: number): string | undefined =>
  text === undefined ? undefined : fiscalText(text, maxLength) || undefined;

/** Control characters or spaces: such a contact could smuggle lines into a letter. */
export const hasUnsafeCharacters = (contact: string): boolean => /[\s\p{Cc}\p{Cs}]/u.test(contact);
