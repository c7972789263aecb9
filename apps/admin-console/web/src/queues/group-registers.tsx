import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { GroupRegisterView } from '@kkt/web-contract';
import {
  Ago,
  api,
  AppLink,
  Card,
  ConditionBadge,
  ConfirmDanger,
  DataTable,
  EmptyState,
  QueryView,
  useFormats,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { links } from '../links';
import { texts } from '../texts';
import { queueTexts } from './texts';

/** Registers of one group with what they are busy with; each can be drained and brought back. */
export function GroupRegisters({ code }: { code: string }): ReactNode {
  const say = useTexts(queueTexts);
  const common = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  const { staff } = useMember();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<GroupRegisterView>();
  const key = ['group-registers', code];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      api.get<{ rows: GroupRegisterView[] }>(`groups/${encodeURIComponent(code)}/registers`, signal),
    refetchInterval: 2_000,
  });
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  const action = asked?.state === 'ready' ? 'pause' : 'resume';
  return (
    <Card flush title={say('group.registers', { code })}>
      <QueryView query={query}>
        {({ rows }) => (
          <DataTable
            caption={say('group.registers', { code })}
            rows={rows}
            rowKey={(row) => row.id}
            empty={<EmptyState title={say('group.none')}>{say('group.noneHint')}</EmptyState>}
            columns={[
              {
                key: 'serial',
                title: say('doubt.register'),
                render: (row) => <AppLink href={links.register(row.id)}>{row.serial}</AppLink>,
              },
              {
                key: 'place',
                title: say('register.place'),
                render: (row) => (row.place.rack === '' ? '—' : common('place.text', { ...row.place })),
              },
              {
                key: 'state',
                title: say('register.state'),
                render: (row) => (
                  <span>
                    <ConditionBadge condition={row.condition} />{' '}
                    {row.problem !== null && <span className="kit-soft">{words.problem(row.problem)}</span>}
                  </span>
                ),
              },
              {
                key: 'busy',
                title: say('register.busy'),
                align: 'right',
                render: (row) => (row.busySince === null ? '—' : <Ago at={row.busySince} />),
              },
              {
                key: 'made',
                title: say('register.made'),
                align: 'right',
                render: (row) => formats.number(row.finished5m),
              },
              {
                key: 'left',
                title: say('register.left'),
                align: 'right',
                render: (row) => (row.documentsLeft === null ? '—' : formats.number(row.documentsLeft)),
              },
              {
                key: 'do',
                title: '',
                render: (row) =>
                  mayAct && (row.state === 'ready' || row.state === 'paused') ? (
                    <Button size="compact-sm" variant="default" onClick={() => setAsked(row)}>
                      {say(row.state === 'ready' ? 'register.drain' : 'register.resume')}
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </QueryView>
      {asked && (
        <ConfirmDanger
          title={common(`action.${action}Title`)}
          word={asked.serial}
          wordLabel={common('action.serial')}
          action={say(action === 'pause' ? 'register.drain' : 'register.resume')}
          onClose={() => setAsked(undefined)}
          onConfirm={async ({ word, reason }) => {
            await api.post(`registers/${asked.id}/${action}`, { serial: word, reason });
            await queries.invalidateQueries({ queryKey: key });
          }}
        >
          {common(`action.${action}Text`)}
        </ConfirmDanger>
      )}
    </Card>
  );
}
