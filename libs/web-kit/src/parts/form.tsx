import { Button, Stack, Text } from '@mantine/core';
import { ApiError } from '../api/client';
import { useTexts } from '../i18n/language';
import { kitTexts } from '../texts';
import type { FormEvent, ReactNode } from 'react';

/** A form with one button; what went wrong stands above it, unless it belongs to a field. */
export function SimpleForm(props: {
  onSubmit(): void;
  error: unknown;
  isPending: boolean;
  isReady: boolean;
  submit: string;
  /** What it does cannot be taken back. */
  isDanger?: boolean;
  children: ReactNode;
}): ReactNode {
  const { onSubmit, error, isPending, isReady, submit, isDanger = false, children } = props;
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (isReady) onSubmit();
      }}
    >
      <Stack>
        {children}
        <FormError error={error} />
        <Button type="submit" color={isDanger ? 'red' : undefined} loading={isPending} disabled={!isReady}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}

/** What a field says after a refusal: the server names the field and the rule. */
export const fieldError = (error: unknown, field: string): string | undefined =>
  error instanceof ApiError ? error.fields[field]?.[0] : undefined;

/** What went wrong, unless it belongs to a field. */
export function FormError({ error }: { error: unknown }): ReactNode {
  const say = useTexts(kitTexts);
  if (!error || (error instanceof ApiError && Object.keys(error.fields).length > 0)) return null;
  const code = error instanceof ApiError ? error.code : 'UNKNOWN';
  return (
    <Text c="var(--kit-bad)" role="alert">
      {say.maybe(`error.${code}`, say('error.other'))}
    </Text>
  );
}
