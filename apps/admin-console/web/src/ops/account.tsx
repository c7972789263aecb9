import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { StaffAccountView } from '@kkt/web-contract';
import {
  api,
  Card,
  CodeBlock,
  DataTable,
  DateTime,
  EmptyState,
  IdChip,
  PageHead,
  QueryView,
  StateBadge,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { QrCode } from '../walls/qr-code';
import { accountTexts } from './texts-account';
import './ops.css';

/** One's own account: second factor, sessions, log-ins. */
export function AccountScreen(): ReactNode {
  const say = useTexts(accountTexts);
  const query = useQuery({
    queryKey: ['account'],
    queryFn: ({ signal }) => api.get<StaffAccountView>('account', signal),
  });
  return (
    <>
      <PageHead title={say('title')} />
      <QueryView query={query}>
        {(account) => (
          <>
            <Factor isOn={account.hasTotp} />
            <Sessions sessions={account.sessions} />
            <Card title={say('logins')} flush>
              <DataTable
                caption={say('logins')}
                rows={account.logins}
                rowKey={(row) => row.at}
                empty={<EmptyState title={say('none')}>{say('noneHint')}</EmptyState>}
                columns={[
                  { key: 'at', title: say('when'), render: (row) => <DateTime at={row.at} /> },
                  {
                    key: 'outcome',
                    title: say('outcome'),
                    render: (row) => say.maybe(`outcome.${row.outcome}`, row.outcome),
                  },
                  { key: 'address', title: say('address'), render: (row) => row.address },
                  { key: 'agent', title: say('browser'), render: (row) => row.agent },
                ]}
              />
            </Card>
          </>
        )}
      </QueryView>
    </>
  );
}

function Sessions({ sessions }: { sessions: StaffAccountView['sessions'] }): ReactNode {
  const say = useTexts(accountTexts);
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: (name: string) => api.remove(`account/sessions/${name}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['account'] }),
  });
  return (
    <Card title={say('sessions')} flush>
      <DataTable
        caption={say('sessions')}
        rows={sessions}
        rowKey={(row) => row.name}
        columns={[
          { key: 'who', title: say('who'), render: (row) => row.staffName },
          { key: 'address', title: say('address'), render: (row) => row.address },
          { key: 'agent', title: say('browser'), render: (row) => row.agent },
          { key: 'seen', title: say('seen'), render: (row) => <DateTime at={row.seenAt} short /> },
          { key: 'expires', title: say('expires'), render: (row) => <DateTime at={row.expiresAt} short /> },
          {
            key: 'end',
            title: '',
            align: 'right',
            render: (row) =>
              row.isOwn ? (
                <StateBadge tone="info" shape="circle">
                  {say('this')}
                </StateBadge>
              ) : (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`${say('end')}: ${row.staffName}, ${row.address}`}
                  onClick={() => end.mutate(row.name)}
                >
                  {say('end')}
                </Button>
              ),
          },
        ]}
      />
    </Card>
  );
}

/** Turning the second factor on and off. What it shows once is gone with this component. */
function Factor({ isOn }: { isOn: boolean }): ReactNode {
  const say = useTexts(accountTexts);
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [fresh, setFresh] = useState<{ secret: string; uri: string }>();
  const [codes, setCodes] = useState<readonly string[]>();
  const reset = (): void => {
    setAsking(false);
    setPassword('');
    setCode('');
    setFresh(undefined);
    setCodes(undefined);
    void queries.invalidateQueries({ queryKey: ['account'] });
  };
  const run = useMutation({
    mutationFn: async () => {
      if (isOn) {
        await api.post('account/totp/disable', { password, code: code.trim() });
        reset();
      } else if (fresh) {
        const on = await api.post<{ recoveryCodes: string[] }>('account/totp/confirm', { code: code.trim() });
        setCodes(on.recoveryCodes);
      } else setFresh(await api.post<{ secret: string; uri: string }>('account/totp', { password }));
    },
  });
  return (
    <Card
      title={say('factor')}
      side={
        <StateBadge tone={isOn || codes ? 'good' : 'warn'} shape={isOn || codes ? 'circle' : 'triangle'}>
          {say(isOn || codes ? 'on' : 'off')}
        </StateBadge>
      }
    >
      {codes ? (
        <Stack align="flex-start">
          <Text>{say('recoveryHint')}</Text>
          <CodeBlock label={say('recovery')} text={codes.join('\n')} />
          <Button onClick={reset}>{say('saved')}</Button>
        </Stack>
      ) : !isAsking ? (
        <Stack align="flex-start">
          <Text>{say('why')}</Text>
          <Button variant={isOn ? 'default' : 'filled'} onClick={() => setAsking(true)}>
            {say(isOn ? 'disable' : 'begin')}
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            run.mutate();
          }}
        >
          <Stack align="flex-start" maw={420}>
            {fresh ? (
              <>
                <Text>{say('scan')}</Text>
                <div className="ops-qr">
                  <QrCode text={fresh.uri} label={say('qr')} />
                </div>
                <IdChip id={fresh.secret} label={say('qr')} />
              </>
            ) : (
              <PasswordInput
                label={say('password')}
                autoComplete="current-password"
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            )}
            {(fresh ?? isOn) && (
              <TextInput
                label={say('code')}
                inputMode="numeric"
                autoComplete="one-time-code"
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
            )}
            {run.isError && (
              <Text c="var(--kit-bad)" role="alert">
                {say('failed')}
              </Text>
            )}
            <Button type="submit" loading={run.isPending}>
              {say(isOn ? 'disable' : fresh ? 'confirm' : 'next')}
            </Button>
          </Stack>
        </form>
      )}
    </Card>
  );
}
