/** How a value is to be read. `flag` is 0 or 1, `moment` a Unix time in seconds, `text` has no number. */
export type MetricKind = 'gauge' | 'counter' | 'flag' | 'enum' | 'moment' | 'text';

/** How often it is read. `driver`: known to the driver without asking the device. Others cost the device a command. */
export type MetricPeriod = 'driver' | 'minute' | 'ten-minutes' | 'hour';

/** A reading of one register: everything that is said about it anywhere comes from this row. */
export interface Metric {
  /** In code, in stored values, in Zabbix keys. */
  readonly key: string;
  readonly kind: MetricKind;
  /** '' for a pure number; base units. */
  readonly unit: '' | 's' | 'kop' | 'documents' | 'bytes' | 'KiB' | '%';
  readonly period: MetricPeriod;
  /** Command (hexadecimal) or register of the ATOL protocol, A4 for FN commands; `driver` for its own counters. */
  readonly source: string;
  /** Place in the arrays of history; absent: only the last value is kept. A number once given is never given again. */
  readonly column?: number;
  readonly ru: string;
  readonly en: string;
  /** Meanings of an enumeration. */
  readonly values?: Readonly<Record<number, string>>;
}

export type MetricValue = number | string | boolean | null;
export type MetricValues = Record<string, MetricValue>;

/** Name in Prometheus: `kkt_register_…` with its unit, `_total` for counters, `_info` for texts. */
export function prometheusName(metric: Pick<Metric, 'key' | 'kind' | 'unit'>): string {
  const unit = {
    '': '',
    s: '_seconds',
    kop: '_kopecks',
    documents: '',
    bytes: '_bytes',
    KiB: '_kibibytes',
    '%': '_percent',
  }[metric.unit];
  const suffix = {
    gauge: '',
    counter: '_total',
    flag: '',
    enum: '',
    moment: '_timestamp_seconds',
    text: '_info',
  }[metric.kind];
  return `kkt_register_${metric.key}${metric.kind === 'moment' ? '' : unit}${suffix}`;
}

/** A value as a number for history and charts; undefined for texts and what is not known. */
export function numberOf(value: MetricValue | undefined): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
