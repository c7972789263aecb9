import type { Template } from '../template';

/** Messages of no particular part. */
export const commonTemplates = {
  /** A text written by a person: an answer of support, say. */
  message: {
    ru: { subject: '{subject}', body: '{text}' },
    en: { subject: '{subject}', body: '{text}' },
  },
} as const satisfies Record<string, Template>;
