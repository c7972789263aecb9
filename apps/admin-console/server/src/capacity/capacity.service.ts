import { Inject, Injectable } from '@nestjs/common';
import { calculate, CalculatorError, type CalculatorInput } from '@kkt/calculator';
import { FarmError } from '@kkt/contracts';
import { PlanningStore } from '@kkt/storage';
import type { CapacityPlan, CapacityView } from '@kkt/web-contract';
import { type ConsoleParts, PARTS } from '../parts';

const historyDays = 90;

/** Is there room: slots, modules, FNs, and what the loads of groups ask for. */
@Injectable()
export class CapacityService {
  constructor(@Inject(PARTS) private readonly parts: ConsoleParts) {}

  async read(): Promise<CapacityView> {
    const { database } = this.parts;
    const [racks, [spare], fns, groups, days] = await Promise.all([
      database.query<CapacityView['racks'][number]>(
        `with taken as (
           select place->>'dc' as dc, place->>'rack' as rack, count(*)::integer as n from registers
           where state <> 'closed' and place ? 'slot' group by 1, 2
         ), have as (
           select dc, rack, count(*)::integer as slots, count(*) filter (where reserved_until > farm_now())::integer as reserved
           from slots group by 1, 2
         )
         select coalesce(h.dc, t.dc) as dc, coalesce(h.rack, t.rack) as rack, coalesce(h.slots, t.n) as slots, coalesce(t.n, 0) as taken,
                coalesce(h.reserved, 0) as reserved
         from have h full join taken t on t.dc = h.dc and t.rack = h.rack order by 1, 2`,
        [],
        'capacity_racks',
      ),
      database.query<{ n: number }>(`select count(*)::integer as n from registers where state = 'stock'`),
      database.query<CapacityView['fns'][number]>(
        `with latest as (
           select distinct on (z.fn_number) z.fn_number, z.end_on from fn_forecasts z order by z.fn_number, z.made_on desc
         )
         select f.model, count(*) filter (where f.state in ('stock', 'tested'))::integer as free,
                count(*) filter (where f.state = 'reserved')::integer as reserved,
                count(*) filter (where f.state = 'installed' and k.state not in ('stock', 'closed')
                  and coalesce(l.end_on, s.valid_until, f.valid_until) < (farm_now() + interval '90 days')::date)::integer as "ending90d"
         from fiscal_drives f left join registers k on k.fn_number = f.fn_number left join register_status s on s.register_id = k.id
         left join latest l on l.fn_number = f.fn_number group by 1 order by 1`,
        [],
        'capacity_fns',
      ),
      database.query<CapacityView['groups'][number]>(
        `select g.code as "groupCode", c.name as "clientName", to_char(n.made_on, 'YYYY-MM-DD') as "madeOn", n.registers, n.minimum,
                n.optimal, n.receipts_per_day as "receiptsPerDay", n.peak_per_minute as "peakPerMinute",
                n.predicted_p99_s as "predictedP99S", n.is_drifted as "isDrifted", n.arithmetic
         from register_groups g join clients c on c.id = g.client_id
         cross join lateral (select * from group_needs x where x.group_id = g.id order by x.made_on desc limit 1) n
         order by n.drift desc, g.code limit 500`,
        [],
        'capacity_groups',
      ),
      new PlanningStore(database).capacity(historyDays),
    ]);
    return {
      racks,
      spareModules: spare?.n ?? 0,
      fns,
      groups,
      days: days.reverse().map(({ day, freeSlots, rented, freeFns, daysToFull }) => ({
        day,
        freeSlots,
        rented,
        freeFns,
        daysToFull,
      })),
    };
  }

  /**
   * What a load needs, by the farm's calculator, beside what there is.
   * @throws FarmError CLIENT-FIELDS with the rule that does not hold
   */
  async plan(input: CalculatorInput): Promise<CapacityPlan> {
    const need = calculated(input);
    const { racks, spareModules, fns } = await this.read();
    const freeSlots = racks.reduce((sum, one) => sum + Math.max(0, one.slots - one.taken - one.reserved), 0);
    const freeFns = fns.reduce((sum, one) => sum + one.free, 0);
    const { minimum, optimal, predictedP99S, utilisation, fnsPerYear, arithmetic } = need;
    const lack = (have: number): number => Math.max(0, optimal - have);
    return {
      minimum,
      optimal,
      predictedP99S,
      utilisation,
      fnsPerYear,
      arithmetic,
      freeSlots,
      spareModules,
      freeFns,
      // A spare module that stands in the hall has its slot already.
      lacks: {
        slots: lack(freeSlots + spareModules),
        modules: lack(spareModules),
        fns: lack(freeFns),
      },
    };
  }
}

function calculated(input: CalculatorInput): ReturnType<typeof calculate> {
  try {
    return calculate(input);
  } catch (error) {
    if (error instanceof CalculatorError) throw new FarmError('CLIENT-FIELDS', error.message);
    throw error;
  }
}
