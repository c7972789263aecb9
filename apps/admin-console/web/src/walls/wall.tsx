import { LiveDot, useFormats, useLanguage, useLiveStatus, useNow, useTexts } from '@kkt/web-kit';
import { type ReactNode, useEffect } from 'react';
import { wallTexts } from './texts';
import './walls.css';

/** Silence of the stream after which nothing on the wall may be believed. */
const staleMs = 10_000;

/** A screen for the wall: no controls, a clock, and a plain word when its data is old. */
export function Wall({
  title,
  tone,
  children,
}: {
  title: string;
  tone: string;
  children: ReactNode;
}): ReactNode {
  const say = useTexts(wallTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const now = useNow(1_000);
  const { heardAt, isAway } = useLiveStatus();
  const isStale = heardAt > 0 && (isAway || now - heardAt > staleMs);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main className="wall" data-tone={tone} lang={language}>
      <header>
        <h1>{title}</h1>
        <span className="wall-live">
          {isStale ? <strong className="wall-stale">{say('stale')}</strong> : <LiveDot />}
        </span>
        <time className="wall-clock">{formats.clock(Math.floor(now / 1_000))}</time>
      </header>
      <div className="wall-body" data-stale={isStale || undefined}>
        {children}
      </div>
    </main>
  );
}

/** A part of a wall with its name. */
export const Pane = ({
  name,
  tone,
  area,
  children,
}: {
  name: string;
  tone?: string;
  area: string;
  children: ReactNode;
}): ReactNode => (
  <section className="wall-pane" data-tone={tone} style={{ gridArea: area }} aria-label={name}>
    <h2>{name}</h2>
    {children}
  </section>
);
