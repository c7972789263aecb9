import type { ReceiptContent } from '@kkt/contracts';
import { TAG } from '@kkt/ffd';
import { maskContact } from '@kkt/security';
import type { TagView } from '@kkt/web-contract';

/** Tags that hold a buyer's contact or name. */
const contactTags: ReadonlySet<number> = new Set([TAG.buyerContact]);

/** A requisite with the buyer's contact: masked, its bytes left out. */
function maskTag(tag: TagView): TagView {
  const inside = tag.inside && { inside: tag.inside.map(maskTag) };
  if (!contactTags.has(tag.tag) || typeof tag.value !== 'string') return { ...tag, ...inside };
  const { hex: _hex, ...rest } = tag;
  return { ...rest, value: maskContact(tag.value) };
}

/** A document for somebody who may not see buyers' contacts (152-FZ). */
export const maskContactTags = <T extends { tags: TagView[] }>(view: T): T => ({
  ...view,
  tags: view.tags.map(maskTag),
});

/** Puts masks in the place of texts, at any depth. */
function replaceDeep(value: unknown, secrets: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return secrets.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => replaceDeep(one, secrets));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaceDeep(one, secrets)]));
}

/** A receipt for somebody who may not see buyers' contacts: masked wherever they stand. */
export function maskContacts<T extends { tags: TagView[] | null }>(view: T, content: ReceiptContent): T {
  const contacts = [content.client?.email, content.client?.phone].filter((one) => one !== undefined);
  const secrets = new Map(contacts.map((contact) => [contact, maskContact(contact)]));
  const masked = replaceDeep(view, secrets) as T;
  return masked.tags ? { ...masked, tags: masked.tags.map(maskTag) } : masked;
}
