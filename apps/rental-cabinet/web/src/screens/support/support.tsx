import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SupportView, TicketView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  fieldError,
  PageHead,
  QueryView,
  SimpleForm,
  StateBadge,
  useFormats,
  useRouting,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { supportTexts } from './texts';

/** C14: questions to support; a page that leads here says what the question is about. */
export function SupportScreen(): ReactNode {
  const say = useTexts(supportTexts);
  const query = useQuery({
    queryKey: ['support'],
    queryFn: ({ signal }) => api.get<SupportView>('support', signal),
    refetchInterval: 15_000,
  });
  return (
    <>
      <PageHead title={say('title')} />
      <QueryView query={query}>
        {(view) => (
          <CardGrid min={24}>
            <Ask view={view} />
            <List view={view} />
          </CardGrid>
        )}
      </QueryView>
    </>
  );
}

function Ask({ view }: { view: SupportView }): ReactNode {
  const say = useTexts(supportTexts);
  const { go } = useRouting();
  const [state] = useUrlState();
  const queries = useQueryClient();
  const about = state.about === 'receipt' || state.about === 'register' ? state.about : undefined;
  const what = about && say(`about.${about}`, { name: state.name ?? state.id ?? '' });
  const [subject, setSubject] = useState(what ? say('askAbout', { what }) : '');
  const [body, setBody] = useState('');
  const ask = useMutation({
    mutationFn: () =>
      api.post<{ id: number }>('support', {
        subject: subject.trim(),
        body: body.trim(),
        page: document.referrer.slice(0, 500) || location.href.slice(0, 500),
        ...(about && state.id && { objectKind: about, objectId: state.id }),
      }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['support'] });
      go(links.ticket(id));
    },
  });
  return (
    <Card
      title={say('ask')}
      side={
        <StateBadge tone={view.isOpen ? 'good' : 'mute'} shape={view.isOpen ? 'circle' : 'ring'}>
          {say(view.isOpen ? 'openNow' : 'closedNow')}
        </StateBadge>
      }
    >
      <p className="kit-soft" style={{ marginTop: 0 }}>
        {say('hours', { from: view.fromHour, to: view.toHour, h: view.answerWithinH })}
      </p>
      <SimpleForm
        onSubmit={() => ask.mutate()}
        error={ask.error}
        isPending={ask.isPending}
        isReady={subject.trim() !== '' && body.trim() !== ''}
        submit={say('send')}
      >
        <TextInput
          label={say('subject')}
          maxLength={200}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
          error={fieldError(ask.error, 'subject')}
        />
        <Textarea
          label={say('body')}
          description={say('bodyHint')}
          rows={6}
          maxLength={5_000}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          error={fieldError(ask.error, 'body')}
        />
      </SimpleForm>
    </Card>
  );
}

const looks = {
  open: { tone: 'info', shape: 'ring' },
  answered: { tone: 'good', shape: 'circle' },
  closed: { tone: 'mute', shape: 'cross' },
} as const;

/** Whose turn it is, and until when. */
export function TicketBadge({ ticket }: { ticket: TicketView }): ReactNode {
  const say = useTexts(supportTexts);
  const formats = useFormats();
  return (
    <StateBadge {...looks[ticket.state]}>
      {say(`state.${ticket.state}`, { time: formats.time(ticket.answerDueAt) })}
    </StateBadge>
  );
}

function List({ view }: { view: SupportView }): ReactNode {
  const say = useTexts(supportTexts);
  return (
    <Card title={say('tickets')} flush>
      <DataTable
        caption={say('tickets')}
        rows={view.tickets}
        rowKey={(row) => row.id}
        empty={<EmptyState title={say('none')}>{say('noneHint')}</EmptyState>}
        columns={[
          { key: 'id', title: say('number'), render: (row) => row.id },
          {
            key: 'subject',
            title: say('subject'),
            render: (row) => <AppLink href={links.ticket(row.id)}>{row.subject}</AppLink>,
          },
          { key: 'who', title: say('who'), render: (row) => row.personName ?? '—' },
          { key: 'state', title: say('state'), render: (row) => <TicketBadge ticket={row} /> },
          { key: 'at', title: say('updated'), render: (row) => <DateTime at={row.updatedAt} short /> },
        ]}
      />
    </Card>
  );
}
