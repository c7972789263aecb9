import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ProfileView } from '@kkt/web-contract';
import { api, fieldError, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { OutsidePage } from './page';
import { outsideTexts } from './texts';

/** Somebody who is logged in and has no company yet: he adds one, or accepts an invitation. */
export function FirstCompany({ logout }: { logout(): void }): ReactNode {
  const say = useTexts(outsideTexts);
  const profile = useQuery({
    queryKey: ['profile'],
    queryFn: ({ signal }) => api.get<ProfileView>('profile', signal),
  });
  const [name, setName] = useState<string>();
  const [inn, setInn] = useState('');
  // What was typed at sign-up need not be typed again.
  const shownName = name ?? profile.data?.companyName ?? '';
  const add = useMutation({
    mutationFn: () => api.post('profile/companies', { name: shownName, inn }),
    onSuccess: () => location.assign('/'),
  });
  return (
    <OutsidePage title={say('company.title')} note={say('company.note')}>
      <SimpleForm
        onSubmit={() => add.mutate()}
        error={add.error}
        isPending={add.isPending || add.isSuccess}
        isReady={shownName.trim() !== '' && /^(\d{10}|\d{12})$/.test(inn)}
        submit={say('company.submit')}
      >
        <TextInput
          label={say('company.name')}
          value={shownName}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="organization"
          error={fieldError(add.error, 'name')}
        />
        <TextInput
          label={say('company.inn')}
          description={say('company.innHint')}
          inputMode="numeric"
          value={inn}
          onChange={(event) => setInn(event.currentTarget.value.replace(/\D/g, '').slice(0, 12))}
          error={fieldError(add.error, 'inn')}
        />
      </SimpleForm>
      <Button variant="subtle" size="compact-sm" onClick={logout}>
        {say('company.logout')}
      </Button>
    </OutsidePage>
  );
}

/** The link of an invitation, opened by somebody who is logged in. */
export function InvitationPage(): ReactNode {
  const say = useTexts(outsideTexts);
  const accept = useMutation({
    mutationFn: () => api.post('profile/invitations/accept', { code: location.hash.slice(1) }),
    onSuccess: () => location.assign('/'),
  });
  return (
    <OutsidePage
      title={say('invitation.title')}
      note={fieldError(accept.error, 'code') ?? say('invitation.note')}
    >
      <Button loading={accept.isPending || accept.isSuccess} onClick={() => accept.mutate()}>
        {say('invitation.accept')}
      </Button>
    </OutsidePage>
  );
}
