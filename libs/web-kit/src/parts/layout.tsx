import { type CSSProperties, type ReactNode, useEffect } from 'react';
import { useTexts } from '../i18n/language';
import { AppLink } from '../routing/routing';
import { kitTexts } from '../texts';
import { LiveDot } from './live-dot';
import type { Tone } from './state-badge';

export interface Crumb {
  title: string;
  href: string;
}

/** Head of a page: where it is, what it is called, what can be done. Sets the window's title too. */
export function PageHead(props: {
  title: string;
  crumbs?: readonly Crumb[];
  badge?: ReactNode;
  actions?: ReactNode;
  live?: boolean;
}): ReactNode {
  const { title, crumbs = [], badge, actions, live = false } = props;
  const say = useTexts(kitTexts);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className="kit-head">
      {crumbs.length > 0 && (
        <nav className="kit-crumbs" aria-label={say('nav.crumbs')}>
          {crumbs.map((crumb) => (
            <span key={crumb.href}>
              <AppLink href={crumb.href}>{crumb.title}</AppLink> <span aria-hidden="true">/</span>
            </span>
          ))}
        </nav>
      )}
      <h1>{title}</h1>
      {badge}
      {live && <LiveDot />}
      {actions && <div className="kit-actions">{actions}</div>}
    </div>
  );
}

/** A titled part of a page. `flush` lets a table reach the edges. */
export function Card(props: {
  title?: ReactNode;
  side?: ReactNode;
  flush?: boolean;
  children: ReactNode;
  id?: string;
}): ReactNode {
  const { title, side, flush = false, children, id } = props;
  return (
    <section className="kit-card" data-flush={flush || undefined} id={id}>
      {(title !== undefined || side !== undefined) && (
        <header>
          {title !== undefined && <h2>{title}</h2>}
          {side !== undefined && <span className="kit-card-side">{side}</span>}
        </header>
      )}
      {children}
    </section>
  );
}

/** Cards or tiles side by side, as many as fit; none narrower than `min` rem. */
export const CardGrid = ({ min = 20, children }: { min?: number; children: ReactNode }): ReactNode => (
  <div className="kit-grid" style={{ '--kit-min': `${min}rem` } as CSSProperties}>
    {children}
  </div>
);

/** One number that matters, leading to the list behind it. */
export function Tile(props: {
  name: string;
  value: ReactNode;
  note?: ReactNode;
  tone?: Tone;
  href?: string;
}): ReactNode {
  const { name, value, note, tone = 'mute', href } = props;
  const inside = (
    <>
      <span className="kit-tile-name">{name}</span>
      <span className="kit-tile-value">{value}</span>
      {note !== undefined && <span className="kit-tile-note">{note}</span>}
    </>
  );
  return href === undefined ? (
    <div className="kit-tile" data-tone={tone}>
      {inside}
    </div>
  ) : (
    <AppLink className="kit-tile" data-tone={tone} href={href}>
      {inside}
    </AppLink>
  );
}

/** Names and values. Values that are null are left out. */
export const Facts = ({ rows }: { rows: readonly (readonly [string, ReactNode])[] }): ReactNode => (
  <dl className="kit-facts">
    {rows
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => (
        <FactRow key={name} name={name} value={value} />
      ))}
  </dl>
);

const FactRow = ({ name, value }: { name: string; value: ReactNode }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);
