import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { type Metric, METRICS } from '@kkt/readings';

/** Name of the template: one host of Zabbix is one assembly of 48 registers. */
export const TEMPLATE = 'KKT Farm assembly';
const group = 'Templates/KKT Farm';

/** The same thing has the same id at every export, so that an import updates and does not double. */
const uuid = (what: string): string => {
  const hex = createHash('sha256').update(`kkt-farm ${what}`).digest('hex').slice(0, 32);
  // Version 4 and variant bits: Zabbix checks them.
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}${'89ab'[parseInt(hex[16] ?? '0', 16) % 4]}${hex.slice(17)}`;
};

export const rawKey = (serial: string): string => `farm.kkt.raw[${serial}]`;
export const readingKey = (key: string, serial: string): string =>
  `farm.kkt.${key.replaceAll('_', '.')}[${serial}]`;

const valueType = ({ kind }: Metric): string =>
  kind === 'text' ? 'CHAR' : kind === 'gauge' ? 'FLOAT' : 'UNSIGNED';
const units = ({ kind, unit }: Metric): string =>
  kind === 'moment'
    ? 'unixtime'
    : { '': '', s: 's', kop: '', documents: '', bytes: 'B', KiB: '', '%': '%' }[unit];
const mapName = ({ key }: Metric): string => `KKT ${key.replaceAll('_', ' ')}`;

interface Trigger {
  name: string;
  /** On the last value of a reading; `{#SERIAL}` is put in. */
  expression: string;
  priority: 'WARNING' | 'AVERAGE' | 'HIGH' | 'DISASTER';
  description: string;
}

const last = (key: string): string => `last(/${TEMPLATE}/${readingKey(key, '{#SERIAL}')})`;

const triggers: readonly Trigger[] = [
  {
    name: 'Register {#SERIAL} (slot {#SLOT}): no data',
    expression: `nodata(/${TEMPLATE}/${rawKey('{#SERIAL}')},3m)=1`,
    priority: 'HIGH',
    description: 'The farm sends nothing about this register.',
  },
  {
    name: 'Register {#SERIAL} (slot {#SLOT}) is silent',
    expression: `${last('up')}=0`,
    priority: 'HIGH',
    description: 'Check power and cable of the module.',
  },
  {
    name: 'Register {#SERIAL}: FN reports a critical fault',
    expression: `${last('fn_critical')}=1`,
    priority: 'HIGH',
    description: 'Do not sell on it; replace the FN.',
  },
  ...(
    [
      ['{$FN.DAYS.WARN}', 'WARNING'],
      ['{$FN.DAYS.AVERAGE}', 'AVERAGE'],
      ['{$FN.DAYS.HIGH}', 'HIGH'],
    ] as const
  ).map(([macro, priority]): Trigger => ({
    name: `Register {#SERIAL}: FN ends within ${macro} days`,
    expression: `${last('fn_days_left')}<=${macro}`,
    priority,
    description: 'Plan the replacement of the FN.',
  })),
  ...(
    [
      ['{$OFD.AGE.WARN}', 'WARNING'],
      ['{$OFD.AGE.AVERAGE}', 'AVERAGE'],
      ['{$OFD.AGE.DISASTER}', 'DISASTER'],
    ] as const
  ).map(([macro, priority]): Trigger => ({
    name: `Register {#SERIAL}: documents unsent for more than ${macro}`,
    expression: `${last('ofd_unsent_age')}>${macro}`,
    priority,
    description: 'The FN blocks itself after 30 days without the operator.',
  })),
  {
    name: 'Register {#SERIAL}: shift is near its 24 hours',
    expression: `${last('shift_open')}=1 and ${last('shift_left')}<{$SHIFT.LEFT.MIN}`,
    priority: 'AVERAGE',
    description: 'Close the shift.',
  },
  {
    name: 'Register {#SERIAL} answers slowly',
    expression: `min(/${TEMPLATE}/${readingKey('command_p95', '{#SERIAL}')},5m)>{$KKT.LATENCY.WARN}`,
    priority: 'WARNING',
    description: 'Look at errors and repeats of its line.',
  },
  {
    name: 'Register {#SERIAL}: clock is off',
    expression: `abs(${last('clock_offset')})>{$KKT.CLOCK.WARN}`,
    priority: 'WARNING',
    description: 'The driver sets it between receipts; if it cannot, check the battery.',
  },
];

