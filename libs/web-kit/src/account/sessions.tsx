import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/client';
import { useTexts } from '../i18n/language';
import { DataTable } from '../parts/data-table';
import { FormError } from '../parts/form';
import { Card } from '../parts/layout';
import { StateBadge } from '../parts/state-badge';
import { EmptyState } from '../parts/states';
import { DateTime } from '../parts/values';
import { agentName } from './agent-name';
import { ownAccountTexts } from './texts';

export interface SessionRow {
  /** Names the session without opening it. */
  name: string;
  address: string;
  agent: string;
  createdAt: string;
  seenAt: string;
  isOwn: boolean;
  /** Whose it is, where sessions of several people are shown. */
  staffName?: string;
}

/** Open sessions, each but one's own can be ended. `path` is the account's: `profile`, `account`. */
export function Sessions(props: {
  sessions: readonly SessionRow[];
  path: string;
  onChanged(): Promise<void>;
}): ReactNode {
  const { sessions, path, onChanged } = props;
  const say = useTexts(ownAccountTexts);
  const end = useMutation({
    mutationFn: (name: string) => api.remove(`${path}/sessions/${name}`),
    onSettled: onChanged,
  });
  const hasNames = sessions.some(({ staffName }) => staffName !== undefined);
  return (
    <Card title={say('sessions')} flush>
      <DataTable
        caption={say('sessions')}
        rows={sessions}
        rowKey={(row) => row.name}
        empty={<EmptyState title={say('sessionsNone')} />}
        columns={[
          ...(hasNames
            ? [{ key: 'who', title: say('who'), render: (row: SessionRow) => row.staffName ?? '—' }]
            : []),
          {
            key: 'device',
            title: say('device'),
            render: (row) => <span title={row.agent}>{agentName(row.agent) ?? say('unknownDevice')}</span>,
          },
          { key: 'address', title: say('address'), render: (row) => row.address },
          { key: 'since', title: say('since'), render: (row) => <DateTime at={row.createdAt} short /> },
          { key: 'seen', title: say('seen'), render: (row) => <DateTime at={row.seenAt} short /> },
          {
            key: 'end',
            title: '',
            align: 'right',
            render: (row) =>
              row.isOwn ? (
                <StateBadge tone="info" shape="circle">
                  {say('own')}
                </StateBadge>
              ) : (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${say('end')}: ${[row.staffName, row.address].filter(Boolean).join(', ')}`}
                  loading={end.isPending && end.variables === row.name}
                  onClick={() => end.mutate(row.name)}
                >
                  {say('end')}
                </Button>
              ),
          },
        ]}
      />
      <FormError error={end.error} />
    </Card>
  );
}

export interface LoginRow {
  at: string;
  outcome: string;
  address: string;
  agent: string;
}

/** Log-ins by password with their outcomes. */
export function LoginJournal({ logins }: { logins: readonly LoginRow[] }): ReactNode {
  const say = useTexts(ownAccountTexts);
  return (
    <Card title={say('log')} side={say('logNote')} flush>
      <DataTable
        caption={say('log')}
        rows={logins}
        rowKey={(row) => `${row.at} ${row.address} ${row.outcome}`}
        empty={<EmptyState title={say('logNone')} />}
        columns={[
          { key: 'at', title: say('at'), render: (row) => <DateTime at={row.at} /> },
          {
            key: 'outcome',
            title: say('outcome'),
            render: (row) => (
              <StateBadge
                tone={row.outcome === 'ok' ? 'good' : 'warn'}
                shape={row.outcome === 'ok' ? 'circle' : 'triangle'}
              >
                {say.maybe(`outcome.${row.outcome}`, say('outcome.other'))}
              </StateBadge>
            ),
          },
          { key: 'address', title: say('address'), render: (row) => row.address },
          {
            key: 'device',
            title: say('device'),
            render: (row) => <span title={row.agent}>{agentName(row.agent) ?? say('unknownDevice')}</span>,
          },
        ]}
      />
    </Card>
  );
}
