import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { Menu } from '@mantine/core';
import {
  api,
  Icon,
  type NavItem,
  type Routing,
  RoutingProvider,
  Shell,
  useRouting,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useMemo } from 'react';
import { useMember } from './app';
import { texts } from './texts';
import './cabinet.css';

/** The frame around every screen. */
export function Frame(): ReactNode {
  const router = useRouter();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const search = useRouterState({ select: (state) => state.location.searchStr });
  const routing = useMemo<Routing>(
    () => ({
      pathname,
      search,
      go: (href, options) => (options?.replace ? router.history.replace(href) : router.history.push(href)),
    }),
    [router, pathname, search],
  );
  return (
    <RoutingProvider routing={routing}>
      <Places />
    </RoutingProvider>
  );
}

function Places(): ReactNode {
  const say = useTexts(texts);
  const { person, logout } = useMember();
  const items: NavItem[] = [
    { href: '/', title: say('nav.home'), icon: 'home' },
    { href: '/receipts', title: say('nav.receipts'), icon: 'receipt' },
    { href: '/registers', title: say('nav.registers'), icon: 'registers' },
    ...(person.rights.includes('money:read')
      ? [{ href: '/money', title: say('nav.money'), icon: 'wallet' } satisfies NavItem]
      : []),
    { href: '/integration', title: say('nav.integration'), short: say('nav.integrationShort'), icon: 'code' },
    ...(person.rights.includes('analytics:read')
      ? [{ href: '/analytics', title: say('nav.analytics'), icon: 'overview' as const }]
      : []),
    { href: '/support', title: say('nav.support'), icon: 'bell' },
    { href: '/company', title: say('nav.company'), icon: 'company' },
  ];
  return (
    <Shell
      brand={say('brandShort')}
      brandIcon="receipt"
      items={items}
      user={{ name: person.name, note: `${person.client.name}, ${say(`role.${person.role}`)}` }}
      userMenu={<Own />}
      onLogout={logout}
      top={<span className="cabinet-company">{person.client.name}</span>}
    >
      <Outlet />
    </Shell>
  );
}

/** One's own account, and other companies of the same person. */
function Own(): ReactNode {
  const say = useTexts(texts);
  const { go } = useRouting();
  return (
    <>
      <Menu.Divider />
      <Menu.Item leftSection={<Icon name="user" size={16} />} onClick={() => go('/profile')}>
        {say('nav.profile')}
      </Menu.Item>
      <Companies />
    </>
  );
}

/** Other companies of the same person. */
function Companies(): ReactNode {
  const say = useTexts(texts);
  const { person } = useMember();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (clientId: string) => api.put('session/client', { clientId }),
    // Nothing of the other company may stay on the screen.
    onSuccess: () => {
      queries.clear();
      location.assign('/');
    },
  });
  const others = person.clients.filter(({ id }) => id !== person.client.id);
  if (others.length === 0) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{say('company.change')}</Menu.Label>
      {others.map((client) => (
        <Menu.Item key={client.id} onClick={() => change.mutate(client.id)}>
          {client.name}
        </Menu.Item>
      ))}
    </>
  );
}
