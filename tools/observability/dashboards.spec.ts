import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { METRICS, prometheusName } from '@kkt/readings';
import { render, specs } from './dashboards';

const root = join(__dirname, '..', '..');
const folder = join(root, 'docker', 'grafana', 'dashboards');
const text = (model: object): string => `${JSON.stringify(model, null, 2)}\n`;

/** What a dashboard must have to be provisioned and read: every panel a unit, a description and a query. */
const schema = {
  type: 'object',
  required: ['id', 'uid', 'title', 'schemaVersion', 'panels', 'templating', 'time'],
  properties: {
    id: { type: 'null' },
    uid: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' },
    title: { type: 'string', minLength: 3 },
    schemaVersion: { type: 'integer', minimum: 36 },
    panels: {
      type: 'array',
      minItems: 3,
      items: {
        type: 'object',
        required: ['id', 'type', 'title', 'description', 'gridPos', 'fieldConfig', 'targets', 'datasource'],
        properties: {
          id: { type: 'integer', minimum: 1 },
          type: { enum: ['timeseries', 'stat', 'table', 'gauge'] },
          title: { type: 'string', minLength: 3 },
          description: { type: 'string', minLength: 3 },
          gridPos: {
            type: 'object',
            required: ['x', 'y', 'w', 'h'],
            properties: {
              x: { type: 'integer', minimum: 0, maximum: 23 },
              w: { type: 'integer', minimum: 1, maximum: 24 },
            },
          },
          fieldConfig: {
            type: 'object',
            properties: {
              defaults: {
                type: 'object',
                required: ['unit'],
                properties: { unit: { type: 'string', minLength: 1 } },
              },
            },
          },
          targets: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['refId', 'expr', 'datasource'],
              properties: { expr: { type: 'string', minLength: 3 } },
            },
          },
        },
      },
    },
  },
};

function sources(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const full = join(path, entry.name);
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name === 'web' ? [] : sources(full);
    return entry.name.endsWith('.ts') && !entry.name.includes('spec') ? [readFileSync(full, 'utf8')] : [];
  });
}

/** Names in Prometheus expressions that are ours. */
const namesIn = (expression: string): string[] => [
  ...new Set(
    // Recorded series are checked where they are recorded.
    [
      ...expression
        .replace(/[a-z_]+:[a-z0-9_:]+/g, '')
        .matchAll(/\b(?:kkt|receipts?|synthetic|callback|ledger|driver)_[a-z0-9_]+/g),
    ].map(([name]) => name),
  ),
];

const known = (() => {
  const code = sources(join(root, 'apps'))
    .concat(sources(join(root, 'libs/observability')))
    .join('\n');
  const names = new Set(METRICS.map(prometheusName));
  for (const [, name = ''] of code.matchAll(/name: '([a-z0-9_]+)'/g)) names.add(name);
  for (const [, prefix = ''] of code.matchAll(/watchNumbers\([^,]+, '([a-z_]+)'/g)) names.add(`${prefix}_*`);
  return (name: string): boolean => {
    const bare = name.replace(/_(bucket|sum|count)$/, '');
    return (
      names.has(name) ||
      names.has(bare) ||
      [...names].some((one) => one.endsWith('_*') && name.startsWith(one.slice(0, -1)))
    );
  };
})();

describe.each(specs.map((spec) => [spec.uid, spec] as const))('the dashboard %s', (uid, spec) => {
  const model = render(spec);

  it('is the file in docker/grafana (UPDATE_DOCUMENTS=1 rewrites it)', () => {
    const file = join(folder, `${uid}.json`);
    if (process.env.UPDATE_DOCUMENTS) writeFileSync(file, text(model));
    expect(readFileSync(file, 'utf8')).toBe(text(model));
  });

  it('has what Grafana needs, and no two panels on one place', () => {
    const check = new Ajv({ strict: false }).compile(schema);
    check(model);
    expect(check.errors ?? []).toEqual([]);
    const { panels } = model as { panels: { id: number; gridPos: { x: number; y: number } }[] };
    expect(new Set(panels.map(({ gridPos }) => `${gridPos.x}/${gridPos.y}`)).size).toBe(panels.length);
  });

  it('asks only for metrics that the farm has', () => {
    for (const { queries } of spec.panels)
      for (const [expression] of queries)
        for (const name of namesIn(expression)) expect([name, known(name)]).toEqual([name, true]);
  });
});

describe('the rules of Prometheus', () => {
  interface RuleFile {
    groups: {
      name: string;
      rules: {
        alert?: string;
        record?: string;
        expr: string;
        labels?: { severity?: string };
        annotations?: object;
      }[];
    }[];
  }
  const folderOfRules = join(root, 'docker', 'prometheus', 'rules');
  const rules = readdirSync(folderOfRules).flatMap((file) =>
    (parse(readFileSync(join(folderOfRules, file), 'utf8')) as RuleFile).groups.flatMap(
      (group) => group.rules,
    ),
  );

  it('ask only for metrics that the farm has or that they record themselves', () => {
    const recorded = new Set(rules.map(({ record }) => record));
    for (const { expr } of rules)
      for (const name of namesIn(
        expr.replace(/[a-z]+:[a-z0-9_:]+/g, (whole) => (recorded.has(whole) ? '' : whole)),
      ))
        expect([name, known(name)]).toEqual([name, true]);
  });

  it('say of each alert how grave it is and what to do, and keep no label of a client or a receipt', () => {
    for (const rule of rules.filter(({ alert }) => alert !== undefined)) {
      expect(rule.labels?.severity).toMatch(/^p[1-4]$/);
      expect(Object.keys(rule.annotations ?? {})).toEqual(['summary', 'action']);
    }
    for (const { expr } of rules) expect(expr).not.toMatch(/client|receipt_id|external|token|email/);
  });
});
