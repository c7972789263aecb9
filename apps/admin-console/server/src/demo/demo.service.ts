import { Inject, Injectable } from '@nestjs/common';
import { onlineNow, PlantStore } from '@kkt/storage';
import type { DemoCandidate, DemoFault, DemoView, Place } from '@kkt/web-contract';
import { moment, momentOrNull } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { EmulatedHall } from './emulated-hall';

/** How far back what was thrown is shown. */
const shownHours = 3;
const pastShown = 10;
const candidatesShown = 24;

interface Thrown {
  seq: number;
  at: Date;
  action: 'demo.break' | 'demo.mend';
  objectKind: 'plant' | 'module';
  objectId: string;
  actorName: string;
}

interface IncidentRow {
  id: string;
  severity: 1 | 2 | 3 | 4;
  title: string | null;
  text: string;
  openedAt: Date;
  closedAt: Date | null;
  registers: number[];
  objectKind: string;
  objectId: string;
  elements: string;
  told: { who: string; channel: string; at: string; state: string }[];
}

interface ModuleRow {
  id: number;
  serial: string;
  place: Place;
}

const keyOf = ({ objectKind, objectId }: Thrown): string =>
  objectKind === 'module' ? `module:${objectId}` : objectId;

/** What was broken from the panel, and what the watch made of each of it. */
@Injectable()
export class DemoService {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(EmulatedHall) private readonly hall: EmulatedHall,
    @Inject(PlantStore) private readonly plant: PlantStore,
  ) {}

  /** `dc1:switch:r1-a`. */
  async plantKey(dc: string | undefined, kind: string, code: string): Promise<string> {
    const [first] = dc === undefined ? await this.plant.plants() : [{ dc }];
    return `${first?.dc ?? ''}:${kind}:${code}`;
  }

  async candidates(): Promise<DemoCandidate[]> {
    const rows = await this.parts.database.query<ModuleRow & { clientName: string | null }>(
      `select k.id, k.serial, k.place, c.name as "clientName" from registers k join register_status s on s.register_id = k.id
       left join leases l on l.register_id = k.id left join clients c on c.id = k.client_id
       where k.state = 'ready' and s.problem is null and ${onlineNow} order by k.id limit $1`,
      [candidatesShown],
    );
    return rows.map(({ id, serial, place, clientName }) => ({ registerId: id, serial, place, clientName }));
  }

  async read(): Promise<DemoView> {
    if (!this.hall.isThere) return { panel: false, now: [], past: [] };
    const [broken, thrown, incidents] = await Promise.all([
      this.hall.broken(),
      this.thrown(),
      this.incidents(),
    ]);
    const known = await this.modules([
      ...broken.modules.map(({ serial }) => serial),
      ...thrown.filter(({ objectKind }) => objectKind === 'module').map(({ objectId }) => objectId),
    ]);
    const now = [
      ...broken.elements.map(({ dc, kind, code }) => ({ key: `${dc}:${kind}:${code}`, faults: [] })),
      ...broken.modules.map(({ serial, faults }) => ({ key: `module:${serial}`, faults })),
    ].map(({ key, faults }) => {
      const last = thrown.find((one) => one.action === 'demo.break' && keyOf(one) === key);
      return this.fault(key, faults, last, null, known, incidents);
    });
    const inForce = new Set(now.map(({ key }) => key));
    const past: DemoFault[] = [];
    for (const one of thrown) {
      const key = keyOf(one);
      if (one.action !== 'demo.break' || inForce.has(key) || past.some((other) => other.key === key))
        continue;
      const mended = thrown
        .filter((other) => other.action === 'demo.mend' && other.seq > one.seq)
        .filter((other) => other.objectId === 'everything' || keyOf(other) === key)
        .at(-1);
      past.push(this.fault(key, [], one, mended?.at ?? null, known, incidents));
    }
    const newestFirst = (a: DemoFault, b: DemoFault): number =>
      (b.thrownAt ?? '').localeCompare(a.thrownAt ?? '');
    return { panel: true, now: now.sort(newestFirst), past: past.slice(0, pastShown) };
  }

  private fault(
    key: string,
    faults: string[],
    thrown: Thrown | undefined,
    mendedAt: Date | null,
    modules: ReadonlyMap<string, ModuleRow>,
    incidents: readonly IncidentRow[],
  ): DemoFault {
    const [first = '', kind = '', ...rest] = key.split(':');
    const isModule = first === 'module';
    const code = isModule ? kind : rest.join(':');
    const module = isModule ? modules.get(code) : undefined;
    const incident = incidents.find((one) => {
      // What was open before it was thrown is not its doing; what opened after it was mended neither.
      if (thrown && one.openedAt < thrown.at && (one.closedAt === null || one.closedAt < thrown.at))
        return !isModule && one.closedAt === null && one.elements.split(' ').includes(`${kind}:${code}`);
      if (mendedAt && one.openedAt.getTime() > mendedAt.getTime()) return false;
      if (!isModule)
        return one.objectId.startsWith(`${first}:`) && one.elements.split(' ').includes(`${kind}:${code}`);
      return module !== undefined && one.objectKind !== 'plant' && one.registers.includes(module.id);
    });
    return {
      key,
      kind: isModule ? 'module' : (kind as DemoFault['kind']),
      dc: isModule ? (module?.place.dc ?? '') : first,
      code,
      faults,
      registerId: module?.id ?? null,
      place: module?.place ?? null,
      thrownAt: thrown ? moment(thrown.at) : null,
      thrownBy: thrown?.actorName ?? null,
      mendedAt: momentOrNull(mendedAt),
      incident: incident
        ? {
            id: incident.id,
            severity: incident.severity,
            title: incident.title ?? incident.text,
            text: incident.text,
            openedAt: moment(incident.openedAt),
            closedAt: momentOrNull(incident.closedAt),
            registers: incident.registers.length,
            told: incident.told,
          }
        : null,
    };
  }

  /** The newest first. */
  private thrown(): Promise<Thrown[]> {
    return this.parts.database.query<Thrown>(
      `select seq::integer, at, action, object_kind as "objectKind", object_id as "objectId", actor_name as "actorName" from audit_log
       where action in ('demo.break', 'demo.mend') and at > farm_now() - make_interval(hours => $1) order by seq desc limit 200`,
      [shownHours],
      'demo_thrown',
    );
  }

  /** Incidents of hardware, the newest first, with whom each was told. */
  private incidents(): Promise<IncidentRow[]> {
    return this.parts.database.query<IncidentRow>(
      `select a.id::text, a.severity, a.title, a.text, a.opened_at as "openedAt", a.closed_at as "closedAt", a.registers,
              a.object_kind as "objectKind", a.object_id as "objectId", coalesce(a.facts->>'elements', '') as elements,
              coalesce((select json_agg(json_build_object('who', coalesce(s.name, n.recipient_id), 'channel', n.channel,
                  'at', to_char(n.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'state', n.state) order by n.id)
                from notifications n left join staff s on n.recipient_kind = 'staff' and s.id::text = n.recipient_id
                where n.alert_id = a.id and n.kind <> 'alert.closed'), '[]') as told
       from alerts a where (a.closed_at is null or a.closed_at > farm_now() - make_interval(hours => $1))
       order by a.opened_at desc limit 100`,
      [shownHours],
      'demo_incidents',
    );
  }

  private async modules(serials: readonly string[]): Promise<Map<string, ModuleRow>> {
    const rows =
      serials.length === 0
        ? []
        : await this.parts.database.query<ModuleRow>(
            'select id, serial, place from registers where serial = any($1::text[])',
            [serials],
          );
    return new Map(rows.map((row) => [row.serial, row]));
  }
}
