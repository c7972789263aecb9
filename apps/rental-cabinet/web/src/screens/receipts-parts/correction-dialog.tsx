import { NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core';
import type { ClientReceipt } from '@kkt/web-contract';
import { readMoney, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { Derived, type DerivedBody } from './derived';
import { decimalOf } from './refund-dialog';
import { receiptTexts } from './texts';

const vats = ['', 'none', 'vat0', 'vat5', 'vat7', 'vat10', 'vat20', 'vat22'] as const;
const taxSystems = ['', 'osn', 'usn_income', 'usn_income_outcome', 'esn', 'patent'] as const;
const payments = [
  ['', 'payment.'],
  ['cashKop', 'payment.cash'],
  ['ecashKop', 'payment.electronic'],
  ['prepaidKop', 'payment.prepaid'],
  ['creditKop', 'payment.credit'],
  ['provisionKop', 'payment.other'],
] as const;

interface Change {
  name: string;
  price: string;
  quantity: string;
  vat: string;
}
const same: Change = { name: '', price: '', quantity: '', vat: '' };

const vatName = (code: string): string => code.replace('vat', '').replace(/^(\d+)$/, '$1 %');

/** A correction of a registered receipt: taken back whole, or registered as it should have been. */
export function CorrectionDialog({ view, onClose }: { view: ClientReceipt; onClose(): void }): ReactNode {
  const say = useTexts(receiptTexts);
  const [kind, setKind] = useState<'undo' | 'redo'>('undo');
  const [basis, setBasis] = useState<'0' | '1'>('0');
  const [number, setNumber] = useState('');
  const [payment, setPayment] = useState('');
  const [taxSystem, setTaxSystem] = useState('');
  const items = view.paper?.items ?? [];
  const [changes, setChanges] = useState<Change[]>(() => items.map(() => same));
  const change = (index: number, part: Partial<Change>): void =>
    setChanges((before) => before.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const right = changes.flatMap((one, position) => {
    const price = readMoney(one.price);
    const part = {
      ...(one.name.trim() !== '' && { name: one.name.trim() }),
      ...(price !== undefined && { price: (price / 100).toFixed(2) }),
      ...(decimalOf(one.quantity) !== undefined && { quantity: decimalOf(one.quantity) }),
      ...(one.vat !== '' && { vat: one.vat }),
    };
    return Object.keys(part).length === 0 ? [] : [{ position, ...part }];
  });
  const body: DerivedBody = {
    kind,
    basis: { type: Number(basis), ...(basis === '1' && number.trim() !== '' && { number: number.trim() }) },
    ...(kind === 'redo' && {
      ...(payment !== '' && { payment }),
      ...(taxSystem !== '' && { taxSystem }),
      ...(right.length > 0 && { right }),
    }),
  };
  return (
    <Dialog title={say('correctTitle', { id: view.receipt.externalId })} onClose={onClose}>
      <Stack>
        <Radio.Group
          value={kind}
          onChange={(value) => setKind(value as typeof kind)}
          aria-label={say('correct')}
        >
          <Stack gap="xs">
            <Radio value="undo" label={say('undo')} description={say('undoNote')} />
            <Radio value="redo" label={say('redo')} description={say('redoNote')} />
          </Stack>
        </Radio.Group>
        <NativeSelect
          label={say('basis')}
          value={basis}
          data={[
            { value: '0', label: say('basis.0') },
            { value: '1', label: say('basis.1') },
          ]}
          onChange={(event) => setBasis(event.currentTarget.value as typeof basis)}
        />
        {basis === '1' && (
          <TextInput
            label={say('basisNumber')}
            maxLength={32}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
        )}
        {kind === 'redo' && (
          <>
            <NativeSelect
              label={say('paidBy')}
              value={payment}
              data={payments.map(([value, text]) => ({
                value,
                label: value === '' ? say('asItWas') : say(text),
              }))}
              onChange={(event) => setPayment(event.currentTarget.value)}
            />
            <NativeSelect
              label={say('taxSystem')}
              value={taxSystem}
              data={taxSystems.map((value) => ({ value, label: value === '' ? say('asItWas') : value }))}
              onChange={(event) => setTaxSystem(event.currentTarget.value)}
            />
            {items.map((item, index) => (
              <fieldset key={index} className="cabinet-preview">
                <legend>{item.name}</legend>
                <Stack gap="xs">
                  <TextInput
                    label={say('itemName', { n: index + 1 })}
                    placeholder={item.name}
                    maxLength={128}
                    value={changes[index]?.name ?? ''}
                    onChange={(event) => change(index, { name: event.currentTarget.value })}
                  />
                  <TextInput
                    label={say('price')}
                    inputMode="decimal"
                    placeholder={say('asItWas')}
                    value={changes[index]?.price ?? ''}
                    onChange={(event) => change(index, { price: event.currentTarget.value })}
                  />
                  <TextInput
                    label={say('quantity')}
                    inputMode="decimal"
                    placeholder={say('asItWas')}
                    value={changes[index]?.quantity ?? ''}
                    onChange={(event) => change(index, { quantity: event.currentTarget.value })}
                  />
                  <NativeSelect
                    label={say('vat')}
                    value={changes[index]?.vat ?? ''}
                    data={vats.map((value) => ({
                      value,
                      label: value === '' ? say('asItWas') : vatName(value),
                    }))}
                    onChange={(event) => change(index, { vat: event.currentTarget.value })}
                  />
                </Stack>
              </fieldset>
            ))}
          </>
        )}
        <Text size="sm" className="kit-soft">
          {say('refundNote')}
        </Text>
        <Derived receiptId={view.receipt.id} body={body} submit={say('makeCorrection')} />
      </Stack>
    </Dialog>
  );
}
