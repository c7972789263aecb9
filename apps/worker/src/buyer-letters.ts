import { isAddress, notify } from '@kkt/notifications';
import { receiptLink } from '@kkt/security';
import { BuyerStore, type Database, type Sql, type UnsentLetter } from '@kkt/storage';

const atOnce = 50;
const rubles = new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' });

export interface LetterSettings {
  publicBaseUrl: string;
  secretKey: Buffer;
}

/** Writes to buyers of groups that ask for it: by e-mail when the receipt has one, otherwise by SMS. */
export class BuyerLetters {
  constructor(
    private readonly database: Database,
    private readonly settings: LetterSettings,
  ) {}

  /** True when more are due already. */
  turn(): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const letters = await new BuyerStore(sql).takeUnsent(atOnce);
      for (const letter of letters) await writeLetter(sql, letter, this.settings);
      return letters.length === atOnce;
    });
  }
}

/** Puts one letter into the outbox; false when the receipt names nobody to write to. */
async function writeLetter(sql: Sql, letter: UnsentLetter, settings: LetterSettings): Promise<boolean> {
  const to = addressOf(letter);
  if (!to) return false;
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
    event: `receipt-${letter.receiptId}`,
    clientId: letter.clientId,
  });
}

function addressOf({
  email,
  phone,
}: UnsentLetter): { channel: 'email' | 'sms'; address: string } | undefined {
  if (email && isAddress('email', email)) return { channel: 'email', address: email };
  const number = phone?.replace(/[^\d+]/g, '');
  if (number && isAddress('sms', number)) return { channel: 'sms', address: number };
  return undefined;
}
