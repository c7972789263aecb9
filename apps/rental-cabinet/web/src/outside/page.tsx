import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

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
