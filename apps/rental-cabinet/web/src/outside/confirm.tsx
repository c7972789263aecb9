import { Button, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, fieldError, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { OutsidePage } from './page';
import { outsideTexts } from './texts';

/** After this the session's cookie is there: the application begins anew with it. */
const enter = (): void => location.assign('/');

/** The code of the letter. */
export function ConfirmEmail({ email }: { email: string }): ReactNode {
  const say = useTexts(outsideTexts);
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => api.post('account/confirm', { email, code }),
    onSuccess: enter,
  });
  const resend = useMutation({ mutationFn: () => api.post('account/resend', { email }) });
  return (
    <OutsidePage title={say('confirm.title')} note={say('confirm.note', { email })}>
      <SimpleForm
        onSubmit={() => confirm.mutate()}
        error={confirm.error}
        isPending={confirm.isPending || confirm.isSuccess}
        isReady={code.replace(/\D/g, '').length >= 8}
        submit={say('confirm.submit')}
      >
        <TextInput
          label={say('confirm.code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          placeholder="1234 5678"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(confirm.error, 'code')}
          data-autofocus
        />
      </SimpleForm>
      <Button variant="subtle" size="compact-sm" loading={resend.isPending} onClick={() => resend.mutate()}>
        {say('confirm.resend')}
      </Button>
      {resend.isSuccess && <Text role="status">{say('confirm.resent')}</Text>}
      <Text className="kit-soft" size="sm">
        {say('confirm.demo')}
      </Text>
    </OutsidePage>
  );
}

/** The link of the letter: its secret stands behind the hash mark and is sent from here. */
export function ConfirmLinkPage(): ReactNode {
  const say = useTexts(outsideTexts);
  const isSent = useRef(false);
  const confirm = useMutation({
    mutationFn: () => api.post('account/confirm-link', { token: location.hash.slice(1) }),
    onSuccess: enter,
  });
  const { mutate } = confirm;
  useEffect(() => {
    // A link works once; effects may run twice.
    if (!isSent.current) mutate();
    isSent.current = true;
  }, [mutate]);
  return (
    <OutsidePage
      title={say('confirm.title')}
      note={confirm.isError ? fieldError(confirm.error, 'code') : say('confirm.byLink')}
      links={confirm.isError ? [{ href: '/', title: say('recover.toLogin') }] : []}
    >
      {null}
    </OutsidePage>
  );
}
