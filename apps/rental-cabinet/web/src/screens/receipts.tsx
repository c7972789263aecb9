import { useQuery } from '@tanstack/react-query';
import type { CompanyView, ReceiptBrief, ReceiptTotals } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  FilterBar,
  kitTexts,
  Money,
  Paged,
  PageHead,
  queryOf,
  ReceiptBadge,
  StateBadge,
  useFormats,
  usePages,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import { type ReactNode, useMemo } from 'react';
import { links } from '../links';
import { SumField } from '../parts/sum-field';
import { inOrder, nodeChoices } from './company/nodes';
import { ExportMenu, Exports } from './receipts-parts/exports';
import { SavedFilters } from './receipts-parts/saved-filters';
import { receiptTexts } from './receipts-parts/texts';
import { texts } from '../texts';

const states = ['done', 'failed', 'queued', 'working', 'in_doubt'] as const;
const operations = [
  'sell',
  'sell_refund',
  'buy',
  'buy_refund',
  'sell_correction',
  'sell_refund_correction',
  'buy_correction',
  'buy_refund_correction',
] as const;
const names = [
  'from',
  'to',
  'state',
  'operation',
  'group',
  'node',
  'serial',
  'goods',
  'contact',
  'payment',
  'channel',
  'externalId',
  'minKop',
  'maxKop',
  'fn',
  'fd',
  'fp',
] as const;
const numbers = ['externalId', 'fn', 'fd', 'fp'] as const;

const payments = ['', 'cash', 'electronic', 'prepaid', 'credit', 'other'] as const;
const channels = ['', 'compatible', 'own', 'payments', 'cabinet'] as const;

const daysAgo = (days: number): string =>
  new Date(Date.now() + 3 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);

/** C3: receipts by any of their marks; the filter is the address. */
export function ReceiptsScreen(): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const more = useTexts(receiptTexts);
  const [state] = useUrlState();
  const shops = useShops();
  // A number names a receipt of any time; without one the last month is what people mean.
  const isNumbered = numbers.some((name) => state[name] !== undefined);
  const standardFrom = useMemo(() => (isNumbered ? '' : daysAgo(30)), [isNumbered]);
  const filter = useMemo(
    () =>
      Object.fromEntries(
        names.map((name) => [name, state[name] ?? (name === 'from' ? standardFrom : undefined)]),
      ),
    [state, standardFrom],
  );
  const isFiltered = names.some((name) => state[name] !== undefined);
  const pages = usePages<ReceiptBrief>('receipts', filter);
  return (
    <>
      <PageHead
        title={say('receipts.title')}
        actions={
          <>
            <SavedFilters isFiltered={isFiltered} />
            <ExportMenu filter={filter} />
          </>
        }
      />
      <FilterBar
        fields={[
          { name: 'from', label: say('filter.from'), kind: 'date', standard: standardFrom },
          { name: 'to', label: say('filter.to'), kind: 'date' },
          {
            name: 'state',
            label: say('filter.state'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.any') },
              ...states.map((value) => ({ value, label: kit(`receipt.${value}`) })),
            ],
          },
          {
            extra: true,
            name: 'operation',
            label: say('filter.operation'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.anyKind') },
              ...operations.map((value) => ({ value, label: kit(`operation.${value}`) })),
            ],
          },
          { name: 'externalId', label: say('filter.externalId'), kind: 'text', width: '14rem' },
          { name: 'goods', label: more('goods'), kind: 'text', width: '11rem' },
          { name: 'contact', label: more('contact'), kind: 'text', extra: true, width: '14rem' },
          {
            extra: true,
            name: 'payment',
            label: more('payment'),
            kind: 'choice',
            choices: payments.map((value) => ({ value, label: more(`payment.${value}`) })),
          },
          {
            extra: true,
            name: 'channel',
            label: more('channel'),
            kind: 'choice',
            choices: channels.map((value) => ({ value, label: more(`channel.${value}`) })),
          },
          ...(shops.length > 1
            ? [
                {
                  extra: true,
                  name: 'node',
                  label: more('node'),
                  kind: 'choice' as const,
                  choices: [{ value: '', label: more('everywhere') }, ...shops],
                },
              ]
            : []),
          { name: 'serial', label: more('serial'), kind: 'text', extra: true, width: '9rem' },
          { name: 'fd', label: say('filter.fd'), kind: 'text', extra: true, width: '6rem' },
          { name: 'fp', label: say('filter.fp'), kind: 'text', extra: true, width: '8rem' },
          { name: 'fn', label: say('filter.fn'), kind: 'text', extra: true, width: '11rem' },
          { name: 'group', label: say('filter.group'), kind: 'text', extra: true, width: '8rem' },
        ]}
        own={['minKop', 'maxKop']}
      >
        <SumField name="minKop" label={say('filter.min')} />
        <SumField name="maxKop" label={say('filter.max')} />
      </FilterBar>
      <Exports />
      <Card flush title={<Totals filter={filter} />}>
        <Paged pages={pages}>
          <List
            rows={pages.rows}
            more={pages.more}
            empty={
              isFiltered ? (
                <EmptyState title={say('receipts.empty')}>{say('receipts.emptyHint')}</EmptyState>
              ) : (
                <EmptyState
                  title={say('receipts.none')}
                  action={<AppLink href="/integration">{say('nav.integration')}</AppLink>}
                >
                  {say('receipts.noneHint')}
                </EmptyState>
              )
            }
          />
        </Paged>
      </Card>
    </>
  );
}

