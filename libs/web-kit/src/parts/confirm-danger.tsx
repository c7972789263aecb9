import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ApiError } from '../api/client';
import { useTexts } from '../i18n/language';
import { kitTexts } from '../texts';

export interface ConfirmDangerProps {
  title: string;
  /** What will happen and what will not. */
  children: ReactNode;
  /** Must be typed to prove that this very thing is meant. */
  word: string;
  wordLabel: string;
  action: string;
  onConfirm(input: { word: string; reason: string }): Promise<void>;
  onClose(): void;
}

/** Asks before something that touches a device: the serial number and a reason, both by hand. */
export function ConfirmDanger(props: ConfirmDangerProps): ReactNode {
  const { title, children, word, wordLabel, action, onConfirm, onClose } = props;
  const say = useTexts(kitTexts);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const run = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  const isReady = typed.trim() === word && reason.trim().length >= 3;
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': say('dialog.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) run.mutate({ word: typed.trim(), reason: reason.trim() });
        }}
      >
        <Stack>
          <div>{children}</div>
          <TextInput
            label={wordLabel}
            description={<code>{word}</code>}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Textarea
            label={say('dialog.reason')}
            description={say('dialog.reasonHint')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            minRows={2}
          />
          {run.isError && (
            <Text c="red" role="alert">
              {say.maybe(`error.${run.error instanceof ApiError ? run.error.code : ''}`, say('error.other'))}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say('dialog.cancel')}
            </Button>
            <Button type="submit" color="red" disabled={!isReady} loading={run.isPending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
