import { Anchor, Group } from '@mantine/core';
import { useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { ConfirmLinkPage } from './confirm';
import { OutsidePage } from './page';
import { RecoverPage } from './recover';
import { SignUpPage } from './sign-up';
import { outsideTexts } from './texts';

/** What those who are not logged in see, by the address. */
export function Outside({ login }: { login(links: ReactNode): ReactNode }): ReactNode {
  const say = useTexts(outsideTexts);
  switch (location.pathname) {
    case '/sign-up':
      return <SignUpPage />;
    case '/confirm':
      return <ConfirmLinkPage />;
    case '/recover':
      return <RecoverPage />;
    case '/invitation':
      return (
        <OutsidePage
          title={say('invitation.title')}
          note={say('invitation.login')}
          links={[
            { href: '/', title: say('haveAccount') },
            { href: '/sign-up', title: say('signUp') },
          ]}
        >
          {null}
        </OutsidePage>
      );
    default:
      return login(
        <Group justify="space-between">
          <Anchor href="/sign-up" size="sm">
            {say('signUp')}
          </Anchor>
          <Anchor href="/recover" size="sm">
            {say('forgot')}
          </Anchor>
        </Group>,
      );
  }
}
