import { Button, Checkbox, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FnWorkflowList, FnWorkflowView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  type Column,
  DataTable,
  EmptyState,
  PageHead,
  QueryView,
  useFormats,
  useRouting,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { Failure, FnTabs, Span, StatusBadge, useDoing } from './parts';
import { fnTexts } from './texts';

const kinds = ['swap', 'install', 'reregister', 'close'] as const;
/** Bits of tag 1205 that people choose. */
const reasons = { operator: 2, user_name: 4, address: 8, tax_systems: 128, other: 0x80000000 } as const;

/** E9: my steps now, what is overdue, what goes on. */
export function WorkScreen(): ReactNode {
  const say = useTexts(fnTexts);
  const { staff } = useMember();
  const query = useQuery({
    queryKey: ['fn', 'workflows'],
    queryFn: ({ signal }) => api.get<FnWorkflowList>('fn/workflows', signal),
    refetchInterval: 2_000,
  });
  const mayWork = staff.role === 'engineer' || staff.role === 'lead';
  return (
    <>
      <PageHead title={say('work.title')} />
      <FnTabs at="work" />
      <QueryView query={query}>{(list) => <Lists list={list} />}</QueryView>
      {mayWork && <Start />}
    </>
  );
}

function Lists({ list }: { list: FnWorkflowList }): ReactNode {
  const say = useTexts(fnTexts);
  const live = list.workflows.filter(({ finishedAt }) => finishedAt === null);
  const past = list.workflows.filter(({ finishedAt }) => finishedAt !== null);
  const mine = live.filter(
    ({ turn, isMine, status }) =>
      turn === 'approver' || (isMine && (turn === 'engineer' || status === 'failed')),
  );
  return (
    <>
      <CardGrid min={24}>
        <Card title={say('work.mine')}>
          {mine.length === 0 ? (
            <EmptyState title={say('work.mineNone')}>{say('work.mineHint')}</EmptyState>
          ) : (
            <Stack gap="xs">
              {mine.map((workflow) => (
                <AppLink key={workflow.id} href={`/fn/work/${workflow.id}`}>
                  <strong>{say.maybe(`step.${workflow.step}`, workflow.step)}</strong> · {workflow.serial} ·{' '}
                  {workflow.place}
                </AppLink>
              ))}
            </Stack>
          )}
        </Card>
        <Card title={say('work.stats')}>
          {list.durations.length === 0 ? (
            <Text c="dimmed">{say('work.statsNone')}</Text>
          ) : (
            <Stack gap="xs">
              {list.durations.map(({ kind, finished, medianS, medianDowntimeS }) => (
                <div key={kind}>
                  <strong>{say.maybe(`kind.${kind}`, kind)}</strong>, {say('work.finished', { n: finished })}:{' '}
                  {say('work.median')} <Span seconds={medianS} />, {say('work.medianDown')}{' '}
                  <Span seconds={medianDowntimeS} />
                </div>
              ))}
            </Stack>
          )}
        </Card>
      </CardGrid>
      <Card title={say('work.all')} flush>
        <Table rows={live} caption={say('work.all')} />
      </Card>
      {past.length > 0 && (
        <Card title={say('work.past')} flush>
          <Table rows={past} caption={say('work.past')} />
        </Card>
      )}
    </>
  );
}

function Table({ rows, caption }: { rows: readonly FnWorkflowView[]; caption: string }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const columns: Column<FnWorkflowView>[] = [
    {
      key: 'register',
      title: say('work.register'),
      render: (row) => (
        <AppLink href={`/fn/work/${row.id}`}>
          {row.serial}
          <br />
          <small>{row.place}</small>
        </AppLink>
      ),
    },
    { key: 'kind', title: say('work.kind'), render: (row) => say(`kind.${row.kind}`) },
    {
      key: 'step',
      title: say('work.step'),
      render: (row) => (
        <>
          {say.maybe(`step.${row.step}`, row.step)}
          {row.note && !row.finishedAt && (
            <>
              <br />
              <small>{say.maybe(`note.${row.note}`, row.note)}</small>
            </>
          )}
        </>
      ),
    },
    { key: 'status', title: say('stock.state'), render: (row) => <StatusBadge workflow={row} /> },
    {
      key: 'turn',
      title: say('work.turn'),
      render: (row) => (row.finishedAt ? '—' : say(`turn.${row.turn}`)),
    },
    { key: 'who', title: say('work.who'), render: (row) => row.assigneeName },
    { key: 'due', title: say('work.due'), render: (row) => formats.dateTime(row.dueAt) },
    {
      key: 'down',
      title: say('work.down'),
      align: 'right',
      render: (row) => <Span seconds={row.downtimeS} />,
    },
  ];
  return (
    <DataTable
      caption={caption}
      rows={rows}
      rowKey={(row) => row.id}
      columns={columns}
      empty={<EmptyState title={say('work.none')}>{say('work.noneHint')}</EmptyState>}
    />
  );
}

function Start(): ReactNode {
  const say = useTexts(fnTexts);
  const { go } = useRouting();
  const [{ register = '', serial = '' }] = useUrlState();
  const [form, setForm] = useState({
    kind: 'swap',
    registerId: register,
    serial,
    newFn: '',
    why: '',
    join: '',
    group: '',
    broken: false,
    reasons: 0,
  });
  const set = (more: Partial<typeof form>): void => setForm({ ...form, ...more });
  const start = useDoing(async () => {
    const { id } = await api.post<{ id: string }>('fn/workflows', {
      kind: form.kind,
      registerId: Number(form.registerId),
      serial: form.serial.trim(),
      why: form.why.trim(),
      ...(form.newFn ? { newFn: form.newFn.replace(/\D/g, '') } : {}),
      ...(form.kind === 'swap' && form.broken ? { oldFnBroken: true } : {}),
      ...(form.kind === 'swap' && form.join ? { joinRegisterId: Number(form.join) } : {}),
      ...(form.kind === 'install' ? { groupCode: form.group.trim() } : {}),
      ...(form.kind === 'reregister' && form.reasons ? { reasons: form.reasons } : {}),
    });
    go(`/fn/work/${id}`);
  });
  const text = (
    name: 'registerId' | 'serial' | 'newFn' | 'why' | 'join' | 'group',
    label: string,
    hint?: string,
  ) => (
    <TextInput
      label={label}
      description={hint}
      value={form[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      autoComplete="off"
    />
  );
  return (
    <Card title={say('work.start')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate(undefined);
        }}
      >
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          <NativeSelect
            label={say('work.kind')}
            value={form.kind}
            onChange={(event) => set({ kind: event.currentTarget.value })}
            data={kinds.map((value) => ({ value, label: say(`kind.${value}`) }))}
          />
          {text('registerId', say('work.registerId'))}
          {text('serial', say('work.serial'))}
          {text('why', say('work.why'))}
          {(form.kind === 'swap' || form.kind === 'install') && text('newFn', say('work.newFn'))}
          {form.kind === 'swap' && text('join', say('work.join'), say('work.joinHint'))}
          {form.kind === 'install' && text('group', say('work.group'))}
        </SimpleGrid>
        <Stack mt="md">
          {form.kind === 'swap' && (
            <Checkbox
              label={say('work.broken')}
              checked={form.broken}
              onChange={(event) => set({ broken: event.currentTarget.checked })}
            />
          )}
          {form.kind === 'reregister' && (
            <fieldset>
              <legend>{say('work.reasons')}</legend>
              <Stack gap="xs">
                {Object.entries(reasons).map(([name, bit]) => (
                  <Checkbox
                    key={name}
                    label={say.maybe(`reason.${name}`, name)}
                    checked={Math.floor(form.reasons / bit) % 2 === 1}
                    onChange={(event) =>
                      set({ reasons: form.reasons + (event.currentTarget.checked ? bit : -bit) })
                    }
                  />
                ))}
              </Stack>
            </fieldset>
          )}
          <Failure error={start.error} />
          <div>
            <Button
              type="submit"
              loading={start.isPending}
              disabled={!form.registerId || !form.serial || form.why.trim().length < 3}
            >
              {say('work.go')}
            </Button>
          </div>
        </Stack>
      </form>
    </Card>
  );
}