/** Brands, regions and shops that the person sees, as choices; a company without them has none. */
function useShops(): { value: string; label: string }[] {
  const { data } = useQuery({
    queryKey: ['company'],
    queryFn: ({ signal }) => api.get<CompanyView>('company', signal),
  });
  return nodeChoices(
    inOrder((data?.nodes ?? []).filter(({ kind }) => kind !== 'company' && kind !== 'group')),
  );
}

/** Count and sum of all that fits, not of the page. */
function Totals({ filter }: { filter: Record<string, string | undefined> }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const { data } = useQuery({
    queryKey: ['receipt-totals', filter],
    queryFn: ({ signal }) => api.get<ReceiptTotals>(`receipts/totals${queryOf(filter)}`, signal),
  });
  if (!data) return say('receipts.title');
  return [
    say('receipts.totals', { n: data.receipts }),
    ...(data.done > 0 ? [say('receipts.doneSum', { sum: formats.money(data.doneKop) })] : []),
    ...(data.failed > 0 ? [say('receipts.failed', { n: data.failed })] : []),
  ].join(', ');
}

interface ListProps {
  rows: readonly ReceiptBrief[];
  more: { load(): void; isLoading: boolean } | undefined;
  empty: ReactNode;
}

function List({ rows, more, empty }: ListProps): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  return (
    <DataTable
      caption={say('receipts.title')}
      rows={rows}
      rowKey={(row) => row.id}
      more={more}
      empty={empty}
      columns={[
        {
          key: 'at',
          title: say('receipt.accepted'),
          render: (row) => <DateTime at={row.acceptedAt} short />,
        },
        {
          key: 'order',
          title: say('receipt.order'),
          render: (row) => <AppLink href={links.receipt(row.id)}>{row.externalId}</AppLink>,
        },
        { key: 'op', title: say('receipt.operation'), render: (row) => words.operation(row.operation) },
        {
          key: 'total',
          title: say('receipt.total'),
          align: 'right',
          render: (row) => <Money kop={row.totalKop} />,
        },
        {
          key: 'state',
          title: say('receipt.state'),
          render: (row) => (
            <span>
              <ReceiptBadge state={row.state} />
              {row.state !== 'done' && (row.errorText ?? row.waitReason) && (
                <span className="kit-soft" style={{ display: 'block', maxWidth: '30rem' }}>
                  {row.errorText ?? words.problem(row.waitReason)}
                </span>
              )}
            </span>
          ),
        },
        {
          key: 'ofd',
          title: say('receipt.ofd'),
          render: (row) =>
            row.state !== 'done' ? (
              '—'
            ) : row.confirmedAt === null ? (
              <StateBadge tone="info" shape="diamond">
                {say('receipt.ofdWaits')}
              </StateBadge>
            ) : (
              <StateBadge tone="good" shape="circle">
                {say('receipt.ofdDone')}
              </StateBadge>
            ),
        },
        { key: 'fd', title: say('receipt.fd'), align: 'right', render: (row) => row.fdNumber ?? '—' },
        { key: 'group', title: say('receipt.group'), render: (row) => row.groupCode },
        {
          key: 'register',
          title: say('receipt.register'),
          render: (row) =>
            row.registerId === null ? (
              '—'
            ) : (
              <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>
            ),
        },
      ]}
    />
  );
}
