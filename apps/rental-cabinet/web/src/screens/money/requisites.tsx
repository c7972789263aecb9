import { TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { RequisitesView } from '@kkt/web-contract';
import { api, fieldError, QueryView, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { contractTexts } from './contract-texts';
import { useMoneyChanged } from './use-money';

const fields = [
  'fullName',
  'kpp',
  'ogrn',
  'address',
  'headPost',
  'headName',
  'actsOn',
  'bankName',
  'bik',
  'account',
] as const;
/** Those a company may not have. */
const optional: readonly string[] = ['kpp', 'ogrn', 'bankName', 'bik', 'account'];

/** The company's requisites: they go into contracts, invoices and acts. */
export function Requisites({ onClose }: { onClose(): void }): ReactNode {
  const say = useTexts(contractTexts);
  const query = useQuery({
    queryKey: ['money', 'requisites'],
    queryFn: ({ signal }) => api.get<RequisitesView>('money/requisites', signal),
  });
  return (
    <Dialog title={say('requisites')} onClose={onClose}>
      <QueryView query={query}>{(kept) => <Form kept={kept} onClose={onClose} />}</QueryView>
    </Dialog>
  );
}

function Form({ kept, onClose }: { kept: RequisitesView; onClose(): void }): ReactNode {
  const say = useTexts(contractTexts);
  const changed = useMoneyChanged();
  const [typed, setTyped] = useState(
    () =>
      Object.fromEntries(fields.map((name) => [name, kept[name] ?? ''])) as Record<
        (typeof fields)[number],
        string
      >,
  );
  const save = useMutation({
    mutationFn: () =>
      api.put(
        'money/requisites',
        Object.fromEntries(
          fields.map((name) => {
            const text = typed[name].trim();
            return [name, text === '' && optional.includes(name) ? null : text];
          }),
        ),
      ),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  return (
    <SimpleForm
      onSubmit={() => save.mutate()}
      error={save.error}
      isPending={save.isPending}
      isReady={fields.every((name) => optional.includes(name) || typed[name].trim() !== '')}
      submit={say('save')}
    >
      <TextInput label={say('inn')} value={kept.inn} readOnly />
      {fields.map((name) => (
        <TextInput
          key={name}
          label={say(name)}
          value={typed[name]}
          onChange={({ currentTarget: { value } }) => setTyped((old) => ({ ...old, [name]: value }))}
          error={fieldError(save.error, name)}
        />
      ))}
    </SimpleForm>
  );
}
