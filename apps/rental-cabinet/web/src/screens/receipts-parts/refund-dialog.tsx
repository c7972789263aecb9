import { Radio, Stack, Text, TextInput } from '@mantine/core';
import type { ClientReceipt } from '@kkt/web-contract';
import { readMoney, useFormats, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { Derived, type DerivedBody } from './derived';
import { receiptTexts } from './texts';

type Way = 'whole' | 'byItems' | 'bySum';
const ways: readonly Way[] = ['whole', 'byItems', 'bySum'];

/** A quantity or a sum as people write it, as the server reads it; undefined when there is none. */
export const decimalOf = (text: string): string | undefined => {
  const plain = text.replace(/[\s\u00a0]/g, '').replace(',', '.');
  return /^\d+(\.\d{1,6})?$/.test(plain) ? plain : undefined;
};

/** A refund of a receipt: whole, by items, or of a sum; what it will be is shown before it is made. */
export function RefundDialog({ view, onClose }: { view: ClientReceipt; onClose(): void }): ReactNode {
  const say = useTexts(receiptTexts);
  const formats = useFormats();
  const [way, setWay] = useState<Way>('whole');
  const [sum, setSum] = useState('');
  const items = view.paper?.items ?? [];
  const [quantities, setQuantities] = useState<string[]>(() => items.map(() => ''));
  const body = ((): DerivedBody => {
    if (way === 'bySum') {
      const kop = readMoney(sum);
      return { kind: 'refund', amount: ((kop ?? 0) / 100).toFixed(2) };
    }
    if (way === 'whole') return { kind: 'refund' };
    const chosen = quantities.flatMap((text, position) => {
      const quantity = decimalOf(text);
      return quantity === undefined || Number(quantity) === 0 ? [] : [{ position, quantity }];
    });
    return chosen.length === 0 ? { kind: 'refund', amount: '0.00' } : { kind: 'refund', items: chosen };
  })();
  return (
    <Dialog title={say('refundTitle', { id: view.receipt.externalId })} onClose={onClose}>
      <Stack>
        <Text size="sm" className="kit-soft">
          {say('refundNote')}
        </Text>
        <Radio.Group value={way} onChange={(value) => setWay(value as Way)} aria-label={say('refund')}>
          <Stack gap="xs">
            {ways.map((one) => (
              <Radio key={one} value={one} label={say(one)} />
            ))}
          </Stack>
        </Radio.Group>
        {way === 'bySum' && (
          <TextInput
            label={say('sum')}
            inputMode="decimal"
            value={sum}
            onChange={(event) => setSum(event.currentTarget.value)}
          />
        )}
        {way === 'byItems' &&
          items.map((item, index) => (
            <div key={index} className="cabinet-derived">
              <span>{item.name}</span>
              <TextInput
                label={say('quantity')}
                description={say('of', { n: formats.quantity(item.quantityMicro) })}
                inputMode="decimal"
                value={quantities[index] ?? ''}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  setQuantities((before) => before.map((text, at) => (at === index ? value : text)));
                }}
              />
            </div>
          ))}
        <Derived receiptId={view.receipt.id} body={body} submit={say('makeRefund')} />
      </Stack>
    </Dialog>
  );
}
