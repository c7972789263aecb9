import { Button, Checkbox, Radio, Stack, Text, TextInput } from '@mantine/core';
import type { OperatorMovePage } from '@kkt/web-contract';
import { AppLink, Card, EmptyState, fieldError, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { operatorTexts } from './texts';
import { useMove } from './use-operator';

/** Whom to move to, and the proof that the client means it. */
export function MoveForm({ page }: { page: OperatorMovePage }): ReactNode {
  const say = useTexts(operatorTexts);
  const { register, choices, mayMove } = page;
  const { begin } = useMove(register.id);
  const [chosen, setChosen] = useState<string>();
  const [serial, setSerial] = useState('');
  const [reason, setReason] = useState('');
  const [hasContract, setHasContract] = useState(false);
  const operator = choices.find(({ id }) => String(id) === chosen);
  if (!mayMove)
    return (
      <Card title={say('choose')}>
        <Text className="kit-soft">{say('mayNot')}</Text>
      </Card>
    );
  if (choices.length === 0)
    return (
      <Card>
        <EmptyState
          title={say('chooseNone')}
          action={
            <Button
              component={AppLink}
              href={links.support({ kind: 'register', id: String(register.id), name: register.serial })}
            >
              {say('ask')}
            </Button>
          }
        >
          {say('chooseNoneHint')}
        </EmptyState>
      </Card>
    );
  const facts = { rnm: register.rnm ?? '—', fn: register.fnNumber ?? '—' };
  return (
    <Card title={say('choose')}>
      <div className="cabinet-narrow">
        <SimpleForm
          onSubmit={() =>
            begin.mutate({
              operatorId: Number(chosen),
              serial: serial.trim(),
              reason: reason.trim(),
              hasContract: true,
            })
          }
          error={begin.error}
          isPending={begin.isPending}
          isReady={
            operator !== undefined &&
            hasContract &&
            serial.trim() === register.serial &&
            reason.trim().length >= 3
          }
          submit={say('begin')}
          isDanger
        >
          <Radio.Group
            label={say('to')}
            value={chosen ?? ''}
            onChange={setChosen}
            error={fieldError(begin.error, 'operatorId')}
          >
            <Stack gap="xs" mt="xs">
              {choices.map(({ id, name, inn }) => (
                <Radio key={id} value={String(id)} label={name} description={`${say('inn')} ${inn}`} />
              ))}
            </Stack>
          </Radio.Group>
          {operator && (
            <>
              <Text size="sm">{say(operator.isToldByUs ? 'told' : 'untold', facts)}</Text>
              <Checkbox
                label={say(operator.isToldByUs ? 'contractOurs' : 'contract')}
                checked={hasContract}
                onChange={(event) => setHasContract(event.currentTarget.checked)}
              />
            </>
          )}
          <TextInput
            label={say('reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <TextInput
            label={say('serial')}
            value={serial}
            autoComplete="off"
            onChange={(event) => setSerial(event.currentTarget.value)}
            error={fieldError(begin.error, 'serial')}
          />
        </SimpleForm>
      </div>
    </Card>
  );
}
