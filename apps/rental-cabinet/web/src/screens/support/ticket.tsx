import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { TicketPage } from '@kkt/web-contract';
import { api, AppLink, Card, DateTime, PageHead, QueryView, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { TicketBadge } from './support';
import { supportTexts } from './texts';

const route = getRouteApi('/support/$id');

/** One question with its answers. */
export function TicketScreen(): ReactNode {
  const { id } = route.useParams();
  const query = useQuery({
    queryKey: ['ticket', id],
    queryFn: ({ signal }) => api.get<TicketPage>(`support/${id}`, signal),
    refetchInterval: 10_000,
  });
  return <QueryView query={query}>{(page) => <Thread page={page} />}</QueryView>;
}

function Thread({ page }: { page: TicketPage }): ReactNode {
  const say = useTexts(supportTexts);
  const queries = useQueryClient();
  const { ticket, messages } = page;
  const [body, setBody] = useState('');
  const changed = async (): Promise<void> => {
    setBody('');
    await queries.invalidateQueries({ queryKey: ['ticket', String(ticket.id)] });
    await queries.invalidateQueries({ queryKey: ['support'] });
  };
  const send = useMutation({
    mutationFn: () => api.post(`support/${ticket.id}/messages`, { body: body.trim() }),
    onSuccess: changed,
  });
  const close = useMutation({
    mutationFn: () => api.post(`support/${ticket.id}/close`, {}),
    onSuccess: changed,
  });
  const { objectKind, objectId } = ticket;
  return (
    <>
      <PageHead
        title={say('ticket', { id: String(ticket.id) })}
        crumbs={[{ title: say('title'), href: links.support() }]}
        badge={<TicketBadge ticket={ticket} />}
        actions={
          ticket.state !== 'closed' && (
            <Button variant="default" loading={close.isPending} onClick={() => close.mutate()}>
              {say('close')}
            </Button>
          )
        }
      />
      <Card title={ticket.subject}>
        {objectKind !== null && objectId !== null && (
          <p style={{ marginTop: 0 }}>
            {say('object')}:{' '}
            <AppLink
              href={objectKind === 'receipt' ? links.receipt(objectId) : links.register(Number(objectId))}
            >
              {say(`about.${objectKind}`, { name: '' })}
            </AppLink>
          </p>
        )}
        <ol className="cabinet-thread">
          {messages.map((message) => (
            <li key={message.id} data-side={message.authorKind}>
              <strong>{message.authorName}</strong>{' '}
              <span className="kit-soft">
                {message.authorKind === 'staff' && `${say('support')}, `}
                <DateTime at={message.at} short />
              </span>
              <p>{message.body}</p>
            </li>
          ))}
        </ol>
        <SimpleForm
          onSubmit={() => send.mutate()}
          error={send.error ?? close.error}
          isPending={send.isPending}
          isReady={body.trim() !== ''}
          submit={say('send')}
        >
          <Textarea
            label={say('reply')}
            rows={4}
            maxLength={5_000}
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
        </SimpleForm>
      </Card>
    </>
  );
}
