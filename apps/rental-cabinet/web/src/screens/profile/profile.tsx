import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProfileView } from '@kkt/web-contract';
import {
  api,
  Card,
  CardGrid,
  Facts,
  fieldError,
  FormError,
  kitTexts,
  LoginJournal,
  PageHead,
  QueryView,
  SecondFactor,
  Sessions,
  SimpleForm,
  StateBadge,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { NotificationMatrix, PersonalData } from './personal';
import { profileTexts } from './texts';

/** C14: one's own account: contacts, password, second factor, sessions, log-ins. */
export function ProfileScreen(): ReactNode {
  const say = useTexts(profileTexts);
  const changed = useChanged();
  const query = useQuery({
    queryKey: ['profile'],
    queryFn: ({ signal }) => api.get<ProfileView>('profile', signal),
  });
  return (
    <>
      <PageHead title={say('title')} />
      <QueryView query={query}>
        {(profile) => (
          <>
            <CardGrid min={20}>
              <Contacts profile={profile} />
              <SecondFactor isOn={profile.hasTotp} path="profile" onChanged={changed} />
              <Password login={profile.login} />
            </CardGrid>
            <NotificationMatrix />
            <Sessions sessions={profile.sessions} path="profile" onChanged={changed} />
            <LoginJournal logins={profile.logins} />
            <PersonalData />
          </>
        )}
      </QueryView>
    </>
  );
}

function useChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['profile'] });
}

function Confirmation({ at }: { at: string | null }): ReactNode {
  const say = useTexts(profileTexts);
  return at === null ? (
    <StateBadge tone="warn" shape="triangle">
      {say('unconfirmed')}
    </StateBadge>
  ) : (
    <StateBadge tone="good" shape="circle">
      {say('confirmed')}
    </StateBadge>
  );
}

function Contacts({ profile }: { profile: ProfileView }): ReactNode {
  const say = useTexts(profileTexts);
  const { name, login, email, phone, emailConfirmedAt, phoneConfirmedAt } = profile;
  return (
    <Card title={say('contacts')}>
      <Facts
        rows={[
          [say('name'), name || login],
          [
            say('email'),
            email === null ? (
              say('none')
            ) : (
              <>
                {email} <Confirmation at={emailConfirmedAt} />
              </>
            ),
          ],
          [
            say('phone'),
            phone === null ? (
              say('none')
            ) : (
              <>
                <span style={{ whiteSpace: 'nowrap' }}>{phoneText(phone)}</span>{' '}
                <Confirmation at={phoneConfirmedAt} />
              </>
            ),
          ],
        ]}
      />
      {phone !== null && phoneConfirmedAt === null && <ConfirmPhone phone={phoneText(phone)} />}
    </Card>
  );
}

/** `+7 (912) 345-67-89`; a foreign number as it is stored. */
const phoneText = (phone: string): string =>
  phone.replace(/^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/, '+7 ($1) $2-$3-$4');

function ConfirmPhone({ phone }: { phone: string }): ReactNode {
  const say = useTexts(profileTexts);
  const [code, setCode] = useState('');
  const changed = useChanged();
  const ask = useMutation({ mutationFn: () => api.post('profile/phone', {}) });
  const confirm = useMutation({
    mutationFn: () => api.post('profile/phone/confirm', { code }),
    onSuccess: changed,
  });
  if (!ask.isSuccess)
    return (
      <Stack mt="md" align="flex-start">
        <Text className="kit-soft" size="sm">
          {say('phoneNote')}
        </Text>
        <FormError error={ask.error} />
        <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
          {say('confirmPhone')}
        </Button>
      </Stack>
    );
  return (
    <Stack mt="md">
      <Text size="sm" role="status">
        {say('phoneSent', { phone })}
      </Text>
      <SimpleForm
        onSubmit={() => confirm.mutate()}
        error={confirm.error}
        isPending={confirm.isPending}
        isReady={code.replace(/\D/g, '').length >= 6}
        submit={say('confirm')}
      >
        <TextInput
          label={say('code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(confirm.error, 'code')}
        />
      </SimpleForm>
      <Button variant="subtle" size="compact-sm" loading={ask.isPending} onClick={() => ask.mutate()}>
        {say('again')}
      </Button>
    </Stack>
  );
}

function Password({ login }: { login: string }): ReactNode {
  const say = useTexts(profileTexts);
  const kit = useTexts(kitTexts);
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const changed = useChanged();
  const change = useMutation({
    mutationFn: () => api.put('profile/password', { present, next }),
    onSuccess: () => {
      setPresent('');
      setNext('');
      return changed();
    },
  });
  const toggle = { 'aria-label': kit('login.show') };
  return (
    <Card title={say('password')}>
      <SimpleForm
        onSubmit={() => change.mutate()}
        error={change.error}
        isPending={change.isPending}
        isReady={present !== '' && next !== ''}
        submit={say('change')}
      >
        <Text className="kit-soft" size="sm">
          {say('passwordNote')}
        </Text>
        {/* Tells password managers whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
        <PasswordInput
          label={say('present')}
          autoComplete="current-password"
          value={present}
          onChange={(event) => setPresent(event.currentTarget.value)}
          error={next !== '' || present !== '' ? presentError(change.error) : undefined}
          visibilityToggleButtonProps={toggle}
        />
        <PasswordInput
          label={say('next')}
          description={say('nextHint')}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          error={nextError(change.error)}
          visibilityToggleButtonProps={toggle}
        />
        {change.isSuccess && <Text role="status">{say('changed')}</Text>}
      </SimpleForm>
    </Card>
  );
}

/** The server calls both fields `password`; its code tells them apart. */
const isOfPresent = (error: unknown): boolean =>
  (error as { code?: string } | null)?.code === 'CLIENT-PRESENT-PASSWORD';
const presentError = (error: unknown): string | undefined =>
  fieldError(error, isOfPresent(error) ? 'password' : 'present');
const nextError = (error: unknown): string | undefined =>
  fieldError(error, 'next') ?? (isOfPresent(error) ? undefined : fieldError(error, 'password'));
