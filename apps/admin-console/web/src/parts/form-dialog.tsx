import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ApiError, kitTexts, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';

/** A question with fields: what it does is on its button, a refusal stays under the fields. */
export function FormDialog(props: {
  title: string;
  action: string;
  isReady: boolean;
  danger?: boolean;
  onConfirm(): Promise<unknown>;
  onClose(): void;
  children: ReactNode;
}): ReactNode {
  const { title, action, isReady, danger = false, onConfirm, onClose, children } = props;
  const say = useTexts(kitTexts);
  const run = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
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
          if (isReady) run.mutate();
        }}
      >
        <Stack>
          {children}
          {run.isError && <Refusal error={run.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say('dialog.cancel')}
            </Button>
            <Button
              type="submit"
              color={danger ? 'red' : undefined}
              disabled={!isReady}
              loading={run.isPending}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Why the server refused, in its words where there are any. */
export function Refusal({ error }: { error: unknown }): ReactNode {
  const say = useTexts(kitTexts);
  const code = error instanceof ApiError ? error.code : '';
  const fields = error instanceof ApiError ? Object.values(error.fields).flat().join('; ') : '';
  return (
    <Text c="red" role="alert" size="sm">
      {fields || say.maybe(`error.${code}`, error instanceof ApiError ? error.message : say('error.other'))}
    </Text>
  );
}
