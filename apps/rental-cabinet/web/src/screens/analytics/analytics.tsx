import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AnalyticsView, CompanyView } from '@kkt/web-contract';
import {
  api,
  Card,
  EmptyState,
  FilterBar,
  PageHead,
  QueryView,
  queryOf,
  TabStrip,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useMemo } from 'react';
import { inOrder, nodeChoices } from '../company/nodes';
import { ReportBuilder } from './report-builder';
import { Sales } from './sales';
import { analyticsTexts } from './texts';

export interface Period {
  from: string;
  to: string;
  by: 'hour' | 'day' | 'month';
  node: string | undefined;
}

const daysAgo = (days: number): string =>
  new Date(Date.now() + 3 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);

const steps = ['hour', 'day', 'month'] as const;

/** C11: what was sold, where, when and how; reports of one's own. The period is the address. */
export function AnalyticsScreen(): ReactNode {
  const say = useTexts(analyticsTexts);
  const [state, setState] = useUrlState();
  const standard = useMemo(() => ({ from: daysAgo(29), to: daysAgo(0) }), []);
  const company = useQuery({
    queryKey: ['company'],
    queryFn: ({ signal }) => api.get<CompanyView>('company', signal),
  });
  const nodes = nodeChoices(inOrder((company.data?.nodes ?? []).filter(({ kind }) => kind !== 'company')));
  const period: Period = {
    from: state.from ?? standard.from,
    to: state.to ?? standard.to,
    by: steps.find((step) => step === state.by) ?? 'day',
    node: state.node,
  };
  return (
    <>
      <PageHead title={say('title')} />
      <FilterBar
        fields={[
          { name: 'from', label: say('from'), kind: 'date', standard: standard.from },
          { name: 'to', label: say('to'), kind: 'date', standard: standard.to },
          {
            name: 'by',
            label: say('by'),
            kind: 'choice',
            standard: 'day',
            choices: steps.map((value) => ({ value, label: say(`by.${value}`) })),
          },
          {
            name: 'node',
            label: say('node'),
            kind: 'choice',
            choices: [{ value: '', label: say('everywhere') }, ...nodes],
          },
        ]}
      />
      <Tabs
        value={state.tab ?? 'sales'}
        onChange={(tab) => setState({ tab: tab === 'sales' ? undefined : (tab ?? undefined) })}
        keepMounted={false}
      >
        <TabStrip chosen={state.tab ?? 'sales'}>
          <Tabs.Tab value="sales">{say('tab.sales')}</Tabs.Tab>
          <Tabs.Tab value="report">{say('tab.report')}</Tabs.Tab>
        </TabStrip>
        <Tabs.Panel value="sales">
          <SalesOf period={period} />
        </Tabs.Panel>
        <Tabs.Panel value="report">
          <ReportBuilder period={period} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function SalesOf({ period }: { period: Period }): ReactNode {
  const say = useTexts(analyticsTexts);
  const query = useQuery({
    queryKey: ['analytics', period],
    queryFn: ({ signal }) => api.get<AnalyticsView>(`analytics${queryOf({ ...period })}`, signal),
    refetchInterval: 30_000,
  });
  return (
    <QueryView query={query}>
      {(view) =>
        view.figures.receipts + view.figures.returns + view.figures.failed === 0 &&
        view.forecast.length === 0 ? (
          <Card>
            <EmptyState title={say('none')}>{say('noneHint')}</EmptyState>
          </Card>
        ) : (
          <Sales view={view} by={period.by} />
        )
      }
    </QueryView>
  );
}
