import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FnDrivePage, FnDriveView, FnStockView } from '@kkt/web-contract';
import {
  api,
  Card,
  CardGrid,
  type Column,
  DataTable,
  EmptyState,
  PageHead,
  Paged,
  QueryView,
  StateBadge,
  type Tone,
  useFormats,
  usePages,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { Failure, FnTabs, useDoing } from './parts';
import { fnTexts } from './texts';

const states = [
  'stock',
  'tested',
  'reserved',
  'installed',
  'closed',
  'in_cell',
  'returned',
  'faulty',
] as const;
const tones: Record<string, Tone> = { tested: 'good', reserved: 'good', installed: 'info', faulty: 'bad' };

/** Stock of FNs and the cells of the safe (a part of E12). */
export function FnStockScreen(): ReactNode {
  const say = useTexts(fnTexts);
  const { staff } = useMember();
  const query = useQuery({
    queryKey: ['fn', 'stock'],
    queryFn: ({ signal }) => api.get<FnStockView>('fn/stock', signal),
    refetchInterval: 30_000,
  });
  const mayWork = staff.role === 'engineer' || staff.role === 'lead';
  return (
    <>
      <PageHead title={say('stock.title')} />
      <FnTabs at="stock" />
      <QueryView query={query}>
        {(stock) => (
          <>
            <Counts stock={stock} />
            {mayWork && <Receive stock={stock} />}
            <Ledger stock={stock} mayWork={mayWork} />
          </>
        )}
      </QueryView>
    </>
  );
}

function State({ state }: { state: string }): ReactNode {
  const say = useTexts(fnTexts);
  return (
    <StateBadge tone={tones[state] ?? 'mute'} shape={state === 'faulty' ? 'cross' : 'circle'}>
      {say.maybe(`drive.${state}`, state)}
    </StateBadge>
  );
}

function Counts({ stock }: { stock: FnStockView }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const { usable, needed, missing, until } = stock.outlook;
  return (
    <CardGrid min={22}>
      <Card title={say('stock.outlook')}>
        <Stack gap={4}>
          <div>
            <strong>{usable}</strong> {say('stock.usable')}
          </div>
          <div>
            <strong>{needed}</strong> {say('stock.needed', { day: formats.date(until) })}
          </div>
          {missing > 0 && (
            <Text c="red">
              <strong>{missing}</strong> {say('stock.missing')}
            </Text>
          )}
        </Stack>
      </Card>
      <Card title={say('stock.counts')} flush>
        <DataTable
          caption={say('stock.counts')}
          rows={stock.counts}
          rowKey={(row) => `${row.state}${row.clientName}`}
          columns={[
            { key: 'state', title: say('stock.state'), render: (row) => <State state={row.state} /> },
            {
              key: 'client',
              title: say('stock.owner'),
              render: (row) => row.clientName ?? say('stock.ours'),
            },
            {
              key: 'n',
              title: say('stock.drives'),
              align: 'right',
              render: (row) => formats.number(row.drives),
            },
          ]}
          empty={<EmptyState title={say('stock.none')}>{say('stock.noneHint')}</EmptyState>}
        />
      </Card>
    </CardGrid>
  );
}

function Receive({ stock }: { stock: FnStockView }): ReactNode {
  const say = useTexts(fnTexts);
  const [form, setForm] = useState({ fnNumber: '', model: '', clientId: '' });
  const receive = useDoing(async () => {
    await api.post('fn/drives', {
      fnNumber: form.fnNumber.replace(/\D/g, ''),
      model: form.model,
      ...(form.clientId ? { clientId: form.clientId } : {}),
    });
    setForm({ ...form, fnNumber: '' });
  });
  return (
    <Card title={say('stock.receive')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          receive.mutate(undefined);
        }}
      >
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} style={{ alignItems: 'end' }}>
          <TextInput
            label={say('stock.number')}
            value={form.fnNumber}
            onChange={(event) => setForm({ ...form, fnNumber: event.currentTarget.value })}
            inputMode="numeric"
            autoComplete="off"
          />
          <NativeSelect
            label={say('stock.model')}
            value={form.model}
            onChange={(event) => setForm({ ...form, model: event.currentTarget.value })}
            data={[
              { value: '', label: say('stock.choose') },
              ...stock.models.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <NativeSelect
            label={say('stock.client')}
            value={form.clientId}
            onChange={(event) => setForm({ ...form, clientId: event.currentTarget.value })}
            data={[
              { value: '', label: say('stock.ours') },
              ...stock.clients.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Button
            type="submit"
            loading={receive.isPending}
            disabled={form.fnNumber.replace(/\D/g, '').length !== 16 || !form.model}
          >
            {say('stock.do')}
          </Button>
        </SimpleGrid>
        <Failure error={receive.error} />
      </form>
    </Card>
  );
}

function Ledger({ stock, mayWork }: { stock: FnStockView; mayWork: boolean }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const [state, setState] = useState('');
  const [text, setText] = useState('');
  const [open, setOpen] = useState('');
  const pages = usePages<FnDriveView>('fn/drives', { state, q: text.trim() }, 'offset');
  const columns: Column<FnDriveView>[] = [
    {
      key: 'fn',
      title: say('ends.fn'),
      render: (row) => (
        <button type="button" className="fn-link kit-mono" onClick={() => setOpen(row.fnNumber)}>
          {row.fnNumber}
        </button>
      ),
    },
    { key: 'state', title: say('stock.state'), render: (row) => <State state={row.state} /> },
    { key: 'owner', title: say('stock.owner'), render: (row) => row.clientName ?? say('stock.ours') },
    { key: 'register', title: say('work.register'), render: (row) => row.serial ?? '—' },
    {
      key: 'cell',
      title: say('stock.cell'),
      render: (row) => (row.cell ? `${row.cell}, ${row.responsible}` : (row.returnAct ?? '—')),
    },
    {
      key: 'until',
      title: say('stock.until'),
      render: (row) => (row.keepUntil ? formats.date(row.keepUntil) : '—'),
    },
  ];
  return (
    <>
      {open && <Drive key={open} fnNumber={open} stock={stock} mayWork={mayWork} />}
      <Card title={say('stock.list')} flush>
        <Group px="md" pb="sm">
          <NativeSelect
            label={say('stock.state')}
            value={state}
            onChange={(event) => setState(event.currentTarget.value)}
            data={[
              { value: '', label: say('stock.any') },
              ...states.map((value) => ({ value, label: say(`drive.${value}`) })),
            ]}
          />
          <TextInput
            label={say('stock.find')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Group>
        <Paged pages={pages}>
          <DataTable
            caption={say('stock.list')}
            rows={pages.rows}
            rowKey={(row) => row.fnNumber}
            columns={columns}
            more={pages.more}
            empty={<EmptyState title={say('stock.none')}>{say('stock.noneHint')}</EmptyState>}
          />
        </Paged>
      </Card>
    </>
  );
}

/** One FN: what can be done with it, and everything that was. */
function Drive({
  fnNumber,
  stock,
  mayWork,
}: {
  fnNumber: string;
  stock: FnStockView;
  mayWork: boolean;
}): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const [form, setForm] = useState({
    clientId: '',
    cell: '',
    responsible: '',
    keepUntil: '',
    act: '',
    reason: '',
  });
  const query = useQuery({
    queryKey: ['fn', 'drive', fnNumber],
    queryFn: ({ signal }) => api.get<FnDrivePage>(`fn/drives/${fnNumber}`, signal),
  });
  const move = useDoing((to: string) =>
    api.post(`fn/drives/${fnNumber}/move`, {
      to,
      ...Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '')),
    }),
  );
  const field = (name: keyof typeof form, label: string, type = 'text'): ReactNode => (
    <TextInput
      label={label}
      type={type}
      value={form[name]}
      onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
    />
  );
  const button = (to: string, label: string): ReactNode => (
    <Button variant="default" loading={move.isPending} onClick={() => move.mutate(to)}>
      {label}
    </Button>
  );
  return (
    <Card title={say('stock.history', { fn: fnNumber })}>
      <QueryView query={query}>
        {(drive) => (
          <Stack>
            {mayWork && drive.state === 'stock' && (
              <Group>
                {button('tested', say('stock.tested'))}
                {button('faulty', say('stock.faulty'))}
              </Group>
            )}
            {mayWork && drive.state === 'tested' && (
              <Group align="end">
                <NativeSelect
                  label={say('stock.client')}
                  value={form.clientId}
                  onChange={(event) => setForm({ ...form, clientId: event.currentTarget.value })}
                  data={[
                    { value: '', label: say('stock.choose') },
                    ...stock.clients.map(({ id, name }) => ({ value: id, label: name })),
                  ]}
                />
                {button('reserved', say('stock.reserve'))}
                {button('faulty', say('stock.faulty'))}
              </Group>
            )}
            {mayWork && (drive.state === 'closed' || drive.state === 'faulty') && (
              <Group align="end">
                {field('cell', say('one.cell'))}
                {field('responsible', say('one.responsible'))}
                {field('keepUntil', say('one.keepUntil'), 'date')}
                {button('in_cell', say('stock.inCell'))}
              </Group>
            )}
            {mayWork && ['closed', 'faulty', 'in_cell'].includes(drive.state) && (
              <Group align="end">
                {field('act', say('stock.act'))}
                {button('returned', say('stock.back'))}
              </Group>
            )}
            <Failure error={move.error} />
            <DataTable
              caption={say('stock.history', { fn: fnNumber })}
              rows={drive.moves}
              rowKey={(row) => row.at + row.to}
              columns={[
                { key: 'at', title: say('one.when'), render: (row) => formats.dateTime(row.at) },
                {
                  key: 'move',
                  title: say('stock.move'),
                  render: (row) =>
                    [row.from, row.to]
                      .flatMap((one) => (one ? [say.maybe(`drive.${one}`, one)] : []))
                      .join(' → '),
                },
                { key: 'who', title: say('one.whoDid'), render: (row) => row.actorName },
                {
                  key: 'details',
                  title: say('stock.details'),
                  render: (row) =>
                    [row.clientName, row.serial, row.cell, row.responsible, row.act, row.reason]
                      .filter(Boolean)
                      .join(' · ') || '—',
                },
              ]}
              empty={<EmptyState title={say('stock.none')} />}
            />
          </Stack>
        )}
      </QueryView>
    </Card>
  );
}
