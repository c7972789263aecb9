import { Button, NativeSelect, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { OwnDriveView } from '@kkt/web-contract';
import {
  api,
  Card,
  DataTable,
  EmptyState,
  fieldError,
  IdChip,
  QueryView,
  SimpleForm,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { Dialog } from '../../parts/dialog';
import { useTariffs } from '../order/use-order';
import { fnTexts } from './texts';
import { useDrives, useFnChanged } from './use-fn';

/** Spare drives, drives in the safe, drives handed over; new ones are bought here. */
export function Drives(): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const { person } = useMember();
  const [isBuying, setBuying] = useState(false);
  const mayBuy = person.rights.includes('registers:order') && person.rights.includes('money:write');
  const stateText = ({ state, cell, keepUntil, returnAct }: OwnDriveView): string =>
    say.maybe(`drive.${state}`, state, {
      cell: cell ?? '—',
      until: keepUntil ? formats.date(keepUntil) : '—',
      act: returnAct ?? '—',
    });
  return (
    <Card
      title={say('drives')}
      side={
        mayBuy && (
          <Button size="compact-sm" variant="default" onClick={() => setBuying(true)}>
            {say('buyTitle')}
          </Button>
        )
      }
      flush
    >
      <QueryView query={useDrives()}>
        {({ drives }) => (
          <DataTable
            caption={say('drives')}
            rows={drives}
            rowKey={({ fnNumber }) => fnNumber}
            empty={<EmptyState title={say('drivesNone')}>{say('drivesHint')}</EmptyState>}
            columns={[
              { key: 'fn', title: say('col.fn'), render: ({ fnNumber }) => <IdChip id={fnNumber} /> },
              { key: 'model', title: say('model'), render: ({ name }) => name },
              { key: 'state', title: say('col.state'), render: stateText },
            ]}
          />
        )}
      </QueryView>
      {isBuying && <Buy onClose={() => setBuying(false)} />}
    </Card>
  );
}

function Buy({ onClose }: { onClose(): void }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const changed = useFnChanged();
  const { data } = useTariffs();
  const drives = data?.drives ?? [];
  const [chosen, setModel] = useState<string>();
  const model = chosen ?? drives[0]?.model ?? '';
  const buy = useMutation({
    mutationFn: () => api.post<{ fnNumber: string }>('fn/drives', { model }),
    onSuccess: changed,
  });
  return (
    <Dialog title={say('buyTitle')} onClose={onClose}>
      {buy.data ? (
        <Text role="status">{say('bought', { fn: buy.data.fnNumber })}</Text>
      ) : (
        <SimpleForm
          onSubmit={() => buy.mutate()}
          error={buy.error}
          isPending={buy.isPending}
          isReady={model !== ''}
          submit={say('buyTitle')}
        >
          <NativeSelect
            label={say('model')}
            value={model}
            data={drives.map((drive) => ({
              value: drive.model,
              label: say('buy', { model: drive.name, price: formats.money(drive.priceKop) }),
            }))}
            onChange={(event) => setModel(event.currentTarget.value)}
            error={fieldError(buy.error, 'model')}
          />
        </SimpleForm>
      )}
    </Dialog>
  );
}
