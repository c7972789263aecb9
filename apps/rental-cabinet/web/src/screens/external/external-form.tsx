import { NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { ExternalRegistersView, ExternalRegisterView } from '@kkt/web-contract';
import { fieldError, SimpleForm, useRouting, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { Dialog } from '../../parts/dialog';
import { externalTexts } from './texts';
import { type ExternalFacts, useExternalChanges, useExternals } from './use-external';

const empty: ExternalFacts = {
  nodeId: null,
  name: '',
  model: '',
  serial: '',
  rnm: null,
  address: '',
  fnNumber: null,
  fnValidUntil: null,
  operatorName: '',
  operatorPaidUntil: null,
  note: '',
};

const factsOf = ({
  id: _id,
  documents: _n,
  lastDocumentAt: _at,
  mayChange: _may,
  ...facts
}: ExternalRegisterView): ExternalFacts => facts;

type Place = ExternalRegistersView['places'][number];
const placeLabel = ({ name, depth }: Place): string => `${'\u00a0\u00a0\u00a0'.repeat(depth)}${name}`;

/** A register of one's own: what is known of it. */
export function ExternalForm(props: { register?: ExternalRegisterView; onClose(): void }): ReactNode {
  const { register, onClose } = props;
  const say = useTexts(externalTexts);
  const { go } = useRouting();
  const places = useExternals().data?.places ?? [];
  const { save } = useExternalChanges(register?.id);
  const [facts, setFacts] = useState<ExternalFacts>(
    register ? factsOf(register) : { ...empty, nodeId: places[0]?.id ?? null },
  );
  const set = (change: Partial<ExternalFacts>): void => setFacts({ ...facts, ...change });
  const field = (
    name: keyof ExternalFacts,
    label: string,
    more: { type?: 'date'; digits?: number; isNullable?: boolean; hint?: string; isRequired?: boolean } = {},
  ): ReactNode => (
    <TextInput
      label={label}
      description={more.hint}
      type={more.type}
      inputMode={more.digits ? 'numeric' : undefined}
      maxLength={more.digits ?? 256}
      required={more.isRequired}
      value={facts[name] ?? ''}
      error={fieldError(save.error, name)}
      onChange={({ currentTarget: { value } }) =>
        set({ [name]: more.isNullable && value.trim() === '' ? null : value })
      }
    />
  );
  return (
    <Dialog title={say('addTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() =>
          save.mutate(facts, {
            onSuccess: ({ id }) => {
              onClose();
              if (!register) go(links.external(id));
            },
          })
        }
        error={save.error}
        isPending={save.isPending}
        isReady={[facts.name, facts.model, facts.serial].every((text) => text.trim() !== '')}
        submit={say('save')}
      >
        {field('name', say('name'), { hint: say('nameHint'), isRequired: true })}
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {field('model', say('model'), { isRequired: true })}
          {field('serial', say('serial'), { isRequired: true })}
          {field('rnm', say('rnm'), { digits: 16, isNullable: true })}
          {field('fnNumber', say('fn'), { digits: 16, isNullable: true })}
          {field('fnValidUntil', say('fnUntil'), { type: 'date', isNullable: true })}
          {field('operatorPaidUntil', say('paidUntil'), { type: 'date', isNullable: true })}
        </SimpleGrid>
        {field('operatorName', say('operator'))}
        {field('address', say('address'))}
        {places.length > 1 && (
          <NativeSelect
            label={say('place')}
            value={facts.nodeId ?? ''}
            data={places.map((place) => ({ value: place.id ?? '', label: placeLabel(place) }))}
            onChange={(event) => set({ nodeId: event.currentTarget.value || null })}
          />
        )}
        <Textarea
          label={say('note')}
          autosize
          value={facts.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
      </SimpleForm>
    </Dialog>
  );
}
