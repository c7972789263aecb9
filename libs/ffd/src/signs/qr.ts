import { FarmError, type SettlementSign } from '@kkt/contracts';

/** What the QR code of a receipt says (tag 1196). */
export interface QrFields {
  /** Tag 1012, `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** Tag 1020. */
  totalKop: number;
  /** Tag 1041. */
  fnNumber: string;
  /** Tag 1040. */
  fdNumber: number;
  /** Tag 1077, printed form. */
  fiscalSign: number;
  /** Tag 1054. */
  sign: SettlementSign;
}

const money = (kop: number): string => `${Math.floor(kop / 100)}.${String(kop % 100).padStart(2, '0')}`;

/** `t=20230825T2302&s=1.54&fn=…&i=…&fp=…&n=1`; seconds are left out when they are zero. */
export function buildQr(fields: QrFields): string {
  const time = fields.at.replace(/[-:]/g, '');
  const t = time.length === 15 && time.endsWith('00') ? time.slice(0, 13) : time;
  return `t=${t}&s=${money(fields.totalKop)}&fn=${fields.fnNumber}&i=${fields.fdNumber}&fp=${fields.fiscalSign}&n=${fields.sign}`;
}

/** Reads the text of a QR code, whatever the order of its parts. Throws `CLIENT-QR` naming the part that is wrong. */
export function parseQr(text: string): QrFields {
  const parts = new URLSearchParams(text.trim());
  const part = (name: string, pattern: RegExp): RegExpExecArray => {
    const match = pattern.exec(parts.get(name) ?? '');
    if (match === null)
      throw new FarmError('CLIENT-QR', `QR part ${name} is missing or wrong`, { part: name });
    return match;
  };
  const t = part('t', /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?$/);
  const s = part('s', /^(\d{1,12})(?:\.(\d{1,2}))?$/);
  const fiscalSign = Number(part('fp', /^\d{1,10}$/)[0]);
  const fdNumber = Number(part('i', /^\d{1,10}$/)[0]);
  if (fiscalSign > 0xffffffff || fdNumber > 0xffffffff) {
    throw new FarmError('CLIENT-QR', 'QR number does not fit 32 bits', {
      part: fdNumber > 0xffffffff ? 'i' : 'fp',
    });
  }
  return {
    at: `${t[1]}-${t[2]}-${t[3]}T${t[4]}:${t[5]}:${t[6] ?? '00'}`,
    totalKop: Number(s[1]) * 100 + Number((s[2] ?? '0').padEnd(2, '0')),
    fnNumber: part('fn', /^\d{16}$/)[0],
    fdNumber,
    fiscalSign,
    sign: Number(part('n', /^[1-4]$/)[0]) as SettlementSign,
  };
}
