import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OperatorMovePage } from '@kkt/web-contract';
import { api, Card, fieldError, FormError, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { operatorTexts } from './texts';

/** Until when the operator is paid, by the client's own word: he is reminded of it. */
export function TermForm({ page }: { page: OperatorMovePage }): ReactNode {
  const { register, paid, mayMove, operator } = page;
  const say = useTexts(operatorTexts);
  const queries = useQueryClient();
  const isSaid = paid.how === 'said';
  const [until, setUntil] = useState(isSaid ? (paid.until ?? '') : '');
  const [contract, setContract] = useState(paid.contract ?? '');
  const save = useMutation({
    mutationFn: (paidUntil: string | null) =>
      api.put(`registers/${register.id}/operator/term`, { paidUntil, contract: contract.trim() }),
    onSuccess: () => queries.invalidateQueries(),
  });
  if (!mayMove || paid.how === 'tariff') return null;
  return (
    <Card title={say('term', { operator: operator.name })}>
      <Text className="kit-soft" size="sm" mb="sm">
        {say('termNote')}
      </Text>
      <Group align="flex-end" gap="sm">
        <TextInput
          label={say('termUntil')}
          type="date"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
          error={fieldError(save.error, 'paidUntil')}
        />
        <TextInput
          label={say('termContract')}
          value={contract}
          onChange={(event) => setContract(event.currentTarget.value)}
          error={fieldError(save.error, 'contract')}
        />
        <Button
          variant="default"
          loading={save.isPending}
          disabled={until === ''}
          onClick={() => save.mutate(until)}
        >
          {say('termSave')}
        </Button>
        {isSaid && (
          <Button variant="subtle" loading={save.isPending} onClick={() => save.mutate(null)}>
            {say('termForget')}
          </Button>
        )}
      </Group>
      <FormError error={save.error} />
    </Card>
  );
}
