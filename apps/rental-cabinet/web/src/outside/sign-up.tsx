import { Anchor, Button, Checkbox, Group, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { OfferView } from '@kkt/web-contract';
import { api, fieldError, kitTexts, QueryView, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { OutsidePage } from './page';
import { ConfirmEmail } from './confirm';
import { outsideTexts } from './texts';

const empty = {
  email: '',
  phone: '',
  companyName: '',
  fullName: '',
  password: '',
  repeat: '',
  partnerCode: '',
};
type Fields = typeof empty;

/** Twenty characters of the browser's own chance, without those that look alike. */
function madeUpPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789';
  const bytes = crypto.getRandomValues(new Uint32Array(20));
  return [...bytes].map((value) => alphabet[value % alphabet.length]).join('');
}

/** C1: an account of one's own. */
export function SignUpPage(): ReactNode {
  const say = useTexts(outsideTexts);
  const sayKit = useTexts(kitTexts);
  const [fields, setFields] = useState<Fields>(empty);
  const [isAccepted, setAccepted] = useState(false);
  const [isOfferShown, setOfferShown] = useState(false);
  const [isShown, setShown] = useState(false);
  const offer = useQuery({
    queryKey: ['offer'],
    queryFn: ({ signal }) => api.get<OfferView>('account/offer', signal),
    staleTime: Infinity,
  });
  const send = useMutation({
    mutationFn: ({ repeat: _repeat, fullName, partnerCode, ...rest }: Fields) =>
      api.post('account', {
        ...rest,
        ...(fullName.trim() && { fullName }),
        ...(partnerCode.trim() && { partnerCode }),
        offerVersion: offer.data?.version ?? '',
      }),
  });
  if (send.isSuccess) return <ConfirmEmail email={fields.email.trim()} />;

  const isDifferent = fields.repeat !== '' && fields.repeat !== fields.password;
  const required: (keyof Fields)[] = ['email', 'phone', 'companyName', 'password', 'repeat'];
  const isReady = required.every((key) => fields[key].trim() !== '') && !isDifferent && isAccepted;
  const bind = (key: keyof Fields) => ({
    value: fields[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setFields((before) => ({ ...before, [key]: value }));
    },
    error: fieldError(send.error, key),
  });
  const toggle = { 'aria-label': sayKit('login.show') };
  return (
    <OutsidePage
      title={say('signUp.title')}
      note={say('signUp.note')}
      links={[{ href: '/', title: say('haveAccount') }]}
    >
      <SimpleForm
        onSubmit={() => send.mutate(fields)}
        error={send.error}
        isPending={send.isPending}
        isReady={isReady}
        submit={say('signUp.submit')}
      >
        <TextInput
          label={say('signUp.email')}
          type="email"
          autoComplete="email"
          required
          {...bind('email')}
        />
        <TextInput
          label={say('signUp.phone')}
          description={say('signUp.phoneHint')}
          type="tel"
          autoComplete="tel"
          required
          {...bind('phone')}
        />
        <TextInput
          label={say('signUp.company')}
          description={say('signUp.companyHint')}
          autoComplete="organization"
          required
          {...bind('companyName')}
        />
        <TextInput
          label={say('signUp.name')}
          description={say('signUp.optional')}
          autoComplete="name"
          {...bind('fullName')}
        />
        <PasswordInput
          label={say('signUp.password')}
          description={say('signUp.passwordHint')}
          autoComplete="new-password"
          required
          visible={isShown}
          onVisibilityChange={setShown}
          visibilityToggleButtonProps={toggle}
          {...bind('password')}
        />
        <Group justify="flex-start">
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              const made = madeUpPassword();
              setFields((before) => ({ ...before, password: made, repeat: made }));
              setShown(true);
            }}
          >
            {say('signUp.generate')}
          </Button>
        </Group>
        <PasswordInput
          label={say('signUp.repeat')}
          autoComplete="new-password"
          required
          visible={isShown}
          onVisibilityChange={setShown}
          visibilityToggleButtonProps={toggle}
          {...bind('repeat')}
          error={isDifferent ? say('signUp.differ') : undefined}
        />
        <TextInput
          label={say('signUp.partner')}
          description={say('signUp.optional')}
          {...bind('partnerCode')}
        />
        <div>
          <Checkbox
            label={say('signUp.offer', { version: offer.data?.version ?? '…' })}
            checked={isAccepted}
            onChange={(event) => setAccepted(event.currentTarget.checked)}
            error={fieldError(send.error, 'offerVersion')}
          />
          <Anchor component="button" type="button" size="sm" mt={4} onClick={() => setOfferShown(true)}>
            {say('signUp.offerRead')}
          </Anchor>
        </div>
      </SimpleForm>
      <Modal
        opened={isOfferShown}
        onClose={() => setOfferShown(false)}
        title={offer.data?.title}
        size="lg"
        closeButtonProps={{ 'aria-label': sayKit('dialog.close') }}
      >
        <QueryView query={offer}>{({ body }) => <div className="cabinet-offer">{body}</div>}</QueryView>
      </Modal>
    </OutsidePage>
  );
}
