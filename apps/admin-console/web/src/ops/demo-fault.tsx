import { Button } from '@mantine/core';
import type { DemoFault } from '@kkt/web-contract';
import { api, AppLink, queryOf, StateBadge, useFormats, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { Priority } from '../parts/alert-line';
import { texts } from '../texts';
import { plantTexts } from './texts-plant';

/** One thing that was broken: who, when, and what the farm made of it. */
export function FaultLine({
  fault,
  run,
}: {
  fault: DemoFault;
  /** Absent: only shown. */
  run?: (act: () => Promise<unknown>) => void;
}): ReactNode {
  const say = useTexts(plantTexts);
  const words = useTexts(texts);
  const formats = useFormats();
  const { kind, dc, code, place, thrownAt } = fault;
  const what = fault.faults.map((word) => say.maybe(`fault.${word}`, word)).join(', ');
  const mend = (): Promise<unknown> =>
    kind === 'module'
      ? api.post('demo/module-faults', { serial: code, fault: 'mend' })
      : api.remove(`demo/faults${queryOf({ dc, kind, code })}`);
  return (
    <div className="ops-fault">
      <div>
        <StateBadge
          tone={fault.mendedAt === null ? 'bad' : 'good'}
          shape={fault.mendedAt === null ? 'cross' : 'circle'}
        >
          {dc}: {say(`kind.${kind}`)} {code}
        </StateBadge>
        {what !== '' && <p>{what}</p>}
        {place && (
          <p className="kit-soft">
            {fault.registerId === null ? (
              words('place.text', { ...place })
            ) : (
              <AppLink href={links.register(fault.registerId)}>{words('place.text', { ...place })}</AppLink>
            )}
          </p>
        )}
        <p className="kit-soft">
          {thrownAt === null
            ? say('demo.byHand')
            : say('demo.thrown', { who: fault.thrownBy ?? '—', time: formats.time(thrownAt) })}
          {fault.mendedAt !== null && ` · ${say('demo.mended', { time: formats.time(fault.mendedAt) })}`}
        </p>
      </div>
      <Effect fault={fault} />
      {run && (
        <Button
          variant="default"
          aria-label={`${say('demo.mend')}: ${say(`kind.${kind}`)} ${code}`}
          onClick={() => run(mend)}
        >
          {say('demo.mend')}
        </Button>
      )}
    </div>
  );
}

function Effect({ fault }: { fault: DemoFault }): ReactNode {
  const say = useTexts(plantTexts);
  const formats = useFormats();
  const { incident, thrownAt, mendedAt } = fault;
  if (!incident)
    return <div className="kit-soft">{say(mendedAt === null ? 'demo.waiting' : 'demo.quiet')}</div>;
  const afterMs = thrownAt === null ? null : Date.parse(incident.openedAt) - Date.parse(thrownAt);
  const told = incident.told.map(
    ({ who, channel }) => `${who} (${say.maybe(`channel.${channel}`, channel)})`,
  );
  return (
    <div>
      <p>
        <Priority severity={incident.severity} />{' '}
        <AppLink href={`/alerts${queryOf({ id: incident.id })}`}>{incident.text}</AppLink>
      </p>
      <p>
        <strong>
          {afterMs === null || afterMs < 0
            ? say('demo.seenBefore')
            : say('demo.seen', { s: formats.duration(afterMs) })}
        </strong>
        {' · '}
        {say('demo.registers', { n: incident.registers })}
      </p>
      <p className="kit-soft">
        {told.length === 0
          ? say('demo.toldNobody')
          : say('demo.told', { list: [...new Set(told)].join(', ') })}
      </p>
      {mendedAt !== null && (
        <p className="kit-soft">
          {incident.closedAt === null
            ? say('demo.stillOpen')
            : say('demo.closed', {
                s: formats.duration(Math.max(0, Date.parse(incident.closedAt) - Date.parse(mendedAt))),
              })}
        </p>
      )}
    </div>
  );
}
