import { Button, Checkbox, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReportScheduleView, ReportView } from '@kkt/web-contract';
import {
  api,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  fieldError,
  queryOf,
  QueryView,
  SimpleForm,
  useFormats,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import type { Period } from './analytics';
import { analyticsTexts } from './texts';

const rowKinds = [
  'hour',
  'day',
  'month',
  'shop',
  'region',
  'brand',
  'group',
  'channel',
  'category',
  'goods',
] as const;
type RowKind = (typeof rowKinds)[number];
const measureNames = ['revenue', 'income', 'returns', 'receipts', 'average', 'failed'] as const;
type Measure = (typeof measureNames)[number];
type Line = ReportView['lines'][number];

const figureOf = ({ figures }: Line, measure: Measure): number => {
  const { incomeKop, returnsKop, receipts, failed } = figures;
  if (measure === 'revenue') return incomeKop - returnsKop;
  if (measure === 'income') return incomeKop;
  if (measure === 'returns') return returnsKop;
  if (measure === 'average') return receipts === 0 ? 0 : Math.round(incomeKop / receipts);
  return measure === 'receipts' ? receipts : failed;
};

const totalOf = (lines: readonly Line[]): Line => ({
  key: 'total',
  figures: lines.reduce(
    (sum, { figures }) => ({
      receipts: sum.receipts + figures.receipts,
      incomeKop: sum.incomeKop + figures.incomeKop,
      returns: sum.returns + figures.returns,
      returnsKop: sum.returnsKop + figures.returnsKop,
      failed: sum.failed + figures.failed,
    }),
    { receipts: 0, incomeKop: 0, returns: 0, returnsKop: 0, failed: 0 },
  ),
});

/** A report of one's own: what stands in the rows, which figures; as a table, a file, or a regular mail. */
export function ReportBuilder({ period }: { period: Period }): ReactNode {
  const say = useTexts(analyticsTexts);
  const [state, setState] = useUrlState();
  const rows = rowKinds.find((kind) => kind === state.rows) ?? 'day';
  const measures = measureNames.filter((name) =>
    (state.measures ?? 'revenue,receipts,average').split(',').includes(name),
  );
  const [isScheduling, setScheduling] = useState(false);
  const asked = queryOf({
    from: period.from,
    to: period.to,
    node: period.node,
    rows,
    measures: measures.join(','),
  });
  const query = useQuery({
    queryKey: ['report', asked],
    queryFn: ({ signal }) => api.get<ReportView>(`analytics/report${asked}`, signal),
    enabled: measures.length > 0,
  });
  return (
    <>
      <Card>
        <Group align="flex-end" gap="md">
          <NativeSelect
            label={say('rows')}
            value={rows}
            data={rowKinds.map((value) => ({ value, label: say(`rows.${value}`) }))}
            onChange={(event) => setState({ rows: event.currentTarget.value })}
          />
          <Checkbox.Group
            label={say('measures')}
            value={measures}
            onChange={(chosen) => setState({ measures: chosen.join(',') || 'revenue' })}
          >
            <Group gap="md" mt={6}>
              {measureNames.map((name) => (
                <Checkbox key={name} value={name} label={say(name)} />
              ))}
            </Group>
          </Checkbox.Group>
          <Group gap="xs">
            {(['xlsx', 'csv'] as const).map((format) => (
              <Button
                key={format}
                component="a"
                variant="default"
                href={`/api/analytics/report/file${asked}&format=${format}`}
                download
              >
                {say(format)}
              </Button>
            ))}
            <Button onClick={() => setScheduling(true)}>{say('schedule')}</Button>
          </Group>
        </Group>
      </Card>
      <Card flush>
        <QueryView query={query}>
          {({ lines }) => <Table lines={lines} rows={rows} measures={measures} />}
        </QueryView>
      </Card>
      <Schedules />
      {isScheduling && <Schedule rows={rows} measures={measures} onClose={() => setScheduling(false)} />}
    </>
  );
}

function Table(props: { lines: readonly Line[]; rows: RowKind; measures: readonly Measure[] }): ReactNode {
  const say = useTexts(analyticsTexts);
  const formats = useFormats();
  const { lines, rows, measures } = props;
  const nameOf = (key: string): string => {
    if (rows === 'channel') return say.maybe(`channel.${key}`, key);
    if (rows === 'category') return say.maybe(`subject.${key}`, say('subject.other', { n: key }));
    if (rows === 'hour') return `${formats.date(key.slice(0, 10))} ${key.slice(11)}:00`;
    if (rows === 'day') return formats.date(key.slice(0, 10));
    if (rows === 'month') return formats.date(key.slice(0, 10)).slice(3);
    return key === '' ? say('noShop') : key;
  };
  const shown = lines.length === 0 ? [] : [...lines, totalOf(lines)];
  return (
    <DataTable
      caption={say('tab.report')}
      rows={shown}
      rowKey={(line) => line.key}
      empty={<EmptyState title={say('none')}>{say('noneHint')}</EmptyState>}
      columns={[
        {
          key: 'name',
          title: say(`rows.${rows}`),
          render: (line) => (line === shown.at(-1) ? <strong>{say('total')}</strong> : nameOf(line.key)),
        },
        ...measures.map((measure) => ({
          key: measure,
          title: say(measure),
          align: 'right' as const,
          render: (line: Line) => {
            const value = figureOf(line, measure);
            return measure === 'receipts' || measure === 'failed'
              ? formats.number(value)
              : formats.money(value);
          },
        })),
      ]}
    />
  );
}

const listKey = ['report-schedules'];

function Schedule(props: { rows: RowKind; measures: readonly Measure[]; onClose(): void }): ReactNode {
  const say = useTexts(analyticsTexts);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [every, setEvery] = useState<ReportScheduleView['every']>('week');
  const save = useMutation({
    mutationFn: () =>
      api.post('analytics/schedules', {
        name: name.trim(),
        email: email.trim(),
        every,
        spec: { rows: props.rows, measures: props.measures },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: listKey });
      props.onClose();
    },
  });
  return (
    <Dialog title={say('scheduleTitle')} onClose={props.onClose}>
      <SimpleForm
        onSubmit={() => save.mutate()}
        error={save.error}
        isPending={save.isPending}
        isReady={name.trim() !== '' && email.includes('@')}
        submit={say('save')}
      >
        <TextInput
          label={say('scheduleName')}
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(save.error, 'name')}
        />
        <TextInput
          label={say('email')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fieldError(save.error, 'email')}
        />
        <NativeSelect
          label={say('every')}
          description={say('everyNote')}
          value={every}
          data={(['day', 'week', 'month'] as const).map((value) => ({ value, label: say(`every.${value}`) }))}
          onChange={(event) => setEvery(event.currentTarget.value as typeof every)}
        />
      </SimpleForm>
    </Dialog>
  );
}

