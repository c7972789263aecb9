import { buyerContact, type LetterSettings, writeReceiptLetter } from '@kkt/notifications';
import { BuyerStore, type Database } from '@kkt/storage';

const atOnce = 50;

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
      for (const letter of letters) {
        const to = buyerContact(letter);
        if (to) await writeReceiptLetter(sql, letter, to, this.settings);
      }
      return letters.length === atOnce;
    });
  }
}
