import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FnWorkflowView } from '@kkt/web-contract';
import { ApiError, AppLink, StateBadge, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import './fn-life.css';
import { fnTexts } from './texts';

/** The three pages about fiscal drives. */
export function FnTabs({ at }: { at: 'work' | 'ends' | 'stock' }): ReactNode {
  const say = useTexts(fnTexts);
  return (
    <Group gap="xs" mb="md" component="nav" aria-label={say('nav')}>
      {(['work', 'ends', 'stock'] as const).map((name) => (
        <Button
          key={name}
          size="compact-md"
          variant={name === at ? 'filled' : 'default'}
          component="a"
          renderRoot={(props: object) => <AppLink {...props} href={`/fn/${name}`} />}
        >
          {say(`tab.${name}`)}
        </Button>
      ))}
    </Group>
  );
}

/** A server's sentence without its code. */
export const sentence = (error: unknown): string =>
  error instanceof ApiError
    ? Object.values(error.fields).flat().join('; ') || error.message.replace(/ \([A-Z0-9-]+\)$/, '')
    : String(error);

export function Failure({ error }: { error: unknown }): ReactNode {
  const say = useTexts(fnTexts);
  return error ? (
    <Text c="red" role="alert" size="sm">
      {say('error.failed', { text: sentence(error) })}
    </Text>
  ) : null;
}

/** Something that changes things on the server; every list about FNs is read anew after it. */
export function useDoing<T>(run: (input: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['fn'] });
      await client.invalidateQueries({ queryKey: ['pages'] });
    },
  });
}

export function StatusBadge({ workflow }: { workflow: FnWorkflowView }): ReactNode {
  const say = useTexts(fnTexts);
  const { status, isOverdue } = workflow;
  if (isOverdue)
    return (
      <StateBadge tone="bad" shape="triangle">
        {say('work.overdue')}
      </StateBadge>
    );
  const look = {
    running: ['info', 'diamond'],
    waiting: ['info', 'ring'],
    failed: ['bad', 'square'],
    cancelled: ['mute', 'cross'],
    done: ['good', 'circle'],
  } as const;
  const [tone, shape] = look[status];
  return (
    <StateBadge tone={tone} shape={shape}>
      {say(`status.${status}`)}
    </StateBadge>
  );
}

/** A span of seconds in its own unit. */
export function Span({ seconds }: { seconds: number | null }): ReactNode {
  const say = useTexts(fnTexts);
  if (seconds === null) return '—';
  if (seconds < 120) return say('seconds', { n: seconds });
  if (seconds < 2 * 86_400) return say('minutes', { n: Math.round(seconds / 60) });
  return say('days', { n: Math.round(seconds / 86_400) });
}

/** A field that takes what a scanner types: digits and Enter. */
export function ScanField(props: {
  label: string;
  button: string;
  isBusy: boolean;
  onScan(fnNumber: string): void;
}): ReactNode {
  const say = useTexts(fnTexts);
  const [value, setValue] = useState('');
  const clean = value.replace(/\D/g, '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (clean.length === 16) props.onScan(clean);
      }}
    >
      <Group align="end">
        <TextInput
          label={props.label}
          description={say('one.scanHint')}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          maxLength={24}
          style={{ flex: '1 1 16rem' }}
        />
        <Button type="submit" loading={props.isBusy} disabled={clean.length !== 16}>
          {props.button}
        </Button>
      </Group>
    </form>
  );
}
