import { Checkbox, NativeSelect, NumberInput, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RentalView } from '@kkt/web-contract';
import { api, fieldError, SimpleForm, useFormats, useLanguage, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { useQuote, useSettled, useTariffs } from '../order/use-order';
import { moneyTexts } from './texts';
import { useMoneyChanged } from './use-money';

const shortestUsualDays = 30;

/** Another term of one register, paid from the balance. */
export function Extend({ rental, onClose }: { rental: RentalView; onClose(): void }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const changed = useMoneyChanged();
  const { data: tariffs } = useTariffs();
  const [tariffId, setTariff] = useState(rental.tariffId);
  const [termDays, setTerm] = useState(Math.max(rental.termDays, shortestUsualDays));
  const [promoCode, setPromo] = useState('');
  const [renewsItself, setRenews] = useState(true);
  const wish = { tariffId, registers: 1, termDays, ...(promoCode.trim() && { promoCode: promoCode.trim() }) };
  const quote = useQuote(useSettled(wish), termDays >= 1);
  const { registers: _one, ...terms } = wish;
  const extend = useMutation({
    mutationFn: () => api.post('rentals', { ...terms, registerIds: [rental.registerId], renewsItself }),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  const missingKop = quote.data?.missingKop ?? 0;
  return (
    <Dialog title={say('extendTitle', { serial: rental.serial })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => extend.mutate()}
        error={extend.error}
        isPending={extend.isPending}
        isReady={quote.data !== undefined && !quote.isError && missingKop === 0}
        submit={say('extend')}
      >
        <Text className="kit-soft" size="sm">
          {say('extendNote')}
        </Text>
        <NativeSelect
          label={say('tariff')}
          value={tariffId}
          data={(tariffs?.tariffs ?? []).map(({ id, name }) => ({ value: id, label: name[language] }))}
          onChange={(event) => setTariff(event.currentTarget.value)}
        />
        <NumberInput
          label={say('days')}
          min={1}
          max={tariffs?.longestTermDays ?? 1_096}
          allowDecimal={false}
          value={termDays}
          onChange={(value) => setTerm(Number(value) || 1)}
          error={fieldError(quote.error, 'termDays')}
        />
        <TextInput
          label={say('promo')}
          value={promoCode}
          autoComplete="off"
          onChange={(event) => setPromo(event.currentTarget.value)}
          error={fieldError(quote.error, 'promo')}
        />
        <Checkbox
          label={say('renewLater')}
          checked={renewsItself}
          onChange={(event) => setRenews(event.currentTarget.checked)}
        />
        {quote.data && (
          <Text role="status">
            <strong>{say('price', { sum: formats.money(quote.data.totalKop) })}</strong>
          </Text>
        )}
        {missingKop > 0 && (
          <Text c="var(--kit-warn)">{say('missing', { sum: formats.money(missingKop) })}</Text>
        )}
      </SimpleForm>
    </Dialog>
  );
}