function Schedules(): ReactNode {
  const say = useTexts(analyticsTexts);
  const query = useQuery({
    queryKey: listKey,
    queryFn: ({ signal }) => api.get<ReportScheduleView[]>('analytics/schedules', signal),
  });
  return (
    <Card title={say('schedules')} flush>
      <QueryView query={query}>
        {(rows) => (
          <DataTable
            caption={say('schedules')}
            rows={rows}
            rowKey={(row) => row.id}
            empty={<EmptyState title={say('schedulesNone')}>{say('schedulesNoneHint')}</EmptyState>}
            columns={[
              { key: 'name', title: say('scheduleName'), render: (row) => row.name },
              { key: 'email', title: say('email'), render: (row) => row.email },
              { key: 'every', title: say('every'), render: (row) => say(`every.${row.every}`) },
              { key: 'next', title: say('next'), render: (row) => <DateTime at={row.nextAt} short /> },
              {
                key: 'last',
                title: say('last'),
                render: (row) => (row.lastAt === null ? '—' : <DateTime at={row.lastAt} short />),
              },
              { key: 'do', title: '', align: 'right', render: (row) => <ScheduleActions id={row.id} /> },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}

function ScheduleActions({ id }: { id: string }): ReactNode {
  const say = useTexts(analyticsTexts);
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: listKey });
  const send = useMutation({
    mutationFn: () => api.post(`analytics/schedules/${id}/send`, {}),
    onSuccess: changed,
  });
  const remove = useMutation({
    mutationFn: () => api.remove(`analytics/schedules/${id}`),
    onSuccess: changed,
  });
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {send.isSuccess ? (
        <Text role="status" size="sm">
          {say('sent')}
        </Text>
      ) : (
        <Button size="xs" variant="default" loading={send.isPending} onClick={() => send.mutate()}>
          {say('send')}
        </Button>
      )}
      <Button size="xs" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
        {say('remove')}
      </Button>
    </Group>
  );
}
