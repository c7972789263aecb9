/**
 * The text of a bank statement: UTF-8 when it is that, otherwise by the file's own word, `Кодировка=DOS` or Windows,
 * as banks write them.
 */
export function decodeStatement(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const dos = new TextDecoder('ibm866').decode(bytes);
    return /^Кодировка=DOS\s*$/m.test(dos) ? dos : new TextDecoder('windows-1251').decode(bytes);
  }
}
