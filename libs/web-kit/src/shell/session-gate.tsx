import { Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { api, ApiError } from '../api/client';
import { useLanguage, useTexts } from '../i18n/language';
import { ErrorState } from '../parts/states';
import { kitTexts } from '../texts';

export interface SessionGateProps<S> {
  /** Above the log-in form. */
  title: string;
  note: string;
  children(session: S, logout: () => void): ReactNode;
  /** Pages for those who are not logged in; the log-in form is one of them, with links of the application below it. */
  outside?(login: (links: ReactNode) => ReactNode): ReactNode;
}

/** Shows the application to those who are logged in, the form to the others. */
export function SessionGate<S>({ title, note, children, outside }: SessionGateProps<S>): ReactNode {
  const queries = useQueryClient();
  const session = useQuery<S>({
    queryKey: ['session'],
    queryFn: ({ signal }) => api.get<S>('session', signal),
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
  });
  const logout = useMutation({
    mutationFn: () => api.remove('session'),
    onSettled: () => {
      queries.clear();
      void queries.invalidateQueries({ queryKey: ['session'] });
    },
  });
  const isOut = session.error instanceof ApiError && session.error.status === 401;
  if (isOut) {
    const login = (links?: ReactNode) => <LoginPage title={title} note={note} links={links} />;
    return outside ? outside(login) : login();
  }
  if (session.data !== undefined) return children(session.data, () => logout.mutate());
  if (session.isError) return <ErrorState error={session.error} retry={() => void session.refetch()} />;
  return null;
}

function LoginPage({ title, note, links }: { title: string; note: string; links?: ReactNode }): ReactNode {
  const say = useTexts(kitTexts);
  const { language, setLanguage } = useLanguage();
  const queries = useQueryClient();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [factor, setFactor] = useState('');
  useEffect(() => {
    document.title = title;
  }, [title]);
  const enter = useMutation({
    mutationFn: () => api.post('session', { login: login.trim(), password, ...(factor && { code: factor }) }),
    onSuccess: () => queries.resetQueries({ queryKey: ['session'] }),
  });
  const code = enter.error instanceof ApiError ? enter.error.code : 'UNKNOWN';
  const isFactorAsked = factor !== '' || code === 'CLIENT-SECOND-FACTOR';
  return (
    <main style={{ minHeight: '100dvh', display: 'grid', placeItems: 'center', padding: '1rem' }}>
      <Paper withBorder p="xl" radius="lg" w="100%" maw={400} bg="var(--kit-card)">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate();
          }}
        >
          <Stack>
            <div>
              <Title order={1}>{title}</Title>
              <Text className="kit-soft" mt={4}>
                {note}
              </Text>
            </div>
            <TextInput
              label={say('login.login')}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
              required
              withAsterisk={false}
            />
            <PasswordInput
              label={say('login.password')}
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': say('login.show') }}
            />
            {isFactorAsked && (
              <TextInput
                label={say('login.factor')}
                description={say('login.factorHint')}
                inputMode="numeric"
                autoComplete="one-time-code"
                value={factor}
                onChange={(event) => setFactor(event.currentTarget.value)}
                autoFocus
              />
            )}
            {enter.isError && !(code === 'CLIENT-SECOND-FACTOR' && factor === '') && (
              <Text c="var(--kit-bad)" role="alert">
                {say.maybe(`error.${code === 'CLIENT-FIELDS' ? 'CLIENT-LOGIN' : code}`, say('error.other'))}
              </Text>
            )}
            <Button type="submit" loading={enter.isPending} disabled={login.trim() === '' || password === ''}>
              {say('login.enter')}
            </Button>
            {links}
            <Button variant="subtle" size="xs" onClick={() => setLanguage(language === 'ru' ? 'en' : 'ru')}>
              {language === 'ru' ? 'English' : 'Русский'}
            </Button>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
