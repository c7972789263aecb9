import { Problem } from '../http/problem';
import { headerOf, type HttpRequest } from '../http/types';

/** Ways a document can be shown, with their media types. */
export const formTypes = {
  json: 'application/json',
  html: 'text/html',
  pdf: 'application/pdf',
  png: 'image/png',
} as const;

export type Form = keyof typeof formTypes;

interface Wanted {
  type: string;
  quality: number;
}

/** The parts of an `Accept` header, the best first (RFC 9110, 12.5.1). */
function accepted(header: string): Wanted[] {
  return header
    .slice(0, 1_000)
    .split(',')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
      const quality = parameters.find((one) => one.startsWith('q='));
      return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
}

const fits = (wanted: string, form: Form): boolean => {
  const type = formTypes[form];
  return wanted === '*/*' || wanted === type || wanted === `${type.split('/')[0] ?? ''}/*`;
};

/**
 * The form a request wants: `?format=` when it says so, else the best of its `Accept` header, else the first offered.
 * Throws `not-acceptable` when nothing offered will do.
 */
export function formWanted<Offered extends Form>(
  request: HttpRequest,
  format: string | undefined,
  offered: readonly [Offered, ...Offered[]],
): Offered {
  if (format !== undefined) {
    const named = offered.find((form) => form === format);
    if (named) return named;
  } else {
    const header = headerOf(request, 'accept');
    if (header === undefined || header.trim() === '') return offered[0];
    for (const { type } of accepted(header)) {
      const form = offered.find((one) => fits(type, one));
      if (form) return form;
    }
  }
  const list = offered.map((form) => formTypes[form]).join(', ');
  throw new Problem('not-acceptable', { detail: `Есть: ${list}`, detail_en: `Available: ${list}` });
}
