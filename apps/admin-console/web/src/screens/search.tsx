import { useQuery } from '@tanstack/react-query';
import type { SearchHitView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  DataTable,
  EmptyState,
  FilterBar,
  PageHead,
  QueryView,
  queryOf,
  useRouting,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useEffect } from 'react';
import { links } from '../links';
import { texts } from '../texts';

const hitLink = ({ kind, id }: SearchHitView): string => {
  switch (kind) {
    case 'receipt':
      return links.receipt(id);
    case 'register':
      return links.register(id);
    case 'document': {
      const [fn = '', fd = ''] = id.split(':');
      return links.document(fn, fd);
    }
    case 'group':
      return links.receipts({ group: id });
    case 'client':
      return links.search(id);
  }
};

/** One field for every number of the trade. A single hit opens at once. */
export function SearchScreen(): ReactNode {
  const say = useTexts(texts);
  const { go } = useRouting();
  const [{ q = '' }] = useUrlState();
  const query = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => api.get<{ hits: SearchHitView[] }>(`search${queryOf({ q })}`, signal),
    enabled: q !== '',
  });
  const only = query.data?.hits.length === 1 ? query.data.hits[0] : undefined;
  useEffect(() => {
    if (only) go(hitLink(only), { replace: true });
  }, [only, go]);
  return (
    <>
      <PageHead title={say('search.title')} />
      <FilterBar
        fields={[{ name: 'q', label: say('search.label'), kind: 'text', width: 'min(100%, 28rem)' }]}
      />
      <Card flush>
        {q === '' ? (
          <EmptyState title={say('search.start')}>{say('search.emptyHint')}</EmptyState>
        ) : (
          <QueryView query={query}>
            {({ hits }) => (
              <DataTable
                caption={say('search.title')}
                rows={hits}
                rowKey={(hit) => `${hit.kind}/${hit.id}`}
                empty={<EmptyState title={say('search.empty')}>{say('search.emptyHint')}</EmptyState>}
                columns={[
                  { key: 'kind', title: '', render: (hit) => say(`hit.${hit.kind}`) },
                  {
                    key: 'title',
                    title: say('search.title'),
                    render: (hit) => <AppLink href={hitLink(hit)}>{hit.title}</AppLink>,
                  },
                  { key: 'note', title: '', render: (hit) => <span className="kit-soft">{hit.note}</span> },
                ]}
              />
            )}
          </QueryView>
        )}
      </Card>
    </>
  );
}
