import { Button, Group, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConsoleTicket, ConsoleTicketPage } from '@kkt/web-contract';
import {
  api,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  StateBadge,
  useFormats,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { supportTexts } from './support-texts';

const looks = {
  open: { tone: 'warn', shape: 'triangle' },
  answered: { tone: 'good', shape: 'circle' },
  closed: { tone: 'mute', shape: 'cross' },
} as const;

function Badge({ ticket }: { ticket: ConsoleTicket }): ReactNode {
  const say = useTexts(supportTexts);
  const formats = useFormats();
  const isLate = ticket.state === 'open' && Date.parse(ticket.answerDueAt) < Date.now();
  return (
    <StateBadge {...(isLate ? ({ tone: 'bad', shape: 'cross' } as const) : looks[ticket.state])}>
      {say(isLate ? 'late' : `state.${ticket.state}`, { time: formats.time(ticket.answerDueAt) })}
    </StateBadge>
  );
}

/** Questions of clients, the most urgent first; the one in the address beside them. */
export function SupportScreen(): ReactNode {
  const say = useTexts(supportTexts);
  const [state, setState] = useUrlState();
  const query = useQuery({
    queryKey: ['support'],
    queryFn: ({ signal }) => api.get<ConsoleTicket[]>('support', signal),
    refetchInterval: 5_000,
  });
  return (
    <>
      <PageHead title={say('title')} />
      <CardGrid min={26}>
        <Card title={say('queue')} flush>
          <QueryView query={query}>
            {(tickets) => (
              <DataTable
                caption={say('queue')}
                rows={tickets}
                rowKey={(row) => row.id}
                empty={<EmptyState title={say('none')}>{say('noneHint')}</EmptyState>}
                columns={[
                  { key: 'id', title: '№', render: (row) => row.id },
                  {
                    key: 'subject',
                    title: say('subject'),
                    render: (row) => (
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        onClick={() => setState({ ticket: String(row.id) })}
                      >
                        {row.subject}
                      </Button>
                    ),
                  },
                  { key: 'client', title: say('client'), render: (row) => row.clientName },
                  { key: 'state', title: say('state'), render: (row) => <Badge ticket={row} /> },
                ]}
              />
            )}
          </QueryView>
        </Card>
        {state.ticket !== undefined && <Thread key={state.ticket} id={state.ticket} />}
      </CardGrid>
    </>
  );
}

function Thread({ id }: { id: string }): ReactNode {
  const say = useTexts(supportTexts);
  const queries = useQueryClient();
  const [body, setBody] = useState('');
  const query = useQuery({
    queryKey: ['support', id],
    queryFn: ({ signal }) => api.get<ConsoleTicketPage>(`support/${id}`, signal),
    refetchInterval: 5_000,
  });
  const answer = useMutation({
    mutationFn: () => api.post(`support/${id}/answer`, { body: body.trim() }),
    onSuccess: async () => {
      setBody('');
      await queries.invalidateQueries({ queryKey: ['support'] });
    },
  });
  return (
    <QueryView query={query}>
      {({ ticket, messages }) => (
        <Card title={`№ ${ticket.id}. ${ticket.subject}`} side={<Badge ticket={ticket} />}>
          <p className="kit-soft" style={{ marginTop: 0 }}>
            {ticket.clientName}, {ticket.personName ?? '—'}
            {ticket.objectKind === 'receipt' && (
              <>
                {' · '}
                <a href={`/receipts/${ticket.objectId}`}>{say('receipt')}</a>
              </>
            )}
            {ticket.objectKind === 'register' && (
              <>
                {' · '}
                <a href={`/registers/${ticket.objectId}`}>{say('register')}</a>
              </>
            )}
          </p>
          {messages.map((message) => (
            <div key={message.id} style={{ marginBottom: '0.75rem', overflowWrap: 'anywhere' }}>
              <strong>{message.authorName}</strong>{' '}
              <span className="kit-soft">
                <DateTime at={message.at} short />
              </span>
              <div style={{ whiteSpace: 'pre-wrap' }}>{message.body}</div>
            </div>
          ))}
          <Textarea
            label={say('answer')}
            rows={4}
            maxLength={5_000}
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
          <Group mt="sm">
            <Button loading={answer.isPending} disabled={body.trim() === ''} onClick={() => answer.mutate()}>
              {say('send')}
            </Button>
            {answer.isError && <span role="alert">{say('failed')}</span>}
          </Group>
        </Card>
      )}
    </QueryView>
  );
}
