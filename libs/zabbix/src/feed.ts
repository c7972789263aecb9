import type { LastReadings } from '@kkt/storage';
import { rawKey } from './template';
import type { ZabbixValue } from './sender';

/** Zabbix's host of an assembly. */
export const hostOf = ({ dc, rack, assembly }: Pick<LastReadings, 'dc' | 'rack' | 'assembly'>): string =>
  `kkt-${dc}-r${rack}-a${assembly}`;

/** Low-level discovery: one row per register, macros of the template's prototypes. */
export const discoveryOf = (registers: readonly LastReadings[]): Record<string, string>[] =>
  registers.map((one) => ({
    '{#SLOT}': one.slot.padStart(2, '0'),
    '{#SERIAL}': one.serial,
    '{#RNM}': one.rnm ?? '',
    '{#FN}': String(one.readings.fn_number ?? ''),
    '{#GROUP}': one.group ?? '',
  }));

/** Flags are numbers in Zabbix; what is not known is left out, so that no item turns "not supported". */
const plain = (readings: LastReadings['readings']): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(readings).flatMap(([key, value]) =>
      value === null ? [] : [[key, typeof value === 'boolean' ? Number(value) : value]],
    ),
  );

/** Values of all registers: one JSON each, and the discovery of each assembly when it is due. */
export function valuesOf(
  registers: readonly LastReadings[],
  clock: number,
  withDiscovery: boolean,
): ZabbixValue[] {
  const values = registers.map((one): ZabbixValue => ({
    host: hostOf(one),
    key: rawKey(one.serial),
    value: JSON.stringify(plain(one.readings)),
    clock,
  }));
  if (!withDiscovery) return values;
  const assemblies = new Map<string, LastReadings[]>();
  for (const one of registers) assemblies.set(hostOf(one), [...(assemblies.get(hostOf(one)) ?? []), one]);
  const discoveries = [...assemblies].map(([host, inside]): ZabbixValue => ({
    host,
    key: 'farm.discovery',
    value: JSON.stringify(discoveryOf(inside)),
    clock,
  }));
  return [...discoveries, ...values];
}
