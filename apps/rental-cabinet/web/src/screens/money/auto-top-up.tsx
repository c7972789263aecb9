import { Button, Checkbox, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { AutoTopUpView, MoneyView } from '@kkt/web-contract';
import {
  api,
  Card,
  fieldError,
  FormError,
  QueryView,
  readMoney,
  SimpleForm,
  StateBadge,
  useFormats,
  useLanguage,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { autoTexts } from './auto-texts';
import { moscowToday, useAuto, useMoneyChanged } from './use-money';

const failuresUntilOff = 3;

/** Cards the bank remembers, and the top-ups that are made by themselves. */
export function AutoTopUp({ money }: { money: MoneyView }): ReactNode {
  const query = useAuto();
  if (!money.takesCards) return null;
  return <QueryView query={query}>{(view) => <Content view={view} money={money} />}</QueryView>;
}

function Content({ view, money }: { view: AutoTopUpView; money: MoneyView }): ReactNode {
  const say = useTexts(autoTexts);
  const [isEditing, setEditing] = useState(false);
  const { cards, auto } = view;
  const isOn = auto?.isOn === true;
  return (
    <Card
      title={say('title')}
      side={
        <StateBadge tone={isOn ? 'good' : 'mute'} shape={isOn ? 'circle' : 'ring'}>
          {say(isOn ? 'on' : 'off')}
        </StateBadge>
      }
    >
      <Stack gap="sm">
        {cards.length === 0 && <Text className="kit-soft">{say('none')}</Text>}
        <Failure auto={auto} />
        {isOn && !isEditing && <Present view={view} mayPay={money.mayPay} onEdit={() => setEditing(true)} />}
        {cards.length > 0 && money.mayPay && (!isOn || isEditing) && (
          <Settings view={view} email={money.receiptEmail} onDone={() => setEditing(false)} />
        )}
        {cards.length > 0 && <Cards cards={cards} mayPay={money.mayPay} />}
      </Stack>
    </Card>
  );
}

function Failure({ auto }: { auto: AutoTopUpView['auto'] }): ReactNode {
  const say = useTexts(autoTexts);
  if (!auto || auto.lastFailure === null) return null;
  const isOff = !auto.isOn && auto.failures >= failuresUntilOff;
  if (!auto.isOn && !isOff) return null;
  return (
    <Text c="var(--kit-bad)" role="status">
      {isOff
        ? say('failedOff', { reason: auto.lastFailure })
        : say('failure', { reason: auto.lastFailure, n: auto.failures })}
    </Text>
  );
}

function Present(props: { view: AutoTopUpView; mayPay: boolean; onEdit(): void }): ReactNode {
  const { view, mayPay, onEdit } = props;
  const say = useTexts(autoTexts);
  const formats = useFormats();
  const changed = useMoneyChanged();
  const stop = useMutation({ mutationFn: () => api.remove('money/auto'), onSuccess: changed });
  const { auto, cards, monthKop } = view;
  if (!auto) return null;
  return (
    <>
      <Text>
        {say('is', {
          below: formats.money(auto.belowKop),
          amount: formats.money(auto.amountKop),
          card: cards.find(({ id }) => id === auto.cardId)?.mask ?? '—',
          limit: formats.money(auto.monthLimitKop),
          month: formats.money(monthKop),
        })}
      </Text>
      <Text className="kit-soft" size="sm">
        {say('agreed', { name: auto.agreedBy, date: formats.date(auto.agreedAt) })}
      </Text>
      <FormError error={stop.error} />
      {mayPay && (
        <Group gap="sm">
          <Button variant="default" onClick={onEdit}>
            {say('change')}
          </Button>
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {say('turnOff')}
          </Button>
        </Group>
      )}
    </>
  );
}

const inRoubles = (kop: number): string => String(kop / 100).replace('.', ',');

function Settings(props: { view: AutoTopUpView; email: string | null; onDone(): void }): ReactNode {
  const { view, email: usualEmail, onDone } = props;
  const say = useTexts(autoTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const changed = useMoneyChanged();
  const { cards, auto, consents, monthKop } = view;
  const known = cards.find(({ id }) => id === auto?.cardId);
  const [cardId, setCardId] = useState((known ?? cards[0])?.id ?? '');
  const [below, setBelow] = useState(inRoubles(auto?.belowKop ?? 300_000));
  const [amount, setAmount] = useState(inRoubles(auto?.amountKop ?? 1_000_000));
  const [limit, setLimit] = useState(inRoubles(auto?.monthLimitKop ?? 3_000_000));
  const [email, setEmail] = useState(auto?.receiptEmail ?? usualEmail ?? '');
  const [isAgreed, setAgreed] = useState(false);
  const [belowKop, amountKop, monthLimitKop] = [below, amount, limit].map((text) => readMoney(text));
  const save = useMutation({
    mutationFn: () =>
      api.put('money/auto', {
        cardId,
        belowKop,
        amountKop,
        monthLimitKop,
        receiptEmail: email.trim(),
        consent: consents.auto.version,
      }),
    onSuccess: async () => {
      await changed();
      onDone();
    },
  });
  const sum = (label: string, value: string, set: (text: string) => void, field: string, note?: string) => (
    <TextInput
      label={label}
      description={note}
      inputMode="decimal"
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      error={fieldError(save.error, field)}
    />
  );
  return (
    <SimpleForm
      onSubmit={() => save.mutate()}
      error={save.error}
      isPending={save.isPending}
      isReady={
        isAgreed &&
        belowKop !== undefined &&
        amountKop !== undefined &&
        monthLimitKop !== undefined &&
        email.trim().length > 4
      }
      submit={say(auto?.isOn ? 'change' : 'turnOn')}
    >
      <NativeSelect
        label={say('card')}
        value={cardId}
        data={cards.map(({ id, mask, system }) => ({ value: id, label: `${system} ${mask}`.trim() }))}
        onChange={(event) => setCardId(event.currentTarget.value)}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {sum(say('below'), below, setBelow, 'belowKop')}
        {sum(say('amount'), amount, setAmount, 'amountKop')}
        {sum(
          say('limit'),
          limit,
          setLimit,
          'monthLimitKop',
          say('limitNote', { sum: formats.money(monthKop) }),
        )}
        <TextInput
          label={say('email')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fieldError(save.error, 'receiptEmail')}
        />
      </SimpleGrid>
      <Text size="sm" className="kit-soft">
        {consents.auto[language]}
      </Text>
      <Checkbox
        label={say('agree')}
        checked={isAgreed}
        onChange={(event) => setAgreed(event.currentTarget.checked)}
        error={fieldError(save.error, 'consent')}
      />
    </SimpleForm>
  );
}

function Cards({ cards, mayPay }: { cards: AutoTopUpView['cards']; mayPay: boolean }): ReactNode {
  const say = useTexts(autoTexts);
  const formats = useFormats();
  const changed = useMoneyChanged();
  const remove = useMutation({
    mutationFn: (id: string) => api.remove(`money/saved-cards/${encodeURIComponent(id)}`),
    onSettled: changed,
  });
  const termOf = (day: string | null): string =>
    day === null ? '' : day < moscowToday() ? say('expired') : say('until', { date: formats.date(day) });
  return (
    <div>
      <strong>{say('cards')}</strong>
      <ul className="cabinet-exports">
        {cards.map(({ id, mask, system, expiresOn }) => (
          <li key={id}>
            <span>
              {system} <span className="kit-num">{mask}</span>{' '}
              <span className="kit-soft">{termOf(expiresOn)}</span>
            </span>
            {mayPay && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={say('remove', { mask })}
                loading={remove.isPending && remove.variables === id}
                onClick={() => remove.mutate(id)}
              >
                {say('removeShort')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
