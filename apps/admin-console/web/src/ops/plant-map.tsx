import type { PlantView } from '@kkt/web-contract';
import { AppLink, Shape, type ShapeName, type Tone, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { plantTexts } from './texts-plant';

type Centre = PlantView['centres'][number];
type Assembly = Centre['assemblies'][number];

const looks: Record<'ok' | 'degraded' | 'down', { tone: Tone; shape: ShapeName }> = {
  ok: { tone: 'good', shape: 'circle' },
  degraded: { tone: 'warn', shape: 'triangle' },
  down: { tone: 'bad', shape: 'cross' },
};

const worse = ({ network, power }: Assembly): 'ok' | 'degraded' | 'down' =>
  network === 'down' || power === 'down' ? 'down' : network === 'ok' && power === 'ok' ? 'ok' : 'degraded';

/** A switch or a feed with its state. */
const Part = ({ code, up, note }: { code: string; up: boolean; note?: string }): ReactNode => (
  <span className="ops-part" data-tone={up ? 'good' : 'bad'} title={note}>
    <Shape {...(up ? looks.ok : looks.down)} />
    <span className="kit-mono">{code}</span>
  </span>
);

/** What hangs on what in one data centre, and how each assembly fares. */
export function PlantMap({ centre }: { centre: Centre }): ReactNode {
  const say = useTexts(plantTexts);
  const racks = [...new Set(centre.assemblies.map(({ rack }) => rack))];
  const word = { ok: say('plant.ok'), degraded: say('plant.degraded'), down: say('plant.cut') };
  return (
    <div className="ops-plant">
      <dl className="ops-parts">
        <dt>{say('plant.feeds')}</dt>
        <dd>
          {centre.feeds.map(({ code, up }) => (
            <Part key={code} code={code} up={up} />
          ))}
        </dd>
        <dt>{say('plant.cores')}</dt>
        <dd>
          {centre.switches
            .filter(({ role }) => role === 'core')
            .map(({ code, up, feeds }) => (
              <Part key={code} code={code} up={up} note={`${say('plant.feeds')}: ${feeds.join(', ')}`} />
            ))}
        </dd>
      </dl>
      <div className="ops-plant-racks">
        {racks.map((rack) => (
          <section key={rack} className="ops-plant-rack" aria-label={say('plant.rack', { rack })}>
            <h3>
              <AppLink href={links.rack(centre.dc, rack)}>{say('plant.rack', { rack })}</AppLink>
            </h3>
            <div className="ops-plant-switches">
              {centre.switches
                .filter((one) => one.rack === rack)
                .map(({ code, up, uplinks }) => (
                  <Part
                    key={code}
                    code={code}
                    up={up}
                    note={uplinks.map(({ to, up: isUp }) => `→ ${to}${isUp ? '' : ' ✕'}`).join(', ')}
                  />
                ))}
            </div>
            <ul className="ops-plant-assemblies">
              {centre.assemblies
                .filter((one) => one.rack === rack)
                .map((one) => {
                  const look = looks[worse(one)];
                  const text = say('plant.assembly', {
                    n: one.number,
                    network: word[one.network],
                    power: word[one.power],
                  });
                  const alone = one.singlePoints.map(({ kind, code }) => `${say(`kind.${kind}`)} ${code}`);
                  const title =
                    alone.length > 0 ? `${text}; ${say('plant.singleOf', { list: alone.join(', ') })}` : text;
                  return (
                    <li
                      key={one.number}
                      data-tone={look.tone}
                      data-alone={alone.length > 0 || undefined}
                      title={title}
                    >
                      <Shape shape={look.shape} />
                      <span aria-hidden="true">{one.number}</span>
                      <span className="kit-hidden">{title}</span>
                    </li>
                  );
                })}
            </ul>
          </section>
        ))}
      </div>
      <p className="kit-legend">
        <span>
          <Shape {...looks.ok} /> {say('plant.legendOk')}
        </span>
        <span>
          <Shape {...looks.degraded} /> {say('plant.legendDegraded')}
        </span>
        <span>
          <Shape {...looks.down} /> {say('plant.legendDown')}
        </span>
        <span>
          <span className="ops-alone" aria-hidden="true" /> {say('plant.legendSingle')}
        </span>
      </p>
    </div>
  );
}
