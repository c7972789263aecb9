import type { Condition, HardwareWall } from '@kkt/web-contract';
import { conditionLook, kitTexts, QueryView, Shape, useFormats, useLiveQuery, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { wallTexts } from './texts';
import { Pane, Wall } from './wall';

const order: readonly Condition[] = [
  'works',
  'attention',
  'offline',
  'stopped',
  'paused',
  'swap',
  'registering',
  'stock',
];

const isBad = (wall: HardwareWall): boolean =>
  wall.racks.some(({ network, power }) => network === 'down' || power === 'down') ||
  (wall.registers.stopped ?? 0) + (wall.registers.offline ?? 0) > 0;

/** E2: are the halls well. For the wall: no controls, legible from three metres. */
export function HardwareWallScreen(): ReactNode {
  const say = useTexts(wallTexts);
  const query = useLiveQuery<HardwareWall>('wall-hardware', 'wall/hardware');
  const tone = query.data === undefined ? 'mute' : isBad(query.data) ? 'bad' : 'good';
  return (
    <Wall title={say('hardware.title')} tone={tone}>
      <QueryView query={query}>{(wall) => <Content wall={wall} />}</QueryView>
    </Wall>
  );
}

function Content({ wall }: { wall: HardwareWall }): ReactNode {
  const say = useTexts(wallTexts);
  const kit = useTexts(kitTexts);
  const formats = useFormats();
  const cut = wall.racks.filter(({ network }) => network === 'down').length;
  const single = wall.racks.filter(({ network }) => network === 'degraded').length;
  const feed = wall.racks.filter(({ power }) => power === 'degraded').length;
  return (
    <div className="wall-hardware">
      <Pane name={say('map.title')} area="map">
        <ul className="wall-racks" data-many={wall.racks.length > 12 || undefined}>
          {wall.racks.map((rack) => (
            <RackTile key={`${rack.dc}/${rack.rack}`} rack={rack} />
          ))}
        </ul>
        <p className="wall-line" data-tone={cut > 0 ? 'bad' : single + feed > 0 ? 'warn' : 'good'}>
          {[
            cut > 0 && say('map.cut', { n: cut }),
            single > 0 && say('map.oneUplink', { n: single }),
            feed > 0 && say('map.power', { n: feed }),
          ]
            .filter(Boolean)
            .join(' · ') || say('map.allGood')}
        </p>
      </Pane>
      <Pane name={say('states.title')} area="states">
        <ul className="wall-list">
          {order
            .filter((condition) => condition === 'works' || (wall.registers[condition] ?? 0) > 0)
            .map((condition) => (
              <li key={condition} data-tone={conditionLook[condition].tone}>
                <span>
                  <Shape {...conditionLook[condition]} /> {kit(`condition.${condition}`)}
                </span>
                <strong>{formats.number(wall.registers[condition] ?? 0)}</strong>
              </li>
            ))}
        </ul>
      </Pane>
      <Pane name={say('fn.title')} area="fn">
        <ul className="wall-list">
          {wall.fnEnding.map(({ days, drives }, index) => (
            <li key={days} data-tone={drives === 0 ? 'good' : (['bad', 'warn', 'info'][index] ?? 'info')}>
              <span>{say('fn.days', { n: days })}</span>
              <strong>{formats.number(drives)}</strong>
            </li>
          ))}
          <li data-tone={wall.fnNearlyFull > 0 ? 'warn' : 'good'}>
            <span>{say('fn.full')}</span>
            <strong>{formats.number(wall.fnNearlyFull)}</strong>
          </li>
        </ul>
      </Pane>
      <Pane
        name={say('duty.title')}
        area="duty"
        tone={wall.duty.some(({ role }) => role === 'duty') ? 'good' : 'bad'}
      >
        {wall.duty.length === 0 ? (
          <p className="wall-figure wall-figure-small">{say('duty.none')}</p>
        ) : (
          <ul className="wall-list">
            {wall.duty.map((one) => (
              <li key={`${one.role}/${one.name}`}>
                <span>
                  {one.name}
                  <small>
                    {say(`duty.${one.role}`)}, {say('duty.until', { time: formats.time(one.until) })}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Pane>
    </div>
  );
}

function RackTile({ rack }: { rack: HardwareWall['racks'][number] }): ReactNode {
  const say = useTexts(wallTexts);
  const formats = useFormats();
  const look = conditionLook[rack.worst];
  const notes = [
    rack.network !== null && rack.network !== 'ok' && say(`network.${rack.network}`),
    rack.power !== null && rack.power !== 'ok' && say(`power.${rack.power}`),
  ].filter((note): note is string => note !== false);
  const tone =
    rack.network === 'down' || rack.power === 'down' ? 'bad' : notes.length > 0 ? 'warn' : look.tone;
  return (
    <li data-tone={tone}>
      <span>
        <Shape shape={look.shape} /> {rack.rack}
      </span>
      <strong>
        {formats.number(rack.up)}
        <small>/{formats.number(rack.total)}</small>
      </strong>
      {notes.length > 0 && <em>{notes.join(', ')}</em>}
    </li>
  );
}
