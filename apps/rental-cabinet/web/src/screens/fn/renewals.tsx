import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FnRenewalView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  DataTable,
  EmptyState,
  fieldError,
  IdChip,
  QueryView,
  SimpleForm,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { Dialog } from '../../parts/dialog';
import { useTariffs } from '../order/use-order';
import { fnTexts } from './texts';
import { useDrives, useFnChanged, useRenewals } from './use-fn';

const isAsking = ({ state }: FnRenewalView): boolean =>
  state === 'offer' || state === 'silent' || state === 'declined';
const soonDays = 14;

/** FNs that end: which, why, by when; agreed or declined here. */
export function Renewals(): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const [chosen, setChosen] = useState<{ renewal: FnRenewalView; answer: 'accepted' | 'declined' }>();
  return (
    <Card title={say('offers')} flush>
      <QueryView query={useRenewals()}>
        {({ renewals }) => (
          <DataTable
            caption={say('offers')}
            rows={renewals.filter(({ state }) => state !== 'closed')}
            rowKey={({ id }) => id}
            empty={<EmptyState title={say('offersNone')}>{say('offersHint')}</EmptyState>}
            columns={[
              { key: 'fn', title: say('col.fn'), render: ({ fnNumber }) => <IdChip id={fnNumber} /> },
              {
                key: 'register',
                title: say('col.register'),
                render: ({ registerId, serial }) => (
                  <AppLink href={links.register(registerId)}>{serial}</AppLink>
                ),
              },
              {
                key: 'end',
                title: say('col.end'),
                render: ({ endDate, endCause, daysLeft }) =>
                  `${formats.date(endDate)}, ${say.maybe(`cause.${endCause}`, endCause)}, ${say('left', { n: Math.max(0, daysLeft) })}`,
              },
              {
                key: 'state',
                title: say('col.state'),
                render: (row) => (
                  <StateBadge
                    tone={row.state === 'accepted' ? 'good' : row.daysLeft <= soonDays ? 'bad' : 'warn'}
                    shape={row.state === 'accepted' ? 'circle' : 'triangle'}
                  >
                    {say(`renewal.${row.state}`)}
                  </StateBadge>
                ),
              },
              {
                key: 'action',
                title: say('col.action'),
                render: (row) =>
                  isAsking(row) && (
                    <Group gap="xs">
                      <Button
                        size="compact-sm"
                        onClick={() => setChosen({ renewal: row, answer: 'accepted' })}
                      >
                        {say('accept')}
                      </Button>
                      {row.state !== 'declined' && (
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => setChosen({ renewal: row, answer: 'declined' })}
                        >
                          {say('decline')}
                        </Button>
                      )}
                    </Group>
                  ),
              },
            ]}
          />
        )}
      </QueryView>
      {chosen?.answer === 'accepted' && (
        <Accept renewal={chosen.renewal} onClose={() => setChosen(undefined)} />
      )}
      {chosen?.answer === 'declined' && (
        <Decline renewal={chosen.renewal} onClose={() => setChosen(undefined)} />
      )}
    </Card>
  );
}

function Accept({ renewal, onClose }: { renewal: FnRenewalView; onClose(): void }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const changed = useFnChanged();
  const { data: own } = useDrives();
  const { data: tariffs } = useTariffs();
  const spare = (own?.drives ?? []).filter(({ state }) => state === 'tested' || state === 'reserved');
  const choices = [
    ...spare.map(({ fnNumber, name }) => ({
      value: `own:${fnNumber}`,
      label: say('own', { fn: fnNumber, model: name }),
    })),
    ...(tariffs?.drives ?? []).map(({ model, name, priceKop }) => ({
      value: `buy:${model}`,
      label: say('buy', { model: name, price: formats.money(priceKop) }),
    })),
  ];
  const [choice, setChoice] = useState<string>();
  const [note, setNote] = useState('');
  const which = choice ?? choices[0]?.value ?? '';
  const accept = useMutation({
    mutationFn: async () => {
      const [how = '', what = ''] = which.split(':');
      const fnNumber =
        how === 'buy' ? (await api.post<{ fnNumber: string }>('fn/drives', { model: what })).fnNumber : what;
      const wish = note.trim() === '' ? '' : ` ${note.trim()}`;
      await api.post(`fn/renewals/${renewal.id}/answer`, {
        state: 'accepted',
        note: `ФН ${fnNumber}.${wish}`,
      });
    },
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  return (
    <Dialog title={say('acceptTitle', { serial: renewal.serial })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => accept.mutate()}
        error={accept.error}
        isPending={accept.isPending}
        isReady={which !== ''}
        submit={say('send')}
      >
        <Text size="sm">
          {say('acceptNote', { fn: renewal.fnNumber, end: formats.date(renewal.endDate) })}
        </Text>
        <NativeSelect
          label={say('which')}
          value={which}
          data={choices}
          onChange={(event) => setChoice(event.currentTarget.value)}
          error={fieldError(accept.error, 'model')}
        />
        <TextInput
          label={say('note')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </SimpleForm>
    </Dialog>
  );
}

function Decline({ renewal, onClose }: { renewal: FnRenewalView; onClose(): void }): ReactNode {
  const say = useTexts(fnTexts);
  const changed = useFnChanged();
  const [note, setNote] = useState('');
  const decline = useMutation({
    mutationFn: () => api.post(`fn/renewals/${renewal.id}/answer`, { state: 'declined', note: note.trim() }),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  return (
    <Dialog title={say('declineTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => decline.mutate()}
        error={decline.error}
        isPending={decline.isPending}
        isReady={note.trim().length >= 1}
        submit={say('decline')}
        isDanger
      >
        <Text size="sm">{say('declineNote')}</Text>
        <TextInput label={say('why')} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      </SimpleForm>
    </Dialog>
  );
}
