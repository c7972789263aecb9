import type { FfdVersion } from '@kkt/contracts';
import type { DraftItem } from '../draft';
import type { Refusals } from '../refusal';

/** Tag 1212 from FFD 1.2: excise and other goods of a marked kind, with a code. */
const withCode = new Set([31, 33]);
/** The same kinds without a code. */
const withoutCode = new Set([30, 32]);

const one = 1_000_000;

/**
 * Marking rules of FFD 1.2. Pieces carry one code each, so the quantity is 1; goods sold by measure (tag 2108 is not
 * 0) are one code and any quantity; wholesale in volume accounting is one code, a quantity above 1 and an industry
 * requisite.
 */
export function checkMark(item: DraftItem, at: string, ffd: FfdVersion, refusals: Refusals): void {
  if (ffd !== 4) {
    if (item.subject >= 30)
      refusals.add(
        'SubjectNotInFormat',
        `${at}.payment_object`,
        1212,
        'этот предмет расчёта есть только в ФФД 1.2',
      );
    return;
  }
  const { mark, markQuantity } = item;
  if (withCode.has(item.subject) && !mark)
    refusals.add('MarkRequired', `${at}.mark_code`, 1163, 'для этого предмета расчёта нужен код маркировки');
  if (withoutCode.has(item.subject) && mark)
    refusals.add(
      'MarkNotAllowed',
      `${at}.mark_code`,
      1163,
      'этот предмет расчёта означает товар без кода маркировки',
    );
  if (markQuantity) {
    if (!mark)
      refusals.add(
        'MarkRequired',
        `${at}.mark_code`,
        1163,
        'дробное количество указывают вместе с кодом маркировки',
      );
    if (markQuantity.numerator < 1 || markQuantity.numerator >= markQuantity.denominator)
      refusals.add(
        'MarkFraction',
        `${at}.mark_quantity`,
        1291,
        'числитель должен быть от 1 и меньше знаменателя',
      );
  }
  if (item.wholesale) {
    if (!mark || !item.sectoral?.length || item.quantityMicro <= one)
      refusals.add(
        'WholesaleIncomplete',
        at,
        1163,
        'для объёмно-сортового учёта нужны код, отраслевой реквизит и количество больше 1',
      );
    return;
  }
  if (mark && (item.measure ?? 0) === 0 && item.quantityMicro !== one)
    refusals.add(
      'MarkQuantity',
      `${at}.quantity`,
      1023,
      'у штучного товара с кодом маркировки количество должно быть 1',
    );
}
