import { Button, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReadingsView, ReadingView } from '@kkt/web-contract';
import {
  api,
  Card,
  Chart,
  DataTable,
  EmptyState,
  type Formats,
  QueryView,
  useFormats,
  useLanguage,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useMemo, useState } from 'react';
import { registerTexts } from './texts';

interface History {
  /** Unix seconds. */
  points: { at: number; value: number | null }[];
}

const everyMs = 30_000;

/** History of one reading; minutes of a day, or hours of 13 months. */
const useHistory = (registerId: number, key: string, resolution: 'minute' | 'hour') =>
  useQuery({
    queryKey: ['reading', registerId, key, resolution],
    queryFn: ({ signal }) =>
      api.get<History>(`registers/${registerId}/readings/${key}?resolution=${resolution}`, signal),
    refetchInterval: everyMs,
  });

const timesOf = (points: History['points']): number[] => points.map(({ at }) => at);
const inMs = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : value * 1000;

/** How long commands took in the last 24 hours: the middle one and the slow ones. */
export function Latency({ registerId }: { registerId: number }): ReactNode {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const p50 = useHistory(registerId, 'command_p50', 'minute');
  const p95 = useHistory(registerId, 'command_p95', 'minute');
  const chart = useMemo(() => {
    const slow = p95.data?.points ?? [];
    const middle = new Map((p50.data?.points ?? []).map(({ at, value }) => [at, value]));
    return {
      times: timesOf(slow),
      p95: slow.map(({ value }) => inMs(value)),
      p50: slow.map(({ at }) => inMs(middle.get(at))),
    };
  }, [p50.data, p95.data]);
  return (
    <Card title={say('latency.title')}>
      <QueryView query={p95}>
        {({ points }) =>
          points.length === 0 ? (
            <EmptyState title={say('latency.none')}>{say('latency.noneHint')}</EmptyState>
          ) : (
            <Chart
              label={say('latency.title')}
              times={chart.times}
              series={[
                { label: 'p95', tone: 'warn', values: chart.p95 },
                { label: 'p50', tone: 'info', values: chart.p50 },
              ]}
              formatValue={(value) => formats.duration(value)}
            />
          )
        }
      </QueryView>
    </Card>
  );
}

function valueText(reading: ReadingView, formats: Formats): string {
  const { value, meaning, unit, kind } = reading;
  if (value === null) return '—';
  if (typeof value === 'boolean') return value ? '✓' : '—';
  if (typeof value === 'string') return value;
  if (meaning !== null) return `${meaning} (${value})`;
  if (kind === 'moment') return formats.dateTime(new Date(value * 1000).toISOString());
  if (unit === 's') return formats.duration(value * 1000);
  if (unit === 'kop') return formats.money(value);
  const digits = Number.isInteger(value) ? 0 : 2;
  return unit === '' ? formats.number(value, digits) : `${formats.number(value, digits)} ${unit}`;
}

/** Every reading of the register, those with a history as charts. */
export function Metrics({ registerId }: { registerId: number }): ReactNode {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const [state, setState] = useUrlState();
  const [words, setWords] = useState('');
  const query = useQuery({
    queryKey: ['readings', registerId],
    queryFn: ({ signal }) => api.get<ReadingsView>(`registers/${registerId}/readings`, signal),
    refetchInterval: everyMs,
  });
  const fits = (reading: ReadingView): boolean =>
    `${reading.ru} ${reading.en} ${reading.name} ${reading.key}`
      .toLowerCase()
      .includes(words.trim().toLowerCase());
  return (
    <QueryView query={query}>
      {({ readings, readAt }) => {
        const chosen = readings.find(({ key, hasHistory }) => hasHistory && key === state.reading);
        return (
          <div className="register-split">
            <Card
              flush
              title={say('metrics.title')}
              side={readAt !== null && say('metrics.read', { at: formats.time(readAt) })}
            >
              <div style={{ padding: '0 1rem 0.75rem' }}>
                <TextInput
                  aria-label={say('metrics.find')}
                  placeholder={say('metrics.find')}
                  value={words}
                  onChange={(event) => setWords(event.currentTarget.value)}
                />
              </div>
              <DataTable
                caption={say('metrics.title')}
                rows={readings.filter(fits)}
                rowKey={(row) => row.key}
                empty={<EmptyState title={say('metrics.none')}>{say('metrics.noneHint')}</EmptyState>}
                columns={[
                  {
                    key: 'name',
                    title: say('metrics.name'),
                    render: (row) => (
                      <span>
                        {language === 'en' ? row.en : row.ru}
                        <code className="kit-soft" style={{ display: 'block', overflowWrap: 'anywhere' }}>
                          {row.name}
                        </code>
                      </span>
                    ),
                  },
                  {
                    key: 'value',
                    title: say('metrics.value'),
                    align: 'right',
                    render: (row) => <span className="kit-num">{valueText(row, formats)}</span>,
                  },
                  {
                    key: 'chart',
                    title: '',
                    render: (row) =>
                      row.hasHistory ? (
                        <Button
                          size="compact-xs"
                          variant={row.key === chosen?.key ? 'filled' : 'default'}
                          onClick={() => setState({ reading: row.key })}
                        >
                          {say('metrics.chart')}
                        </Button>
                      ) : null,
                  },
                ]}
              />
            </Card>
            {chosen ? (
              <ReadingChart registerId={registerId} reading={chosen} />
            ) : (
              <Card>
                <EmptyState title={say('metrics.pick')}>{say('metrics.pickHint')}</EmptyState>
              </Card>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}

function ReadingChart({ registerId, reading }: { registerId: number; reading: ReadingView }): ReactNode {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const [resolution, setResolution] = useState<'minute' | 'hour'>('minute');
  const query = useHistory(registerId, reading.key, resolution);
  const title = language === 'en' ? reading.en : reading.ru;
  const times = useMemo(() => timesOf(query.data?.points ?? []), [query.data]);
  const series = useMemo(
    () => [
      { label: title, tone: 'info' as const, values: (query.data?.points ?? []).map(({ value }) => value) },
    ],
    [query.data, title],
  );
  return (
    <Card title={title}>
      <Group gap="xs" mb="sm">
        {(['minute', 'hour'] as const).map((one) => (
          <Button
            key={one}
            size="compact-sm"
            variant={one === resolution ? 'filled' : 'default'}
            aria-pressed={one === resolution}
            onClick={() => setResolution(one)}
          >
            {say(one === 'minute' ? 'metrics.day' : 'metrics.year')}
          </Button>
        ))}
      </Group>
      <QueryView query={query}>
        {({ points }) =>
          points.length === 0 ? (
            <EmptyState title={say('metrics.noPoints')}>{say('metrics.noPointsHint')}</EmptyState>
          ) : (
            <Chart
              label={title}
              times={times}
              series={series}
              height={280}
              formatValue={(value) => valueText({ ...reading, value, meaning: null }, formats)}
            />
          )
        }
      </QueryView>
    </Card>
  );
}
