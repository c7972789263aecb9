import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { MoneyView } from '@kkt/web-contract';
import { api, Card, fieldError, FormError, readMoney, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { moneyTexts } from './texts';
import { useMoneyChanged } from './use-money';

const shown = (kop: number | null): string => (kop === null ? '' : String(kop / 100).replace('.', ','));

/** When the client is warned of a low balance, and where receipts go. */
export function Reminders({ money }: { money: MoneyView }): ReactNode {
  const say = useTexts(moneyTexts);
  const changed = useMoneyChanged();
  const [below, setBelow] = useState(shown(money.warnBelowKop));
  const [email, setEmail] = useState(money.receiptEmail ?? '');
  const belowKop = below.trim() === '' ? null : readMoney(below);
  const save = useMutation({
    mutationFn: () =>
      api.put('money/settings', { warnBelowKop: belowKop, receiptEmail: email.trim() || null }),
    onSuccess: changed,
  });
  return (
    <Card title={say('settings')}>
      <Stack gap="sm" align="stretch">
        <TextInput
          label={say('warnBelow')}
          description={say('warnNote')}
          inputMode="decimal"
          value={below}
          disabled={!money.mayPay}
          onChange={(event) => setBelow(event.currentTarget.value)}
          error={belowKop === undefined ? say('amountWrong') : undefined}
        />
        <TextInput
          label={say('email')}
          type="email"
          value={email}
          disabled={!money.mayPay}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fieldError(save.error, 'receiptEmail')}
        />
        <FormError error={save.error} />
        {money.mayPay && (
          <div>
            <Button
              variant="default"
              loading={save.isPending}
              disabled={belowKop === undefined}
              onClick={() => save.mutate()}
            >
              {say('save')}
            </Button>
            {save.isSuccess && (
              <Text span role="status" ml="sm" className="kit-soft">
                {say('saved')}
              </Text>
            )}
          </div>
        )}
      </Stack>
    </Card>
  );
}
