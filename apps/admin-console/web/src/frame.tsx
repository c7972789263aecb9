import { Menu } from '@mantine/core';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import type { AlertView } from '@kkt/web-contract';
import {
  type NavItem,
  type Routing,
  RoutingProvider,
  Shell,
  useLiveQuery,
  useRouting,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useMember } from './app';
import { SearchBox } from './search-box';
import { texts } from './texts';

/** The frame around every screen. */
export function Frame(): ReactNode {
  const router = useRouter();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const search = useRouterState({ select: (state) => state.location.searchStr });
  const { staff } = useMember();
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
      {pathname.startsWith('/wall/') ? <Outlet /> : staff.isWall ? <BackToWall /> : <Places />}
    </RoutingProvider>
  );
}

/** A screen on the wall has no other pages. */
function BackToWall(): ReactNode {
  const { go } = useRouting();
  useEffect(() => go('/wall/service', { replace: true }), [go]);
  return null;
}

function Places(): ReactNode {
  const say = useTexts(texts);
  const { staff, logout } = useMember();
  const { go } = useRouting();
  const { data } = useLiveQuery<{ alerts: AlertView[] }>('alerts', 'alerts');
  const open = data?.alerts ?? [];
  const items: NavItem[] = [
    { href: '/', title: say('nav.overview'), icon: 'overview' },
    { href: '/queues', title: say('nav.queues'), icon: 'queue' },
    {
      href: '/alerts',
      title: say('nav.alerts'),
      icon: 'bell',
      count: open.length,
      tone: open.some(({ severity }) => severity <= 2) ? 'bad' : 'warn',
    },
    { href: '/receipts', title: say('nav.receipts'), icon: 'receipt' },
    { href: '/registers', title: say('nav.registers'), icon: 'registers' },
    { href: '/operators', title: say('nav.operators'), icon: 'operator' },
    { href: '/documents', title: say('nav.documents'), icon: 'documents' },
    { href: '/fn/work', title: say('nav.fn'), short: say('nav.fnShort'), icon: 'registers' },
    { href: '/stock', title: say('nav.stock'), short: say('nav.stockShort'), icon: 'stock' },
    { href: '/support', title: say('nav.support'), icon: 'user' },
    { href: '/duty', title: say('nav.duty'), icon: 'user' },
    { href: '/visits', title: say('nav.visits'), icon: 'home' },
    { href: '/capacity', title: say('nav.capacity'), icon: 'rack' },
    { href: '/audit', title: say('nav.audit'), icon: 'check' },
    { href: '/plant', title: say('nav.plant'), icon: 'plant' },
    ...(staff.panel ? [{ href: '/demo', title: say('nav.demo'), icon: 'spark' } as const] : []),
    ...(staff.role === 'lead'
      ? [{ href: '/money', title: say('nav.money'), icon: 'wallet' } satisfies NavItem]
      : []),
  ];
  return (
    <Shell
      brand={say('brand')}
      brandIcon="rack"
      items={items}
      user={{ name: staff.name, note: say(`role.${staff.role}`) }}
      userMenu={<Menu.Item onClick={() => go('/account')}>{say('nav.account')}</Menu.Item>}
      onLogout={logout}
      top={<SearchBox />}
    >
      <Outlet />
    </Shell>
  );
}
