import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { CardPaymentView, MoneyView } from '@kkt/web-contract';
import { api, ApiError, Card, fieldError, FormError, readMoney, useLanguage, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { autoTexts } from './auto-texts';
import { moneyTexts } from './texts';
import { downloadPaper, useAuto, useMoneyChanged } from './use-money';

const firstSuggestionKop = 1_000_000;

/** What the next renewal lacks, in whole thousands; a round sum when nothing does. */
const suggested = ({ stop }: MoneyView): string =>
  String(Math.ceil(Math.max(stop?.missingKop ?? 0, firstSuggestionKop) / 100_000) * 1_000);

/** Money onto the balance: by card at once, or by an invoice. */
export function TopUp({ money }: { money: MoneyView }): ReactNode {
  const say = useTexts(moneyTexts);
  const changed = useMoneyChanged();
  const [amount, setAmount] = useState(() => suggested(money));
  const [email, setEmail] = useState(money.receiptEmail ?? '');
  const [isSaving, setSaving] = useState(false);
  const auto = useTexts(autoTexts);
  const { language } = useLanguage();
  const consent = useAuto().data?.consents.card;
  const amountKop = readMoney(amount);
  const pay = useMutation({
    mutationFn: () =>
      api.post<CardPaymentView>('money/cards', {
        amountKop,
        receiptEmail: email.trim(),
        ...(isSaving && consent && { saveConsent: consent.version }),
      }),
    onSuccess: ({ payUrl }) => {
      if (payUrl) location.assign(payUrl);
    },
  });
  const invoice = useMutation({
    mutationFn: () => api.post<{ number: string }>('money/invoices', { amountKop }),
    onSuccess: async ({ number }) => {
      downloadPaper(number);
      await changed();
    },
  });
  if (!money.mayPay)
    return (
      <Card title={say('topUp')}>
        <Text className="kit-soft">{say('mayNot')}</Text>
      </Card>
    );
  const error = pay.error ?? invoice.error;
  const isBankAway = error instanceof ApiError && error.status >= 500;
  const isReady = amountKop !== undefined && amountKop > 0;
  return (
    <Card title={say('topUp')}>
      <Stack gap="sm">
        <TextInput
          label={say('amount')}
          inputMode="decimal"
          autoComplete="off"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          error={
            amount.trim() !== '' && amountKop === undefined
              ? say('amountWrong')
              : fieldError(error, 'amountKop')
          }
        />
        {money.takesCards ? (
          <TextInput
            label={say('email')}
            description={say('cardNote')}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={fieldError(pay.error, 'receiptEmail')}
          />
        ) : (
          <Text className="kit-soft" size="sm">
            {say('noCards')}
          </Text>
        )}
        {money.takesCards && consent && (
          <Checkbox
            label={auto('save')}
            description={consent[language]}
            checked={isSaving}
            onChange={(event) => setSaving(event.currentTarget.checked)}
          />
        )}
        {isBankAway ? (
          <Text c="var(--kit-bad)" role="alert">
            {say('error.bank')}
          </Text>
        ) : (
          <FormError error={error} />
        )}
        <Group gap="sm">
          {money.takesCards && (
            <Button
              loading={pay.isPending}
              disabled={!isReady || email.trim().length < 5}
              onClick={() => pay.mutate()}
            >
              {say('byCard')}
            </Button>
          )}
          <Button
            variant="default"
            loading={invoice.isPending}
            disabled={!isReady}
            onClick={() => invoice.mutate()}
          >
            {say('byInvoice')}
          </Button>
        </Group>
        <Text className="kit-soft" size="sm">
          {say('invoiceNote')}
        </Text>
      </Stack>
    </Card>
  );
}
