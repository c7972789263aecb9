import { Anchor, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, fieldError, kitTexts, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { OutsidePage } from './page';
import { outsideTexts } from './texts';

/** A forgotten password: first a code, then a new password. */
export function RecoverPage(): ReactNode {
  const say = useTexts(outsideTexts);
  const sayKit = useTexts(kitTexts);
  const [login, setLogin] = useState('');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const ask = useMutation({ mutationFn: () => api.post('account/recover', { login }) });
  const reset = useMutation({ mutationFn: () => api.post('account/reset', { login, code, password }) });
  const back = [{ href: '/', title: say('recover.toLogin') }];
  if (reset.isSuccess)
    return (
      <OutsidePage title={say('recover.title')}>
        <p role="status">{say('recover.done')}</p>
        <Anchor href="/">{say('recover.toLogin')}</Anchor>
      </OutsidePage>
    );
  return (
    <OutsidePage title={say('recover.title')} note={say('recover.note')} links={back}>
      <SimpleForm
        onSubmit={() => (ask.isSuccess ? reset.mutate() : ask.mutate())}
        error={ask.isSuccess ? reset.error : ask.error}
        isPending={ask.isPending || reset.isPending}
        isReady={login.trim() !== '' && (!ask.isSuccess || (code !== '' && password !== ''))}
        submit={ask.isSuccess ? say('recover.submit') : say('recover.send')}
      >
        <TextInput
          label={say('recover.login')}
          autoComplete="username"
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          readOnly={ask.isSuccess}
          error={
            fieldError(ask.error, 'email') ?? fieldError(ask.error, 'phone') ?? fieldError(ask.error, 'login')
          }
        />
        {ask.isSuccess && (
          <>
            <TextInput
              label={say('recover.code')}
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              error={fieldError(reset.error, 'code')}
            />
            <PasswordInput
              label={say('recover.password')}
              description={say('signUp.passwordHint')}
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={fieldError(reset.error, 'password')}
              visibilityToggleButtonProps={{ 'aria-label': sayKit('login.show') }}
            />
          </>
        )}
      </SimpleForm>
    </OutsidePage>
  );
}
