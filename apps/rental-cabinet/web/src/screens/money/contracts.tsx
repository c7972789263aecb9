import { Button, FileButton, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ContractView, SignatureChecksView } from '@kkt/web-contract';
import {
  api,
  ApiError,
  Card,
  DataTable,
  EmptyState,
  QueryView,
  type ShapeName,
  SignatureChecks,
  StateBadge,
  type Tone,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { contractTexts } from './contract-texts';
import { Requisites } from './requisites';
import { useMoneyChanged } from './use-money';

const looks: Record<ContractView['state'], { tone: Tone; shape: ShapeName }> = {
  made: { tone: 'warn', shape: 'ring' },
  signed: { tone: 'info', shape: 'diamond' },
  in_force: { tone: 'good', shape: 'circle' },
  rejected: { tone: 'bad', shape: 'cross' },
  archived: { tone: 'mute', shape: 'square' },
};

/** A file as Base64. */
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}

const errorText = (error: unknown): string =>
  error instanceof ApiError ? (Object.values(error.fields).flat()[0] ?? error.message) : '';

/** The contract: made, signed with a file, its states and its archive. */
export function Contracts(): ReactNode {
  const say = useTexts(contractTexts);
  const { person } = useMember();
  const changed = useMoneyChanged();
  const [isEditing, setEditing] = useState(false);
  const mayRead = person.rights.includes('documents:read');
  const query = useQuery({
    queryKey: ['money', 'contracts'],
    queryFn: ({ signal }) => api.get<{ contracts: ContractView[]; maySign: boolean }>('contracts', signal),
    enabled: mayRead,
  });
  const make = useMutation({ mutationFn: () => api.post('contracts', {}), onSuccess: changed });
  if (!mayRead) return null;
  return (
    <Card
      title={say('contracts')}
      side={
        <Group gap="xs" component="span">
          <Button size="compact-sm" variant="default" onClick={() => setEditing(true)}>
            {say('requisites')}
          </Button>
          {query.data?.maySign && (
            <Button
              size="compact-sm"
              variant="default"
              loading={make.isPending}
              onClick={() => make.mutate()}
            >
              {say('make')}
            </Button>
          )}
        </Group>
      }
      flush
    >
      {make.error && (
        <Text c="var(--kit-bad)" role="alert" px="md">
          {errorText(make.error)}
        </Text>
      )}
      <QueryView query={query}>
        {({ contracts, maySign }) => <Table contracts={contracts} maySign={maySign} />}
      </QueryView>
      {isEditing && <Requisites onClose={() => setEditing(false)} />}
    </Card>
  );
}

function Table({ contracts, maySign }: { contracts: readonly ContractView[]; maySign: boolean }): ReactNode {
  const say = useTexts(contractTexts);
  const formats = useFormats();
  const changed = useMoneyChanged();
  const sign = useMutation({
    mutationFn: async ({ id, file }: { id: string; file: File }) =>
      api.post<{ signer: string; checks: SignatureChecksView }>(`contracts/${id}/signature`, {
        signature: await base64Of(file),
      }),
    onSuccess: changed,
  });
  const archive = useMutation({
    mutationFn: (id: string) => api.post(`contracts/${id}/archive`, {}),
    onSuccess: changed,
  });
  const error = sign.error ?? archive.error;
  return (
    <>
      {error && (
        <Text c="var(--kit-bad)" role="alert" px="md">
          {errorText(error)}
        </Text>
      )}
      {sign.data && (
        <Text role="status" component="div" px="md">
          {say('accepted', { signer: sign.data.signer })}
          <SignatureChecks checks={sign.data.checks} />
        </Text>
      )}
      <DataTable
        caption={say('contracts')}
        rows={contracts}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('none')}>{say('noneHint')}</EmptyState>}
        columns={[
          {
            key: 'number',
            title: say('number'),
            render: ({ number }) => <span className="kit-num">{number}</span>,
          },
          { key: 'day', title: say('day'), render: ({ day }) => formats.date(day) },
          {
            key: 'state',
            title: say('state'),
            render: ({ state, note }) => (
              <StateBadge {...looks[state]}>{say(`state.${state}`, { note: note ?? '—' })}</StateBadge>
            ),
          },
          {
            key: 'signer',
            title: say('signer'),
            render: ({ signer, signedAt, checks }) =>
              signer && signedAt ? (
                <div>
                  {signer}, {formats.date(signedAt)}
                  {checks && <SignatureChecks checks={checks} />}
                </div>
              ) : (
                '—'
              ),
          },
          {
            key: 'files',
            title: say('files'),
            render: ({ id, signedAt, number }) => (
              <span>
                <a href={`/api/contracts/${id}/contract.pdf`} download aria-label={`PDF ${number}`}>
                  PDF
                </a>
                {signedAt && (
                  <>
                    {', '}
                    <a href={`/api/contracts/${id}/contract.sig`} download>
                      {say('sig')}
                    </a>
                  </>
                )}
              </span>
            ),
          },
          {
            key: 'actions',
            title: say('actions'),
            render: ({ id, state }) =>
              maySign &&
              (state === 'made' || state === 'rejected') && (
                <Group gap="xs">
                  <FileButton
                    accept=".sig,.p7s,.p7m,application/pkcs7-signature"
                    onChange={(file) => {
                      if (file) sign.mutate({ id, file });
                    }}
                  >
                    {(props) => (
                      <Button {...props} size="compact-sm" loading={sign.isPending} title={say('signHint')}>
                        {say('upload')}
                      </Button>
                    )}
                  </FileButton>
                  <Button size="compact-sm" variant="default" onClick={() => archive.mutate(id)}>
                    {say('archive')}
                  </Button>
                </Group>
              ),
          },
        ]}
      />
    </>
  );
}
