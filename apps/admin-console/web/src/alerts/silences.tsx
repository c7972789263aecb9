import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SilenceView } from '@kkt/web-contract';
import { api, Card, DataTable, DateTime, EmptyState, QueryView, useFormats, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { useMember } from '../app';
import { Refusal } from '../parts/form-dialog';
import { alertTexts } from './texts';

/** What is silenced now, by whom, why and until when. */
export function Silences(): ReactNode {
  const say = useTexts(alertTexts);
  const formats = useFormats();
  const { staff } = useMember();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['silences'],
    queryFn: ({ signal }) => api.get<{ silences: SilenceView[] }>('silences', signal),
    refetchInterval: 5_000,
  });
  const end = useMutation({
    mutationFn: (id: string) => api.remove<undefined>(`silences/${id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ['silences'] }),
  });
  const what = ({ rule, dc, rack, assembly, registerId }: SilenceView): string => {
    const place =
      registerId !== null
        ? say('place.register', { id: registerId })
        : dc === null
          ? say('place.everywhere')
          : say(assembly !== null ? 'place.assembly' : rack !== null ? 'place.rack' : 'place.dc', {
              dc,
              rack: rack ?? '',
              assembly: assembly ?? '',
            });
    return rule === null ? place : `${rule}: ${place}`;
  };
  const mayEnd = staff.role === 'engineer' || staff.role === 'lead';
  return (
    <QueryView query={query}>
      {({ silences }) => (
        <Card flush>
          {end.isError && <Refusal error={end.error} />}
          <DataTable
            caption={say('tab.silences')}
            rows={silences}
            rowKey={(row) => row.id}
            empty={<EmptyState title={say('silences.none')}>{say('silences.noneHint')}</EmptyState>}
            columns={[
              { key: 'what', title: say('silences.what'), render: what },
              { key: 'reason', title: say('do.reason'), render: (row) => row.reason },
              { key: 'who', title: say('silences.who'), render: (row) => row.staffName ?? '—' },
              {
                key: 'until',
                title: say('silences.until'),
                render: (row) => <DateTime at={row.endsAt} short />,
              },
              {
                key: 'left',
                title: say('silences.left'),
                align: 'right',
                render: (row) => formats.duration(Math.max(0, Date.parse(row.endsAt) - Date.now())),
              },
              {
                key: 'end',
                title: '',
                render: (row) =>
                  mayEnd ? (
                    <Button
                      size="compact-sm"
                      variant="default"
                      loading={end.isPending && end.variables === row.id}
                      onClick={() => end.mutate(row.id)}
                    >
                      {say('silences.end')}
                    </Button>
                  ) : null,
              },
            ]}
          />
        </Card>
      )}
    </QueryView>
  );
}
