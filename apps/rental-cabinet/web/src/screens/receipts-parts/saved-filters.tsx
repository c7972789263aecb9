import { Button, Menu, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SavedFilterView } from '@kkt/web-contract';
import { api, fieldError, Icon, SimpleForm, useRouting, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { receiptTexts } from './texts';

const key = ['receipt-filters'];

/** Searches the person keeps: a menu of them, and a button that keeps the present one. */
export function SavedFilters({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const say = useTexts(receiptTexts);
  const { go } = useRouting();
  const [isNaming, setNaming] = useState(false);
  const queries = useQueryClient();
  const { data = [] } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<SavedFilterView[]>('receipt-filters', signal),
  });
  const drop = useMutation({
    mutationFn: (id: string) => api.remove(`receipt-filters/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <>
      {data.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default">{say('saved')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {data.map(({ id, name, query }) => (
              <Menu.Item key={id} onClick={() => go(query === '' ? '/receipts' : `/receipts?${query}`)}>
                {name}
              </Menu.Item>
            ))}
            <Menu.Divider />
            {data.map(({ id, name }) => (
              <Menu.Item key={id} color="red" onClick={() => drop.mutate(id)}>
                {say('dropSaved', { name })}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {isFiltered && (
        <Button
          variant="default"
          leftSection={<Icon name="check" size={16} />}
          onClick={() => setNaming(true)}
        >
          {say('save')}
        </Button>
      )}
      {isNaming && <Naming onClose={() => setNaming(false)} />}
    </>
  );
}

function Naming({ onClose }: { onClose(): void }): ReactNode {
  const say = useTexts(receiptTexts);
  const { search } = useRouting();
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.post('receipt-filters', { name: name.trim(), query: search.replace(/^\?/, '') }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: key });
      onClose();
    },
  });
  return (
    <Dialog title={say('saveTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => save.mutate()}
        error={save.error}
        isPending={save.isPending}
        isReady={name.trim() !== ''}
        submit={say('keep')}
      >
        <TextInput
          label={say('savedName')}
          description={say('savedHint')}
          maxLength={60}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(save.error, 'name')}
        />
      </SimpleForm>
    </Dialog>
  );
}
