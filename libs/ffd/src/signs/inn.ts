const WEIGHTS = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/** Check digit over the first `length` digits: the last `length` of the weights, modulo 11, then modulo 10. */
function checkDigit(inn: string, length: number): number {
  const offset = WEIGHTS.length - length;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (inn.charCodeAt(i) - 48) * WEIGHTS[offset + i]!;
  return (sum % 11) % 10;
}

/** Whether the text is a taxpayer's number: 10 digits (organisation) or 12 (person) with right check digits. */
export function isInn(inn: string): boolean {
  if (!/^(\d{10}|\d{12})$/.test(inn) || inn.startsWith('00')) return false;
  const digit = (index: number) => inn.charCodeAt(index) - 48;
  if (inn.length === 10) return checkDigit(inn, 9) === digit(9);
  return checkDigit(inn, 10) === digit(10) && checkDigit(inn, 11) === digit(11);
}

/**
 * An organisation's INN as some registers write it, with `00` in front of its 10 digits, brought to the plain form;
 * spaces of the wire form are dropped.
 */
export function plainInn(inn: string): string {
  const bare = inn.trim();
  return bare.length === 12 && bare.startsWith('00') ? bare.slice(2) : bare;
}
