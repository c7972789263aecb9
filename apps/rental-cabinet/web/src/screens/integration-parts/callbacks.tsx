import { Button, Checkbox, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  CallbackLogRow,
  CallbackSecretView,
  GroupSettingsView,
  IntegrationView,
} from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  CodeBlock,
  DataTable,
  DateTime,
  EmptyState,
  fieldError,
  FormError,
  QueryView,
  SimpleForm,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { links } from '../../links';
import { integrationTexts } from './texts';

/** How the shop is told: the signing key, settings of groups, the log of deliveries. */
export function Callbacks({ view }: { view: IntegrationView }): ReactNode {
  const { person } = useMember();
  const mayWrite = person.rights.includes('integration:write');
  return (
    <>
      <CardGrid min={24}>
        {mayWrite && person.role !== 'member' && <Secret />}
        {mayWrite && view.groups.length > 0 && <GroupSettings codes={view.groups.map(({ code }) => code)} />}
      </CardGrid>
      <Log />
    </>
  );
}

function Secret(): ReactNode {
  const say = useTexts(integrationTexts);
  const formats = useFormats();
  const show = useMutation({ mutationFn: () => api.get<CallbackSecretView>('callbacks/secret') });
  const rotate = useMutation({
    mutationFn: () => api.post<CallbackSecretView>('callbacks/secret/rotate', { previousLivesHours: 24 }),
  });
  const secret = rotate.data ?? show.data;
  return (
    <Card title={say('secret')}>
      <Stack>
        <Text size="sm">{say('secretNote')}</Text>
        {secret ? (
          <CodeBlock text={secret.secrets[0] ?? ''} label={say('secretNow')} />
        ) : (
          <Button variant="default" loading={show.isPending} onClick={() => show.mutate()}>
            {say('secretShow')}
          </Button>
        )}
        {secret?.previousUntil && (
          <Text size="sm" className="kit-soft">
            {say('secretBefore', { time: formats.time(secret.previousUntil) })}
          </Text>
        )}
        {secret && (
          <>
            <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
              {say('secretRotate')}
            </Button>
            <Text size="sm" className="kit-soft">
              {say('secretRotateNote')}
            </Text>
          </>
        )}
        <FormError error={show.error ?? rotate.error} />
      </Stack>
    </Card>
  );
}

function GroupSettings({ codes }: { codes: readonly string[] }): ReactNode {
  const say = useTexts(integrationTexts);
  const [code, setCode] = useState(codes[0] ?? '');
  const query = useQuery({
    queryKey: ['group-settings', code],
    queryFn: ({ signal }) => api.get<GroupSettingsView>(`groups/${code}/settings`, signal),
  });
  return (
    <Card title={say('groupSettings')}>
      <Stack>
        <NativeSelect
          label={say('keyGroup')}
          value={code}
          data={[...codes]}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <QueryView query={query}>
          {(settings) => <GroupForm key={code} code={code} settings={settings} />}
        </QueryView>
      </Stack>
    </Card>
  );
}

function GroupForm({ code, settings }: { code: string; settings: GroupSettingsView }): ReactNode {
  const say = useTexts(integrationTexts);
  const [email, setEmail] = useState(settings.senderEmail ?? '');
  const [letters, setLetters] = useState(settings.buyerLetters);
  const save = useMutation({
    mutationFn: () =>
      api.put(`groups/${code}/settings`, {
        ...(email.trim() !== '' && { senderEmail: email.trim() }),
        buyerLetters: letters,
      }),
  });
  return (
    <SimpleForm
      onSubmit={() => save.mutate()}
      error={save.error}
      isPending={save.isPending}
      isReady
      submit={say('save')}
    >
      <TextInput
        label={say('senderEmail')}
        description={say('senderEmailHint')}
        type="email"
        value={email}
        onChange={(event) => {
          setEmail(event.currentTarget.value);
          save.reset();
        }}
        error={fieldError(save.error, 'senderEmail')}
      />
      <Checkbox
        label={say('buyerLetters')}
        checked={letters}
        onChange={(event) => {
          setLetters(event.currentTarget.checked);
          save.reset();
        }}
      />
      {save.isSuccess && <Text role="status">{say('saved')}</Text>}
    </SimpleForm>
  );
}

const looks = {
  pending: { tone: 'info', shape: 'ring' },
  delivered: { tone: 'good', shape: 'circle' },
  gave_up: { tone: 'bad', shape: 'cross' },
} as const;

function Log(): ReactNode {
  const say = useTexts(integrationTexts);
  const query = useQuery({
    queryKey: ['callbacks'],
    queryFn: ({ signal }) => api.get<CallbackLogRow[]>('callbacks', signal),
    refetchInterval: 10_000,
  });
  return (
    <Card title={say('log')} flush>
      <QueryView query={query}>
        {(rows) => (
          <DataTable
            caption={say('log')}
            rows={rows}
            rowKey={(row) => row.receiptId}
            empty={<EmptyState title={say('logNone')}>{say('logNoneHint')}</EmptyState>}
            columns={[
              { key: 'at', title: say('state'), render: (row) => <DateTime at={row.createdAt} short /> },
              {
                key: 'order',
                title: say('order'),
                render: (row) => <AppLink href={links.receipt(row.receiptId)}>{row.externalId}</AppLink>,
              },
              { key: 'url', title: say('url'), render: (row) => <span className="kit-wrap">{row.url}</span> },
              {
                key: 'result',
                title: say('result'),
                render: (row) => (
                  <span>
                    <StateBadge {...looks[row.state]}>{say(`cb.${row.state}`)}</StateBadge>{' '}
                    <span className="kit-soft">{row.lastError ?? row.lastStatus}</span>
                  </span>
                ),
              },
              { key: 'n', title: say('attempts'), align: 'right', render: (row) => row.attempts },
              { key: 'do', title: '', align: 'right', render: (row) => <Replay id={row.receiptId} /> },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}

function Replay({ id }: { id: string }): ReactNode {
  const say = useTexts(integrationTexts);
  const queries = useQueryClient();
  const replay = useMutation({
    mutationFn: () => api.post(`receipts/${id}/callback/replay`, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['callbacks'] }),
  });
  return replay.isSuccess ? (
    <span role="status">{say('replayed')}</span>
  ) : (
    <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
      {say('replay')}
    </Button>
  );
}
