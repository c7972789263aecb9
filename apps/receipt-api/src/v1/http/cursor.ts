import { Problem } from './problem';

/** A position as text: opaque to callers, so that its inside may change. */
export const cursorOf = (...parts: string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A moment as PostgreSQL writes it. */
const momentForm = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/;

/** Moment and id of a cursor made by `cursorOf`. */
export function readCursor(text: string): { at: string; id: string } {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(parts)) {
      const [at, id] = parts as unknown[];
      if (typeof at === 'string' && typeof id === 'string' && momentForm.test(at) && uuidForm.test(id))
        return { at, id };
    }
  } catch {
    // Not one of ours: told below.
  }
  throw new Problem('cursor-invalid');
}

/** Number of a cursor made by `cursorOf`, as text. */
export function readNumberCursor(text: string): string {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(parts) && typeof parts[0] === 'string' && /^[0-9]{1,18}$/.test(parts[0]))
      return parts[0];
  } catch {
    // Not one of ours: told below.
  }
  throw new Problem('cursor-invalid');
}

/** The texts of a cursor made by `cursorOf`: so many. */
export function readCursorParts(text: string, count: number): string[] {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(parts) && parts.length === count) {
      const texts = (parts as unknown[]).filter((part) => typeof part === 'string');
      if (texts.length === count) return texts;
    }
  } catch {
    // Not one of ours: told below.
  }
  throw new Problem('cursor-invalid');
}

export const isUuid = (text: string): boolean => uuidForm.test(text.toLowerCase());
