import { Anchor, Button, Paper, Stack, Text, Title } from '@mantine/core';
import { ApiError, kitTexts, useTexts } from '@kkt/web-kit';
import { type FormEvent, type ReactNode, useEffect } from 'react';

/** A page in the middle of the window: one thing to do. */
export function OutsidePage(props: {
  title: string;
  note?: ReactNode;
  children: ReactNode;
  links?: readonly { href: string; title: string }[];
}): ReactNode {
  const { title, note, children, links = [] } = props;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main className="cabinet-outside">
      <Paper withBorder p="xl" radius="lg" w="100%" maw={460} bg="var(--kit-card)">
        <Stack>
          <div>
            <Title order={1}>{title}</Title>
            {note !== undefined && (
              <Text className="kit-soft" mt={4}>
                {note}
              </Text>
            )}
          </div>
          {children}
          {links.map(({ href, title: text }) => (
            <Anchor key={href} href={href} size="sm">
              {text}
            </Anchor>
          ))}
        </Stack>
      </Paper>
    </main>
  );
}

/** A form with one button; what went wrong stands above it, unless it belongs to a field. */
export function OutsideForm(props: {
  onSubmit(): void;
  error: unknown;
  isPending: boolean;
  isReady: boolean;
  submit: string;
  children: ReactNode;
}): ReactNode {
  const { onSubmit, error, isPending, isReady, submit, children } = props;
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
        <Button type="submit" loading={isPending} disabled={!isReady}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}

/** What a field says after a refusal: the server names the field and the rule. */
export const fieldError = (error: unknown, field: string): string | undefined =>
  error instanceof ApiError ? error.fields[field]?.[0] : undefined;

function FormError({ error }: { error: unknown }): ReactNode {
  const say = useTexts(kitTexts);
  if (!error || (error instanceof ApiError && Object.keys(error.fields).length > 0)) return null;
  const code = error instanceof ApiError ? error.code : 'UNKNOWN';
  return (
    <Text c="var(--kit-bad)" role="alert">
      {say.maybe(`error.${code}`, say('error.other'))}
    </Text>
  );
}
