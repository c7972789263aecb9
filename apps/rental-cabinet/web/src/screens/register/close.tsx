import { Radio, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ClientRegister, ClosedView, ClosingView } from '@kkt/web-contract';
import { api, Facts, fieldError, SimpleForm, useFormats, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { paperHref, useMoneyChanged } from '../money/use-money';
import { registerTexts } from './texts';

/** De-registration: what it means, what comes back for unused days of rent, and the proof that the client means it. */
export function Close(props: {
  register: ClientRegister;
  onClose(): void;
  onDone(): Promise<void>;
}): ReactNode {
  const { register, onClose, onDone } = props;
  const say = useTexts(registerTexts);
  const moneyChanged = useMoneyChanged();
  const [serial, setSerial] = useState('');
  const [reason, setReason] = useState('');
  const [returnTo, setReturnTo] = useState<'balance' | 'card'>('balance');
  const closing = useQuery({
    queryKey: ['closing', register.id],
    queryFn: ({ signal }) => api.get<ClosingView>(`registers/${register.id}/closing`, signal),
  });
  const close = useMutation({
    mutationFn: () =>
      api.post<ClosedView>(`registers/${register.id}/close`, {
        serial: serial.trim(),
        reason: reason.trim(),
        returnTo,
        expectedKop: closing.data?.backKop ?? 0,
      }),
    onSuccess: () => Promise.all([onDone(), moneyChanged()]),
    onError: () => closing.refetch(),
  });
  return (
    <Dialog title={say('closeTitle', { serial: register.serial })} onClose={onClose}>
      {close.data ? (
        <Done closed={close.data} />
      ) : (
        <SimpleForm
          onSubmit={() => close.mutate()}
          error={close.error}
          isPending={close.isPending}
          isReady={
            closing.data !== undefined && serial.trim() === register.serial && reason.trim().length >= 3
          }
          submit={say('closeDo')}
          isDanger
        >
          <Text size="sm">{say('closeNote')}</Text>
          {closing.data ? (
            <Returns closing={closing.data} returnTo={returnTo} onReturnTo={setReturnTo} />
          ) : (
            <Skeleton height={96} />
          )}
          {fieldError(close.error, 'expectedKop') && (
            <Text c="var(--kit-bad)" role="alert" size="sm">
              {fieldError(close.error, 'expectedKop')}
            </Text>
          )}
          <TextInput
            label={say('closeSerial')}
            value={serial}
            autoComplete="off"
            onChange={(event) => setSerial(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label={say('reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </SimpleForm>
      )}
    </Dialog>
  );
}

function Returns(props: {
  closing: ClosingView;
  returnTo: 'balance' | 'card';
  onReturnTo(to: 'balance' | 'card'): void;
}): ReactNode {
  const { closing, returnTo, onReturnTo } = props;
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const { rentals, backKop, cardKop } = closing;
  if (rentals.every(({ paidKop }) => paidKop === 0))
    return (
      <Text size="sm" className="kit-soft">
        {say('closeRentNone')}
      </Text>
    );
  return (
    <section aria-label={say('closeRent')}>
      <Stack gap="xs">
        <strong>{say('closeRent')}</strong>
        <ul className="cabinet-plain-steps">
          {rentals.map((one) => (
            <li key={one.rentalId}>
              {say('closeRentUsed', {
                from: formats.date(one.firstDay),
                to: formats.date(one.lastDay),
                used: one.usedDays,
                term: one.usedDays + one.unusedDays,
              })}
              <br />
              <span className="kit-soft">
                {say('closeRentSum', { paid: formats.money(one.paidKop), kept: formats.money(one.usedKop) })}
              </span>
            </li>
          ))}
        </ul>
        <Facts rows={[[say('closeBack'), <strong key="back">{formats.money(backKop)}</strong>]]} />
        <Text size="sm" className="kit-soft">
          {say('closeRule')}
        </Text>
        {cardKop > 0 && (
          <Radio.Group
            label={say('closeTo', { sum: formats.money(backKop) })}
            value={returnTo}
            onChange={(value) => onReturnTo(value === 'card' ? 'card' : 'balance')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="balance" label={say('closeToBalance')} />
              <Radio
                value="card"
                label={`${say('closeToCard', { card: formats.money(cardKop) })}${cardKop < backKop ? say('closeToCardRest') : ''}`}
                description={say('closeToCardNote')}
              />
            </Stack>
          </Radio.Group>
        )}
      </Stack>
    </section>
  );
}

function Done({ closed: { backKop, cardKop, paper } }: { closed: ClosedView }): ReactNode {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  return (
    <Stack role="status">
      <Text>
        {say('closeDone', { sum: formats.money(backKop) })}{' '}
        {cardKop > 0 && say('closeDoneCard', { card: formats.money(cardKop) })}
      </Text>
      {paper !== null && (
        <a href={paperHref(paper)} download>
          {say('closePaper', { number: paper })}
        </a>
      )}
    </Stack>
  );
}
