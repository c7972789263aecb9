import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiKeyView, IntegrationView, MadeApiKey } from '@kkt/web-contract';
import {
  api,
  ApiError,
  Card,
  CodeBlock,
  DataTable,
  DateTime,
  EmptyState,
  fieldError,
  QueryView,
  SimpleForm,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { Dialog } from '../../parts/dialog';
import { integrationTexts } from './texts';

const scopes = [
  'receipt:write',
  'receipt:read',
  'report:read',
  'payment:write',
  'payment:read',
  'payment:manage',
  'key:manage',
] as const;
const listKey = ['keys'];

type Open =
  { what: 'new' } | { what: 'rotate' | 'revoke'; key: ApiKeyView } | { what: 'shown'; made: MadeApiKey };

/** Keys of the own API: made, replaced, revoked; the text of a key is shown once. */
export function Keys({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(integrationTexts);
  const { person } = useMember();
  const mayWrite = person.rights.includes('integration:write');
  const [open, setOpen] = useState<Open>();
  const query = useQuery({
    queryKey: listKey,
    queryFn: ({ signal }) => api.get<ApiKeyView[]>('keys', signal),
    refetchInterval: 15_000,
  });
  const queries = useQueryClient();
  const shown = (made: MadeApiKey): void => {
    void queries.invalidateQueries({ queryKey: listKey });
    setOpen({ what: 'shown', made });
  };
  const sandbox = useMutation({
    mutationFn: () => api.post<MadeApiKey>('sandbox/key', {}),
    onSuccess: shown,
  });
  const close = (): void => setOpen(undefined);
  const hasSandbox = view.groups.some(({ code }) => code.startsWith('sandbox-'));
  return (
    <>
      <Card
        title={say('keys')}
        flush
        side={
          mayWrite && (
            <Group gap="xs">
              {hasSandbox && (
                <Button
                  size="xs"
                  variant="default"
                  loading={sandbox.isPending}
                  onClick={() => sandbox.mutate()}
                >
                  {say('sandboxKey')}
                </Button>
              )}
              <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
                {say('newKey')}
              </Button>
            </Group>
          )
        }
      >
        <QueryView query={query}>
          {(keys) => <List keys={keys} mayWrite={mayWrite} onOpen={setOpen} />}
        </QueryView>
      </Card>
      {open?.what === 'new' && <NewKey view={view} onMade={shown} onClose={close} />}
      {open?.what === 'rotate' && <Rotate apiKey={open.key} onMade={shown} onClose={close} />}
      {open?.what === 'revoke' && <Revoke apiKey={open.key} onClose={close} />}
      {open?.what === 'shown' && <Shown made={open.made} apiUrl={view.apiUrl} onClose={close} />}
    </>
  );
}

function List(props: {
  keys: readonly ApiKeyView[];
  mayWrite: boolean;
  onOpen(open: Open): void;
}): ReactNode {
  const say = useTexts(integrationTexts);
  const formats = useFormats();
  const { keys, mayWrite, onOpen } = props;
  return (
    <DataTable
      caption={say('keys')}
      rows={keys}
      rowKey={(row) => row.id}
      empty={<EmptyState title={say('keysNone')}>{say('keysNoneHint')}</EmptyState>}
      columns={[
        {
          key: 'name',
          title: say('keyName'),
          render: (row) => (
            <span>
              <strong>{row.name}</strong> <span className="kit-mono kit-soft">{row.prefix}</span>
            </span>
          ),
        },
        { key: 'group', title: say('keyGroup'), render: (row) => row.groupCode ?? say('allGroups') },
        {
          key: 'scopes',
          title: say('keyScopes'),
          render: (row) => row.scopes.map((scope) => say.maybe(`scope.${scope}`, scope)).join(', '),
        },
        {
          key: 'used',
          title: say('used'),
          render: (row) =>
            row.lastUsedAt === null ? (
              say('never')
            ) : (
              <span>
                <DateTime at={row.lastUsedAt} short /> <span className="kit-soft">{row.lastUsedFrom}</span>
              </span>
            ),
        },
        {
          key: 'state',
          title: say('state'),
          render: (row) =>
            row.revokedAt !== null ? (
              <StateBadge tone="mute" shape="cross">
                {say('key.revoked')}
              </StateBadge>
            ) : (
              <StateBadge tone={row.expiresAt === null ? 'good' : 'warn'} shape="circle">
                {row.expiresAt === null
                  ? say('key.active')
                  : say('key.ending', { time: formats.time(row.expiresAt) })}
              </StateBadge>
            ),
        },
        {
          key: 'do',
          title: '',
          align: 'right',
          render: (row) =>
            mayWrite &&
            row.revokedAt === null && (
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                <Button size="xs" variant="default" onClick={() => onOpen({ what: 'rotate', key: row })}>
                  {say('rotate')}
                </Button>
                <Button size="xs" variant="default" onClick={() => onOpen({ what: 'revoke', key: row })}>
                  {say('revoke')}
                </Button>
              </Group>
            ),
        },
      ]}
    />
  );
}

function NewKey(props: {
  view: IntegrationView;
  onMade(made: MadeApiKey): void;
  onClose(): void;
}): ReactNode {
  const say = useTexts(integrationTexts);
  const { person } = useMember();
  const isWhole = person.role !== 'member';
  const groups = props.view.groups.map(({ code }) => code);
  const [name, setName] = useState('');
  const [group, setGroup] = useState(isWhole ? '' : (groups[0] ?? ''));
  const [chosen, setChosen] = useState<string[]>(['receipt:write', 'receipt:read']);
  const [days, setDays] = useState('');
  const [networks, setNetworks] = useState('');
  const make = useMutation({
    mutationFn: () =>
      api.post<MadeApiKey>('keys', {
        name: name.trim(),
        scopes: chosen,
        ...(group !== '' && { group }),
        ...(days.trim() !== '' && { lifetimeDays: Number(days) }),
        ...(networks.trim() !== '' && { allowedFrom: networks.split(/[\s,;]+/).filter(Boolean) }),
      }),
    onSuccess: props.onMade,
  });
  return (
    <Dialog title={say('newKey')} onClose={props.onClose}>
      <SimpleForm
        onSubmit={() => make.mutate()}
        error={make.error}
        isPending={make.isPending}
        isReady={name.trim() !== '' && chosen.length > 0}
        submit={say('create')}
      >
        <TextInput
          label={say('keyName')}
          description={say('keyNameHint')}
          maxLength={60}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(make.error, 'name')}
        />
        <NativeSelect
          label={say('keyGroup')}
          value={group}
          data={[
            ...(isWhole ? [{ value: '', label: say('allGroups') }] : []),
            ...groups.map((code) => ({ value: code, label: code })),
          ]}
          onChange={(event) => setGroup(event.currentTarget.value)}
          error={fieldError(make.error, 'group')}
        />
        <Checkbox.Group label={say('keyScopes')} value={chosen} onChange={setChosen}>
          <Stack gap={6} mt={6}>
            {scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={say(`scope.${scope}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          label={say('lifetime')}
          description={say('lifetimeHint')}
          inputMode="numeric"
          value={days}
          onChange={(event) => setDays(event.currentTarget.value.replace(/\D/g, ''))}
          error={fieldError(make.error, 'lifetimeDays')}
        />
        <TextInput
          label={say('networks')}
          description={say('networksHint')}
          value={networks}
          onChange={(event) => setNetworks(event.currentTarget.value)}
          error={fieldError(make.error, 'allowedFrom')}
        />
      </SimpleForm>
    </Dialog>
  );
}

function Rotate(props: { apiKey: ApiKeyView; onMade(made: MadeApiKey): void; onClose(): void }): ReactNode {
  const say = useTexts(integrationTexts);
  const [hours, setHours] = useState('24');
  const rotate = useMutation({
    mutationFn: () =>
      api.post<MadeApiKey>(`keys/${props.apiKey.id}/rotate`, { oldLivesHours: Number(hours) }),
    onSuccess: props.onMade,
  });
  return (
    <Dialog title={say('rotateTitle', { name: props.apiKey.name })} onClose={props.onClose}>
      <SimpleForm
        onSubmit={() => rotate.mutate()}
        error={rotate.error}
        isPending={rotate.isPending}
        isReady={hours !== ''}
        submit={say('rotate')}
      >
        <Text size="sm">{say('rotateNote')}</Text>
        <TextInput
          label={say('oldLives')}
          inputMode="numeric"
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value.replace(/\D/g, ''))}
          error={fieldError(rotate.error, 'oldLivesHours') ?? fieldError(rotate.error, 'name')}
        />
      </SimpleForm>
    </Dialog>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKeyView; onClose(): void }): ReactNode {
  const say = useTexts(integrationTexts);
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.remove(`keys/${apiKey.id}`),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: listKey });
      onClose();
    },
  });
  return (
    <Dialog title={say('revokeTitle', { name: apiKey.name })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => revoke.mutate()}
        error={revoke.error instanceof ApiError ? revoke.error : undefined}
        isPending={revoke.isPending}
        isReady
        submit={say('revoke')}
        isDanger
      >
        <Text>{say('revokeNote')}</Text>
      </SimpleForm>
    </Dialog>
  );
}

function Shown({ made, apiUrl, onClose }: { made: MadeApiKey; apiUrl: string; onClose(): void }): ReactNode {
  const say = useTexts(integrationTexts);
  return (
    <Dialog title={say('newKey')} onClose={onClose}>
      <Stack>
        <Text role="status">{say('keyShown')}</Text>
        <CodeBlock text={made.key} label={say('keyText')} />
        <Text size="sm">{say('example')}</Text>
        <CodeBlock
          text={`curl -sS ${apiUrl}/v1/receipts?limit=1 \\\n  -H 'Authorization: Bearer ${made.key}'`}
          label={say('example')}
        />
        <Button onClick={onClose}>{say('understood')}</Button>
      </Stack>
    </Dialog>
  );
}
