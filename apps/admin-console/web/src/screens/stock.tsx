import { useQuery } from '@tanstack/react-query';
import type { DriveView, StockView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  type Column,
  DataTable,
  EmptyState,
  FilterBar,
  kitTexts,
  PageHead,
  QueryView,
  useFormats,
  useTexts,
  useUrlState,
  Paged,
  usePages,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';

const driveStates = ['stock', 'installed', 'closed', 'in_cell', 'returned', 'faulty'] as const;

/** E12: what there is. Who did what is on the page of the audit log. */
export function StockScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useQuery({
    queryKey: ['stock'],
    queryFn: ({ signal }) => api.get<StockView>('stock', signal),
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageHead title={say('stock.title')} />
      <QueryView query={query}>{(stock) => <Counts stock={stock} />}</QueryView>
      <Drives />
    </>
  );
}

interface ModelRow {
  model: string;
  counts: ReadonlyMap<string, number>;
  total: number;
}

/** Rows of one model each, a column for each state that occurs. */
function byModel(counts: readonly { model: string; state: string; n: number }[]): {
  states: string[];
  rows: ModelRow[];
} {
  const models = [...new Set(counts.map(({ model }) => model))];
  return {
    states: [...new Set(counts.map(({ state }) => state))],
    rows: models.map((model) => {
      const own = counts.filter((row) => row.model === model);
      return {
        model,
        counts: new Map(own.map(({ state, n }) => [state, n])),
        total: own.reduce((sum, { n }) => sum + n, 0),
      };
    }),
  };
}

function Counts({ stock }: { stock: StockView }): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const formats = useFormats();
  const modules = byModel(stock.modules.map(({ model, state, modules: n }) => ({ model, state, n })));
  const drives = byModel(stock.drives.map(({ model, state, drives: n }) => ({ model, state, n })));
  const columns = (states: readonly string[], name: (state: string) => string): Column<ModelRow>[] => [
    { key: 'model', title: say('stock.model'), render: (row) => row.model },
    ...states.map((state): Column<ModelRow> => ({
      key: state,
      title: name(state),
      align: 'right',
      render: (row) => formats.number(row.counts.get(state) ?? 0),
    })),
    {
      key: 'total',
      title: say('stock.total'),
      align: 'right',
      render: (row) => <strong>{formats.number(row.total)}</strong>,
    },
  ];
  const empty = <EmptyState title={say('stock.none')}>{say('stock.noneHint')}</EmptyState>;
  return (
    <CardGrid min={28}>
      <Card title={say('stock.modules')} flush>
        <DataTable
          caption={say('stock.modules')}
          rows={modules.rows}
          rowKey={(row) => row.model}
          empty={empty}
          columns={columns(modules.states, (state) =>
            kit.maybe(`condition.${state === 'ready' ? 'works' : state}`, state),
          )}
        />
      </Card>
      <Card title={say('stock.drives')} flush>
        <DataTable
          caption={say('stock.drives')}
          rows={drives.rows}
          rowKey={(row) => row.model}
          empty={empty}
          columns={columns(drives.states, (state) => say.maybe(`drive.${state}`, state))}
        />
      </Card>
    </CardGrid>
  );
}

function Drives(): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const [{ state }] = useUrlState();
  const pages = usePages<DriveView>('stock/drives', { state }, 'offset');
  return (
    <Card title={say('stock.list')} flush>
      <div style={{ padding: '0 1rem' }}>
        <FilterBar
          fields={[
            {
              name: 'state',
              label: say('stock.stateTitle'),
              kind: 'choice',
              choices: [
                { value: '', label: say('filter.anyState') },
                ...driveStates.map((value) => ({ value, label: say(`drive.${value}`) })),
              ],
            },
          ]}
        />
      </div>
      <Paged pages={pages}>
        <DataTable
          caption={say('stock.list')}
          rows={pages.rows}
          more={pages.more}
          rowKey={(row) => row.fnNumber}
          empty={<EmptyState title={say('stock.none')}>{say('stock.noneHint')}</EmptyState>}
          columns={[
            {
              key: 'fn',
              title: say('stock.fn'),
              render: (row) => (
                <AppLink className="kit-num" href={links.documents({ fn: row.fnNumber })}>
                  {row.fnNumber}
                </AppLink>
              ),
            },
            { key: 'model', title: say('stock.model'), render: (row) => row.model },
            { key: 'state', title: say('stock.stateTitle'), render: (row) => say(`drive.${row.state}`) },
            { key: 'owner', title: say('stock.owner'), render: (row) => row.clientName ?? '—' },
            {
              key: 'register',
              title: say('stock.register'),
              render: (row) =>
                row.registerId === null ? (
                  '—'
                ) : (
                  <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>
                ),
            },
            {
              key: 'left',
              title: say('stock.left'),
              align: 'right',
              render: (row) => (row.documentsLeft === null ? '—' : formats.number(row.documentsLeft)),
            },
            {
              key: 'until',
              title: say('stock.until'),
              align: 'right',
              render: (row) => (row.validUntil === null ? '—' : formats.date(row.validUntil)),
            },
            {
              key: 'reg',
              title: say('stock.reg'),
              align: 'right',
              render: (row) => row.registrationsLeft ?? '—',
            },
          ]}
        />
      </Paged>
    </Card>
  );
}
