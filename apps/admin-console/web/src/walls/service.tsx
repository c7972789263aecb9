import type { MinutePoint, ServiceWall } from '@kkt/web-contract';
import { QueryView, useFormats, useLiveQuery, useNow, useTexts } from '@kkt/web-kit';
import { type ReactNode, useMemo } from 'react';
import { QrCode } from './qr-code';
import { wallTexts } from './texts';
import { Pane, Wall } from './wall';

const healthTone = { ok: 'good', attention: 'warn', trouble: 'bad' } as const;
const oldQueueS = 60;
const oldTestMs = 10 * 60_000;
const oldUnsentS = 600;

/** E1: is the service well. For the wall: no controls, legible from three metres. */
export function ServiceWallScreen(): ReactNode {
  const say = useTexts(wallTexts);
  const query = useLiveQuery<ServiceWall>('wall-service', 'wall/service');
  const tone = query.data ? healthTone[query.data.health] : 'mute';
  return (
    <Wall
      title={
        query.data ? `${say('service.title')}: ${say(`health.${query.data.health}`)}` : say('service.title')
      }
      tone={tone}
    >
      <QueryView query={query}>{(wall) => <Content wall={wall} />}</QueryView>
    </Wall>
  );
}

function Content({ wall }: { wall: ServiceWall }): ReactNode {
  const say = useTexts(wallTexts);
  const formats = useFormats();
  const now = useNow(5_000);
  const last = wall.minutes.at(-2);
  const { queue } = wall;
  const unsent = wall.operators.filter((one) => one.unsent > 0);
  return (
    <div className="wall-service">
      <Pane name={say('rate.done')} area="rate">
        <p className="wall-figure">{formats.number((last?.done ?? 0) / 60, 1)}</p>
        <p className="wall-line" data-tone={(last?.failed ?? 0) > 0 ? 'bad' : 'good'}>
          {say('rate.failed')}: {formats.number(last?.failed ?? 0)}
        </p>
        <HourBars minutes={wall.minutes} />
      </Pane>
      <Pane name={say('queue.title')} area="queue" tone={queue.oldestS > oldQueueS ? 'bad' : 'good'}>
        <p className="wall-figure">{formats.number(queue.waiting)}</p>
        <p className="wall-line">
          {queue.waiting > 0
            ? say('queue.oldest', { age: formats.duration(queue.oldestS * 1_000) })
            : say('queue.empty')}
        </p>
        {queue.inDoubt > 0 && (
          <p className="wall-line" data-tone="warn">
            {say('queue.doubt', { n: queue.inDoubt })}
          </p>
        )}
      </Pane>
      <TestPane test={wall.test} now={now} />
      <Pane
        name={say('ofd.title')}
        area="ofd"
        tone={wall.operators.some(({ oldestS }) => oldestS > oldUnsentS) ? 'bad' : 'good'}
      >
        {unsent.length === 0 ? (
          <p className="wall-line">{say('ofd.all')}</p>
        ) : (
          <ul className="wall-list">
            {unsent.slice(0, 5).map((one) => (
              <li key={one.name}>
                <span>{one.name}</span>
                <strong>{formats.number(one.unsent)}</strong>
              </li>
            ))}
          </ul>
        )}
      </Pane>
      <Pane
        name={say('urgent.title')}
        area="urgent"
        tone={
          wall.urgent.length === 0 ? 'good' : wall.urgent.some((one) => one.severity === 1) ? 'bad' : 'warn'
        }
      >
        {wall.urgent.length === 0 ? (
          <p className="wall-line">{say('urgent.none')}</p>
        ) : (
          <ul className="wall-urgent">
            {wall.urgent.map((one, index) => (
              <li key={one.id} data-tone={one.severity === 1 ? 'bad' : 'warn'}>
                <span>
                  <strong>P{one.severity}</strong> {one.text}
                  <small>
                    {one.owner ?? say('urgent.nobody')} ·{' '}
                    {say('urgent.minutes', {
                      n: formats.number(Math.max(0, Math.floor((now - Date.parse(one.openedAt)) / 60_000))),
                    })}
                  </small>
                </span>
                {index < 2 && (
                  <QrCode text={`${window.location.origin}/alerts?id=${one.id}`} label={say('urgent.qr')} />
                )}
              </li>
            ))}
          </ul>
        )}
      </Pane>
    </div>
  );
}

function TestPane({ test, now }: { test: ServiceWall['test']; now: number }): ReactNode {
  const say = useTexts(wallTexts);
  const formats = useFormats();
  if (test === null)
    return (
      <Pane name={say('test.title')} area="test" tone="mute">
        <p className="wall-line">{say('test.none')}</p>
      </Pane>
    );
  const ageMs = Math.max(0, now - Date.parse(test.at));
  const tone = test.outcome === 'failed' ? 'bad' : ageMs > oldTestMs ? 'warn' : 'good';
  return (
    <Pane name={say('test.title')} area="test" tone={tone}>
      <p className="wall-figure wall-figure-small">
        {test.outcome === 'ok'
          ? say('test.ok', {
              age: formats.duration(ageMs),
              ms: formats.duration((test.acceptMs ?? 0) + (test.registerMs ?? 0)),
            })
          : say('test.failed', { age: formats.duration(ageMs) })}
      </p>
      {test.error !== null && test.outcome === 'failed' && <p className="wall-line">{test.error}</p>}
    </Pane>
  );
}

/** The last hour by minutes, refusals on top: bars wide enough to be seen across a room. */
function HourBars({ minutes }: { minutes: readonly MinutePoint[] }): ReactNode {
  const say = useTexts(wallTexts);
  const shown = useMemo(() => minutes.slice(0, -1), [minutes]);
  const max = Math.max(1, ...shown.map(({ done, failed }) => done + failed));
  const height = 100;
  const sum = (name: 'done' | 'failed'): number => shown.reduce((total, one) => total + one[name], 0);
  return (
    <svg
      className="wall-bars"
      viewBox={`0 0 ${shown.length * 10} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={say('rate.chart', { done: sum('done'), failed: sum('failed') })}
    >
      {shown.map(({ minute, done, failed }, index) => {
        const doneHeight = (done / max) * height;
        const failedHeight = (failed / max) * height;
        return (
          <g key={minute}>
            <rect
              x={index * 10 + 1}
              y={height - doneHeight}
              width={8}
              height={doneHeight}
              fill="var(--kit-good)"
            />
            <rect
              x={index * 10 + 1}
              y={height - doneHeight - failedHeight}
              width={8}
              height={failedHeight}
              fill="var(--kit-bad)"
            />
          </g>
        );
      })}
    </svg>
  );
}
