import { ActionIcon, Drawer, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useLanguage, useTexts } from '../i18n/language';
import { Icon, type IconName } from '../parts/icons';
import type { Tone } from '../parts/state-badge';
import { AppLink, useRouting } from '../routing/routing';
import { kitTexts } from '../texts';
import { useDensity } from './density';

export interface NavItem {
  href: string;
  title: string;
  /** Short enough for the bar at the bottom of a phone. */
  short?: string;
  icon: IconName;
  /** Something waits there. */
  count?: number;
  tone?: Tone;
}

export interface ShellProps {
  brand: string;
  brandIcon: IconName;
  items: readonly NavItem[];
  user: { name: string; note: string };
  /** Between the brand and the user: search, say. */
  top?: ReactNode;
  /** More lines of the user's menu. */
  userMenu?: ReactNode;
  onLogout(): void;
  children: ReactNode;
}

/** How many places fit the bar at the bottom of a phone; the rest is behind "more". */
const bottomPlaces = 4;

const isCurrent = (href: string, pathname: string): boolean =>
  href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);

/** The frame of an application: head, places at the side (at the bottom on a phone), the page. */
export function Shell(props: ShellProps): ReactNode {
  const { brand, brandIcon, items, top, children } = props;
  const say = useTexts(kitTexts);
  const [isMoreOpen, setMoreOpen] = useState(false);
  const main = items.slice(0, bottomPlaces);
  const rest = items.slice(bottomPlaces);
  return (
    <div className="kit-shell">
      <a className="kit-skip" href="#main">
        {say('nav.skip')}
      </a>
      <header className="kit-top">
        <AppLink className="kit-brand" href="/">
          <Icon name={brandIcon} />
          {brand}
        </AppLink>
        <span className="kit-top-space" />
        {top}
        <UserMenu {...props} />
      </header>
      <nav className="kit-side" aria-label={say('nav.label')}>
        {items.map((item) => (
          <NavLine key={item.href} item={item} />
        ))}
      </nav>
      <main className="kit-main" id="main" tabIndex={-1}>
        {children}
      </main>
      <nav className="kit-bottom" aria-label={say('nav.label')}>
        {main.map((item) => (
          <NavLine key={item.href} item={item} isShort />
        ))}
        {rest.length > 0 && (
          <button type="button" onClick={() => setMoreOpen(true)} aria-haspopup="dialog">
            <Icon name="menu" />
            {say('nav.more')}
          </button>
        )}
      </nav>
      <Drawer
        opened={isMoreOpen}
        onClose={() => setMoreOpen(false)}
        position="bottom"
        title={say('nav.more')}
        closeButtonProps={{ 'aria-label': say('dialog.close') }}
      >
        <nav className="kit-more" onClick={() => setMoreOpen(false)} aria-label={say('nav.more')}>
          {rest.map((item) => (
            <NavLine key={item.href} item={item} />
          ))}
        </nav>
      </Drawer>
    </div>
  );
}

function NavLine({ item, isShort = false }: { item: NavItem; isShort?: boolean }): ReactNode {
  const { pathname } = useRouting();
  const { href, title, short, icon, count = 0, tone = 'bad' } = item;
  return (
    <AppLink href={href} aria-current={isCurrent(href, pathname) ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{isShort ? (short ?? title) : title}</span>
      {count > 0 && (
        <span className="kit-count kit-toned" data-tone={tone}>
          {count}
        </span>
      )}
    </AppLink>
  );
}

function UserMenu({ user, userMenu, onLogout }: ShellProps): ReactNode {
  const say = useTexts(kitTexts);
  const { language, setLanguage } = useLanguage();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const [density, setDensity] = useDensity();
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={say(scheme === 'dark' ? 'theme.light' : 'theme.dark')}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        <Icon name={scheme === 'dark' ? 'sun' : 'moon'} />
      </ActionIcon>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={say('user.menu', { name: user.name })}
          >
            <Icon name="user" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {user.name}
            <br />
            {user.note}
          </Menu.Label>
          {userMenu}
          <Menu.Divider />
          <Menu.Item onClick={() => setLanguage(language === 'ru' ? 'en' : 'ru')}>
            {language === 'ru' ? 'English' : 'Русский'}
          </Menu.Item>
          <Menu.Item onClick={() => setDensity(density === 'compact' ? 'comfortable' : 'compact')}>
            {say(density === 'compact' ? 'density.comfortable' : 'density.compact')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="logout" size={16} />} onClick={onLogout}>
            {say('user.logout')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
