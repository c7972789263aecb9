import { dictionary } from '@zxcvbn-ts/language-common';
import { FarmError } from '@kkt/contracts';

/** ASVS 5.0, 6.2: at least 8 characters (we ask for 15), at least 64 allowed, any characters, no composition rules. */
export const shortestPassword = 8;
export const longestPassword = 256;

const common = new Set<string>(dictionary['passwords-common']);

/** Words that anybody would try here first. */
const contextWords = [
  'касса',
  'кассы',
  'kassa',
  'kktfarm',
  'ккт',
  'atol',
  'атол',
  'чек',
  'password',
  'пароль',
];

/** Letters and digits only, small: `P@ss-word 1` is still `pssword1`. */
const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Whether a password may be taken.
 * @param about what is known of the person: e-mail, phone, names, company; the password must not be made of these
 * @throws FarmError CLIENT-PASSWORD with the rule that does not hold
 */
export function checkPassword(password: string, about: readonly string[]): void {
  const refuse = (rule: string): never => {
    throw new FarmError('CLIENT-PASSWORD', rule, { field: 'password' });
  };
  const length = [...password].length;
  if (length < shortestPassword) refuse(`Пароль должен быть не короче ${shortestPassword} символов`);
  if (length > longestPassword) refuse(`Пароль должен быть не длиннее ${longestPassword} символов`);
  if (common.has(password.toLowerCase()))
    refuse('Такой пароль слишком часто встречается: его подберут первым');
  const letters = bare(password);
  if (new Set(letters).size < 4) refuse('В пароле слишком мало разных символов');
  const known = [...contextWords, ...about.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])].map(
    bare,
  );
  for (const word of known) {
    // A long password may hold a known word; a password that is little else may not.
    if (word.length >= 3 && letters.includes(word) && letters.length - word.length < 6)
      refuse('Пароль не должен состоять из имени, адреса, названия компании или слов о кассах');
  }
}