const macros: readonly [string, string, string][] = [
  ['{$FN.DAYS.WARN}', '60', 'Days left to an FN: warning'],
  ['{$FN.DAYS.AVERAGE}', '14', 'Days left to an FN: average'],
  ['{$FN.DAYS.HIGH}', '3', 'Days left to an FN: high'],
  ['{$OFD.AGE.WARN}', '1d', 'Age of the first unsent document: warning'],
  ['{$OFD.AGE.AVERAGE}', '20d', 'Age of the first unsent document: average'],
  ['{$OFD.AGE.DISASTER}', '27d', 'Age of the first unsent document: disaster'],
  ['{$SHIFT.LEFT.MIN}', '1h', 'Time left to a shift'],
  ['{$KKT.LATENCY.WARN}', '0.4', 'Response time to commands, seconds'],
  ['{$KKT.CLOCK.WARN}', '60', 'Clock offset, seconds'],
  ['{$CONSOLE.URL}', 'http://127.0.0.1:8082', 'Address of the farm’s console'],
];

const tags = (key: string): object[] => [
  { tag: 'component', value: key.startsWith('fn_') ? 'fn' : key.startsWith('ofd_') ? 'ofd' : 'register' },
  { tag: 'slot', value: '{#SLOT}' },
];

function dependent(metric: Metric): object {
  const preprocessing: object[] = [
    { type: 'JSONPATH', parameters: [`$.${metric.key}`], error_handler: 'DISCARD_VALUE' },
    // Slow values fill the history with themselves otherwise.
    ...(metric.period === 'hour' || metric.kind === 'text' || metric.kind === 'flag' || metric.kind === 'enum'
      ? [{ type: 'DISCARD_UNCHANGED_HEARTBEAT', parameters: ['1h'] }]
      : []),
  ];
  return {
    uuid: uuid(`item ${metric.key}`),
    name: `{#SLOT} {#SERIAL}: ${metric.en}`,
    type: 'DEPENDENT',
    key: readingKey(metric.key, '{#SERIAL}'),
    delay: '0',
    history: '7d',
    ...(metric.kind === 'text' ? { trends: '0' } : {}),
    value_type: valueType(metric),
    ...(units(metric) ? { units: units(metric) } : {}),
    description: `${metric.ru}. Source: ${metric.source}.`,
    ...(metric.values ? { valuemap: { name: mapName(metric) } } : {}),
    preprocessing,
    master_item: { key: rawKey('{#SERIAL}') },
    tags: tags(metric.key),
  };
}

/** The template as Zabbix 6.0 and newer import it: written from the table of readings, so the two cannot disagree. */
export function zabbixTemplate(): string {
  const enumerations = METRICS.filter((metric) => metric.values);
  const template = {
    uuid: uuid('template'),
    template: TEMPLATE,
    name: TEMPLATE,
    description:
      'One host is one assembly of 48 fiscal registers. The farm sends one JSON per register and minute.',
    groups: [{ name: group }],
    discovery_rules: [
      {
        uuid: uuid('discovery'),
        name: 'Registers of the assembly',
        type: 'TRAP',
        key: 'farm.discovery',
        delay: '0',
        lifetime: '7d',
        description: 'Sent by the farm every ten minutes.',
        item_prototypes: [
          {
            uuid: uuid('item raw'),
            name: '{#SLOT} {#SERIAL}: all readings',
            type: 'TRAP',
            key: rawKey('{#SERIAL}'),
            delay: '0',
            history: '1h',
            trends: '0',
            value_type: 'TEXT',
            description: 'Every reading of the register as one JSON.',
            tags: tags('raw'),
          },
          ...METRICS.map(dependent),
        ],
        trigger_prototypes: triggers.map(({ name, expression, priority, description }) => ({
          uuid: uuid(`trigger ${name}`),
          expression,
          name,
          priority,
          description,
          url: '{$CONSOLE.URL}/search?q={#SERIAL}',
          manual_close: 'YES',
          tags: [{ tag: 'scope', value: 'availability' }],
        })),
      },
    ],
    macros: macros.map(([macro, value, description]) => ({ macro, value, description })),
    valuemaps: enumerations.map((metric) => ({
      uuid: uuid(`valuemap ${metric.key}`),
      name: mapName(metric),
      mappings: Object.entries(metric.values ?? {}).map(([value, newvalue]) => ({ value, newvalue })),
    })),
  };
  const body = {
    zabbix_export: {
      version: '6.0',
      groups: [{ uuid: uuid('group'), name: group }],
      templates: [template],
    },
  };
  return `# Written from libs/readings by libs/zabbix; do not edit (UPDATE_DOCUMENTS=1 npx jest --selectProjects unit -- libs/zabbix).\n${stringify(body, { lineWidth: 0 })}`;
}
