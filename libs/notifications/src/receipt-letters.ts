import { maskContact, receiptLink } from '@kkt/security';
import {
  type AuditEntry,
  AuditStore,
  BuyerStore,
  type Database,
  type Sql,
  type UnsentLetter,
} from '@kkt/storage';
import { isAddress, notify } from './notify';

const rubles = new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' });

export interface LetterSettings {
  /** Where buyers' pages are. */
  publicBaseUrl: string;
  /** Signs links to them. */
  secretKey: Buffer;
}

/** Where a buyer is written to. */
export interface BuyerContact {
  channel: 'email' | 'sms';
  address: string;
}

/** By e-mail when there is one, otherwise by SMS; undefined when there is nobody to write to. */
export function buyerContact(contacts: {
  email?: string | null;
  phone?: string | null;
}): BuyerContact | undefined {
  const { email, phone } = contacts;
  if (email && isAddress('email', email)) return { channel: 'email', address: email };
  const number = phone?.replace(/[^\d+]/g, '');
  if (number && isAddress('sms', number)) return { channel: 'sms', address: number };
  return undefined;
}

/** Puts a letter about a registered receipt into the outbox; `again` names a letter on request. */
export function writeReceiptLetter(
  sql: Sql,
  letter: UnsentLetter,
  to: BuyerContact,
  settings: LetterSettings,
  again?: string,
): Promise<boolean> {
  return notify(sql, {
    kind: 'buyer_receipt',
    params: {
      seller: letter.seller,
      total: rubles.format(letter.totalKop / 100),
      at: letter.at,
      fn: letter.fnNumber,
      fd: String(letter.fdNumber),
      fp: String(letter.fiscalSign),
      link: receiptLink(settings.publicBaseUrl, settings.secretKey, letter),
    },
    to: { kind: 'address', id: to.address },
    channel: to.channel,
    event: `receipt-${letter.receiptId}${again === undefined ? '' : `-again-${again}`}`,
    clientId: letter.clientId,
  });
}

/** How often receipts go out on request. */
export const resendLimits = { pauseS: 60, perReceiptADay: 5, perClientAnHour: 200 } as const;

export interface ResendRequest {
  /** New for each request. */
  id: string;
  clientId: string;
  receiptId: string;
  /** Another address than the receipt names: the buyer mistyped it, say. */
  email?: string | null;
  phone?: string | null;
  /** Who asks, for the journal. */
  actor: Pick<AuditEntry, 'actorKind' | 'actorId' | 'actorName'>;
}

export type Resent =
  /** In the outbox; `contact` is masked. */
  | { kind: 'sent'; channel: 'email' | 'sms'; contact: string }
  /** Not registered yet, failed, or not this client's. */
  | { kind: 'no-receipt' }
  /** Neither the receipt nor the request names an address that can be written to. */
  | { kind: 'no-contact' }
  | { kind: 'too-often'; retryAfterS: number };

/**
 * Sends a registered receipt to its buyer again. Letter, count and journal row are one transaction. Whether the caller
 * may see the receipt (its group, its role) is the caller's to check; that it is the client's is checked here.
 */
export function resendReceipt(
  database: Database,
  request: ResendRequest,
  settings: LetterSettings,
): Promise<Resent> {
  return database.transaction(async (sql): Promise<Resent> => {
    const store = new BuyerStore(sql);
    const letter = await store.letterOf(request.clientId, request.receiptId);
    if (!letter) return { kind: 'no-receipt' };
    const to = buyerContact(request.email || request.phone ? request : letter);
    if (!to) return { kind: 'no-contact' };
    const { id, clientId, receiptId, actor } = request;
    const retryAfterS = await store.takeResend(
      { id, clientId, receiptId, channel: to.channel, askedBy: actor.actorName },
      resendLimits,
    );
    if (retryAfterS !== undefined) return { kind: 'too-often', retryAfterS };
    await writeReceiptLetter(sql, letter, to, settings, id);
    const contact = maskContact(to.address);
    await AuditStore.write(sql, {
      ...actor,
      clientId,
      action: 'receipt.send',
      objectKind: 'receipt',
      objectId: receiptId,
      after: { channel: to.channel, contact },
    });
    return { kind: 'sent', channel: to.channel, contact };
  });
}
