import { enumValues, TAG, type TlvNode, vatRate } from '@kkt/ffd';
import { gap, pair, text, type PaperLine } from '../paper';
import { money, quantity } from '../words';
import { Requisites } from './requisites';
import { enumText, nameOf, type Personal } from './value-text';

/** Result 2106 with the FN's check and the marking system's both made and both good. */
const ALL_GOOD = 0x0f;

/** `[М+]` checked and right, `[М-]` checked and wrong, `[М]` a marked item nobody could check. */
function markSign(item: Requisites, nodes: readonly TlvNode[]): string {
  const result = item.takeNumber(TAG.goodsCheckResult);
  if (result === undefined) return nodes.some(({ tag }) => tag === TAG.markControlCode) ? ' [М]' : '';
  if ((result & ALL_GOOD) === ALL_GOOD) return ' [М+]';
  const wrong = ((result & 1) !== 0 && (result & 2) === 0) || ((result & 4) !== 0 && (result & 8) === 0);
  return wrong ? ' [М-]' : ' [М]';
}

function unitOf(item: Requisites): string {
  const own = item.take(TAG.unit);
  const measure = item.takeNumber(TAG.measure);
  const named = measure === undefined ? undefined : enumValues(TAG.measure, measure)[0]?.printName;
  return own ?? named ?? '';
}

function fraction(item: Requisites): PaperLine[] {
  const part = item.takeInside(TAG.markQuantity);
  if (!part) return [];
  const [whole, of] = [part.takeNumber(TAG.markNumerator), part.takeNumber(TAG.markDenominator)];
  part.take(TAG.markQuantityText);
  return [pair('Дробная часть', `${whole ?? '?'}/${of ?? '?'}`, 'quiet'), ...part.rest('quiet')];
}

/** Product codes of FFD 1.2 (tag 1163) and of 1.05–1.1 (tag 1162). */
function codes(item: Requisites): PaperLine[] {
  const inside = item.takeInside(TAG.productCodes);
  return [...(inside?.rest('quiet') ?? []), ...item.line(TAG.productCode, nameOf(TAG.productCode), 'quiet')];
}

/** One item (tag 1059) as on paper: name, arithmetic, VAT, then everything else it holds in small print. */
export function itemLines(node: TlvNode, index: number, personal: Personal): PaperLine[] {
  const nodes = Array.isArray(node.value) ? node.value : [];
  const item = new Requisites(nodes, personal);
  const name = `${index + 1}. ${item.take(TAG.itemName) ?? ''}${markSign(item, nodes)}`;
  const unit = unitOf(item);
  const amount = quantity(item.takeNumber(TAG.quantity) ?? 0) + (unit && ` ${unit}`);
  const price = money(item.takeNumber(TAG.price) ?? 0);
  const sum = money(item.takeNumber(TAG.itemSum) ?? 0);
  const vat = item.takeNumber(TAG.vatCode);
  const vatSum = item.takeNumber(TAG.itemVatSum);
  const signs = [TAG.subject, TAG.method]
    .flatMap((tag) => {
      const code = item.takeNumber(tag);
      return code === undefined ? [] : [enumText(tag, code) || String(code)];
    })
    .join(' · ');
  return [
    ...(index > 0 ? [gap] : []),
    text(name, 'strong'),
    pair(`${amount} × ${price}`, `=${sum}`),
    ...(vat === undefined
      ? []
      : [
          pair(
            vatRate(vat)?.printName ?? `НДС ${vat}`,
            vatSum === undefined ? '' : `=${money(vatSum)}`,
            'quiet',
          ),
        ]),
    ...(signs ? [text(signs, 'quiet')] : []),
    ...codes(item),
    ...fraction(item),
    ...item.rest('quiet'),
  ];
}
