import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ClientRegister, RegisterTaskView } from '@kkt/web-contract';
import { api, ApiError, AppLink, Card, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { links } from '../../links';
import { Dialog } from '../../parts/dialog';
import { Close } from './close';
import { registerTexts } from './texts';

type Kind = 'open_shift' | 'end_shift' | 'settlement';
const lookAgainMs = 700;

/** What can be done with a register from afar; the device's answer is shown, never guessed. */
export function RegisterActions({ register }: { register: ClientRegister }): ReactNode {
  const say = useTexts(registerTexts);
  const { person } = useMember();
  const [open, setOpen] = useState<'pause' | 'close'>();
  const [asked, setAsked] = useState<{ kind: Kind; task: string }>();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['register', String(register.id)] });
  const ask = useMutation({
    mutationFn: async (kind: Kind) => ({
      kind,
      ...(await api.post<{ task: string }>(`registers/${register.id}/tasks`, { kind })),
    }),
    onSuccess: setAsked,
  });
  const resume = useMutation({
    mutationFn: () => api.post(`registers/${register.id}/resume`, {}),
    onSuccess: refresh,
  });
  if (!person.rights.includes('registers:act'))
    return (
      <Card title={say('actions')}>
        <Text className="kit-soft">{say('mayNot')}</Text>
      </Card>
    );
  const works = register.condition === 'works' || register.condition === 'attention';
  const error = ask.error ?? resume.error;
  const task = (kind: Kind, title: string): ReactNode => (
    <Button
      variant="default"
      disabled={!works}
      loading={ask.isPending && ask.variables === kind}
      onClick={() => ask.mutate(kind)}
    >
      {title}
    </Button>
  );
  return (
    <Card title={say('actions')}>
      <Stack gap="sm">
        <Group gap="xs">
          {register.shift?.open === true
            ? task('end_shift', say('closeShift'))
            : task('open_shift', say('openShift'))}
          {task('settlement', say('settlement'))}
          {register.pausedBecause === null ? (
            <Button variant="default" disabled={!works} onClick={() => setOpen('pause')}>
              {say('pause')}
            </Button>
          ) : (
            <Button loading={resume.isPending} onClick={() => resume.mutate()}>
              {say('resume')}
            </Button>
          )}
          <Button component={AppLink} href={links.fn()} variant="default">
            {say('swap')}
          </Button>
          <Button component={AppLink} href={links.operator(register.id)} variant="default">
            {say('operator')}
          </Button>
          {person.rights.includes('registers:order') && (
            <Button variant="default" color="red" onClick={() => setOpen('close')}>
              {say('close')}
            </Button>
          )}
        </Group>
        {register.pausedBecause !== null && (
          <Text role="status">{say('paused', { reason: register.pausedBecause })}</Text>
        )}
        {asked && <Outcome registerId={register.id} {...asked} onDone={refresh} />}
        {error instanceof ApiError && (
          <Text c="var(--kit-bad)" role="alert">
            {error.message}
          </Text>
        )}
        <Text className="kit-soft" size="sm">
          {say('note')}
        </Text>
      </Stack>
      {open === 'pause' && (
        <Pause registerId={register.id} onClose={() => setOpen(undefined)} onDone={refresh} />
      )}
      {open === 'close' && <Close register={register} onClose={() => setOpen(undefined)} onDone={refresh} />}
    </Card>
  );
}

/** Waits for the device and tells what it said. */
function Outcome(props: {
  registerId: number;
  kind: Kind;
  task: string;
  onDone(): Promise<void>;
}): ReactNode {
  const { registerId, kind, task, onDone } = props;
  const say = useTexts(registerTexts);
  const { data } = useQuery({
    queryKey: ['register-task', task],
    queryFn: async ({ signal }) => {
      const found = await api.get<RegisterTaskView>(`registers/${registerId}/tasks/${task}`, signal);
      if (found.state !== 'waiting') await onDone();
      return found;
    },
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'waiting' ? false : lookAgainMs),
  });
  if (!data || data.state === 'waiting') return <Text role="status">{say('asked')}</Text>;
  if (data.state === 'failed')
    return (
      <Text c="var(--kit-bad)" role="alert">
        {say('failed', { reason: data.reason ?? '—' })}
      </Text>
    );
  const wasSo =
    kind === 'open_shift' ? data.wasOpen === true : kind === 'end_shift' && data.wasOpen === false;
  return (
    <Text role="status">
      {wasSo && kind !== 'settlement' ? say(`was.${kind}`) : say(`done.${kind}`)}{' '}
      {data.fdNumber !== null && data.fnNumber !== null && (
        <AppLink href={links.document(data.fnNumber, data.fdNumber)}>
          {say('document', { fd: data.fdNumber })}
        </AppLink>
      )}
    </Text>
  );
}

function Pause(props: { registerId: number; onClose(): void; onDone(): Promise<void> }): ReactNode {
  const { registerId, onClose, onDone } = props;
  const say = useTexts(registerTexts);
  const [reason, setReason] = useState('');
  const pause = useMutation({
    mutationFn: () => api.post(`registers/${registerId}/pause`, { reason: reason.trim() }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <Dialog title={say('pauseTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => pause.mutate()}
        error={pause.error}
        isPending={pause.isPending}
        isReady={reason.trim().length >= 3}
        submit={say('pause')}
      >
        <Text className="kit-soft" size="sm">
          {say('pauseNote')} {say('pauseAlone')}
        </Text>
        <TextInput
          label={say('reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      </SimpleForm>
    </Dialog>
  );
}
