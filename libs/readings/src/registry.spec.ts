import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsDocument } from './document';
import { numberOf, prometheusName } from './metric';
import { FLEET_KEYS, prometheusText } from './prometheus';
import { HISTORY, metricByKey, METRICS } from './registry';

const document = join(__dirname, '..', '..', '..', 'docs', 'reference', 'metrics.md');

describe('the table of readings', () => {
  it('has more than sixty numbers, each under a name of its own', () => {
    const names = METRICS.filter(({ kind }) => kind !== 'text').map(prometheusName);
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(METRICS.map(prometheusName)).size).toBe(METRICS.length);
    expect(new Set(METRICS.map(({ key }) => key)).size).toBe(METRICS.length);
    for (const name of names) expect(name).toMatch(/^kkt_register_[a-z0-9_]+$/);
  });

  it('gives every column of history once, without a gap', () => {
    const columns = METRICS.flatMap(({ column }) => (column === undefined ? [] : [column])).sort(
      (a, b) => a - b,
    );
    expect(columns).toEqual(columns.map((_, index) => index));
    expect(HISTORY[0]).toBe('up');
    // Stored arrays lean on these places: a change here would show one reading's history as another's.
    expect(HISTORY.slice(0, 30)).toEqual([
      ...['up', 'serving', 'state', 'receipts', 'command_p50', 'command_p95', 'commands', 'command_errors'],
      ...[
        'receipt_duration',
        'receipt_duration_max',
        'crc_errors',
        'resends',
        'reconnects',
        'mode',
        'overheated',
      ],
      ...[
        'shift_open',
        'battery_low',
        'clock_offset',
        'fn_phase',
        'fn_documents',
        'fn_critical',
        'ofd_unsent',
      ],
      ...['ofd_unsent_age', 'shift_receipts', 'shift_left', 'revenue', 'receipts_cancelled', 'fn_days_left'],
      ...['fn_documents_left', 'grand_total'],
    ]);
  });

  it('is told in both languages', () => {
    for (const { ru, en } of METRICS) {
      expect(ru).toMatch(/[а-яё]/i);
      expect(en).not.toMatch(/[а-яё]/i);
    }
  });

  it('is what the reference says (UPDATE_DOCUMENTS=1 rewrites it)', () => {
    if (process.env.UPDATE_DOCUMENTS) writeFileSync(document, metricsDocument());
    expect(readFileSync(document, 'utf8')).toBe(metricsDocument());
  });
});

describe('text for Prometheus', () => {
  const labels = { dc: 'dc1', rack: '1', assembly: '2', slot: '3', serial: '00106' };

  it('has each metric once with its help, and no line for what is not known', () => {
    const text = [
      ...prometheusText([
        { labels, values: { up: true, command_p95: 0.012, model: 'АТОЛ "42"\n', fn_documents: null } },
        { labels: { ...labels, slot: '4' }, values: { up: false } },
      ]),
    ].join('');
    expect(text.split('\n').filter((line) => line.startsWith('# TYPE kkt_register_up '))).toHaveLength(1);
    expect(text).toContain('kkt_register_up{dc="dc1",rack="1",assembly="2",slot="3",serial="00106"} 1\n');
    expect(text).toContain('slot="4",serial="00106"} 0\n');
    expect(text).toContain('kkt_register_command_p95_seconds{');
    expect(text).toContain('value="АТОЛ \\"42\\"\\n"} 1\n');
    expect(text).not.toContain('fn_documents');
  });

  it('can be narrowed to what alerts need', () => {
    for (const key of FLEET_KEYS) expect(metricByKey(key)).toBeDefined();
    const text = [...prometheusText([{ labels, values: { up: true, sent: 5 } }], FLEET_KEYS)].join('');
    expect(text).toContain('kkt_register_up');
    expect(text).not.toContain('kkt_register_sent');
  });

  it('keeps its labels few: no client, shop, receipt or token', () => {
    const text = [
      ...prometheusText([{ labels, values: Object.fromEntries(METRICS.map(({ key }) => [key, 1])) }]),
    ].join('');
    const names = new Set([...text.matchAll(/([a-z]+)="/g)].map((match) => match[1]));
    expect([...names].sort()).toEqual(['assembly', 'dc', 'rack', 'serial', 'slot']);
  });
});

describe('a reading as a number', () => {
  it.each([
    [true, 1],
    [false, 0],
    [7.5, 7.5],
    ['7', undefined],
    [null, undefined],
    [Infinity, undefined],
  ])('%s is %s', (value, number) => {
    expect(numberOf(value)).toBe(number);
  });
});
