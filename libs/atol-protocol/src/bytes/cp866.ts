import iconv from 'iconv-lite';
import { unencodable } from './faults';

/** Text of the device: code page 866. A character outside the page is an error, not a `?` on a fiscal document. */
export function encodeCp866(text: string): Buffer {
  const bytes = iconv.encode(text, 'cp866');
  if (iconv.decode(bytes, 'cp866') !== text) {
    const bad = [...text].find((char) => iconv.decode(iconv.encode(char, 'cp866'), 'cp866') !== char);
    throw unencodable('Text has a character outside code page 866', { character: bad ?? '' });
  }
  return bytes;
}

export const decodeCp866 = (bytes: Buffer): string => iconv.decode(bytes, 'cp866');
