import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ContractView } from '@kkt/web-contract';
import {
  api,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  QueryView,
  SignatureChecks,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { moneyTexts } from './texts';

/** Contracts that clients have signed: accepted, or sent back with a reason. */
export function Contracts(): ReactNode {
  const say = useTexts(moneyTexts);
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const query = useQuery({
    queryKey: ['money', 'contracts'],
    queryFn: ({ signal }) => api.get<{ contracts: ContractView[] }>('money/contracts', signal),
  });
  const decide = useMutation({
    mutationFn: ({ id, isAccepted }: { id: string; isAccepted: boolean }) =>
      api.post(`money/contracts/${id}`, { isAccepted, ...(note.trim() && { note: note.trim() }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['money', 'contracts'] }),
  });
  return (
    <Card title={say('contracts')} flush>
      <QueryView query={query}>
        {({ contracts }) => (
          <>
            {contracts.length > 0 && (
              <TextInput
                px="md"
                label={say('contractNote')}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
              />
            )}
            {decide.error && (
              <Text c="var(--kit-bad)" role="alert" px="md">
                {decide.error.message}
              </Text>
            )}
            <DataTable
              caption={say('contracts')}
              rows={contracts}
              rowKey={({ id }) => id}
              empty={<EmptyState title={say('contractsNone')} />}
              columns={[
                { key: 'client', title: say('col.client'), render: ({ clientName }) => clientName },
                { key: 'number', title: say('col.contract'), render: ({ number }) => number },
                {
                  key: 'signer',
                  title: say('col.signer'),
                  render: ({ signer, signedAt, checks }) => (
                    <div>
                      {signer} {signedAt && <DateTime at={signedAt} short />}
                      {checks && <SignatureChecks checks={checks} />}
                    </div>
                  ),
                },
                {
                  key: 'files',
                  title: say('col.files'),
                  render: ({ id }) => (
                    <>
                      <a href={`/api/money/contracts/${id}/contract.pdf`} download>
                        PDF
                      </a>
                      {', '}
                      <a href={`/api/money/contracts/${id}/contract.sig`} download>
                        sig
                      </a>
                    </>
                  ),
                },
                {
                  key: 'decide',
                  title: say('col.decision'),
                  render: ({ id }) => (
                    <Group gap="xs">
                      <Button size="compact-sm" onClick={() => decide.mutate({ id, isAccepted: true })}>
                        {say('accept')}
                      </Button>
                      <Button
                        size="compact-sm"
                        variant="default"
                        disabled={note.trim().length < 3}
                        onClick={() => decide.mutate({ id, isAccepted: false })}
                      >
                        {say('reject')}
                      </Button>
                    </Group>
                  ),
                },
              ]}
            />
          </>
        )}
      </QueryView>
    </Card>
  );
}
