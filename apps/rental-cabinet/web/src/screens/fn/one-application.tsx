import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { FnApplicationView } from '@kkt/web-contract';
import { ApiError, Card, IdChip, PageHead, QueryView, useFormats, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { links } from '../../links';
import { ApplicationState } from './applications';
import { fnTexts } from './texts';
import { useApplication, useMove } from './use-fn';

const route = getRouteApi('/registration/$id');

/** C8: an application to the tax service, step by step. */
export function OneApplicationScreen(): ReactNode {
  const { id } = route.useParams();
  return (
    <QueryView query={useApplication(id)}>{(application) => <Content application={application} />}</QueryView>
  );
}

type StepState = 'done' | 'now' | 'later';
const order = ['draft', 'sent', 'number_received', 'report_entered', 'card'] as const;

/** Which of the six steps are over. A re-registration has its number and its report already. */
function statesOf({ kind, state, problems, report, closing }: FnApplicationView): StepState[] {
  const at = order.indexOf(state as (typeof order)[number]);
  const isFirst = kind === 'registration';
  const hasReport = report !== null || closing !== null;
  const done = [
    problems.length === 0 || at > 0,
    at >= 1,
    isFirst ? at >= 2 : at >= 1,
    hasReport,
    at >= 3,
    at >= 4,
  ];
  const now = done.indexOf(false);
  return done.map((isDone, index) => (isDone ? 'done' : index === now ? 'now' : 'later'));
}

function Content({ application }: { application: FnApplicationView }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const { person } = useMember();
  const move = useMove(application.id);
  const { id, kind, serial, state, nextStates, problems, rnm, report, closing, card, dueAt } = application;
  const mayMove = person.rights.includes('registers:act');
  const states = statesOf(application);
  const may = (next: string): boolean => mayMove && nextStates.includes(next);
  const proof = report ?? closing;
  const file = (ending: string): string =>
    `/api/fn/applications/${encodeURIComponent(id)}/application.${ending}`;
  const isClosing = kind === 'deregistration';
  const titles = [
    say('one.1'),
    say('one.2'),
    say('one.3'),
    say(isClosing ? 'one.4.deregistration' : 'one.4'),
    say('one.5'),
    say('one.6'),
  ];
  const inside: ReactNode[] = [
    problems.length === 0 ? (
      <Text key="ok" className="kit-soft">
        {say('ok')}
      </Text>
    ) : (
      <div key="bad">
        <Text c="var(--kit-bad)">{say('problems')}</Text>
        <ul>
          {problems.map(({ field, text }) => (
            <li key={`${field}-${text}`}>{text}</li>
          ))}
        </ul>
      </div>
    ),
    <Stack key="files" gap="xs" align="flex-start">
      <Group gap="sm">
        <a href={file('xml')} download>
          {say('xml')}
        </a>
        <a href={file('pdf')} download>
          {say('pdf')}
        </a>
      </Group>
      <Text className="kit-soft" size="sm">
        {say('fileNote', { date: formats.date(dueAt) })}
      </Text>
      {may('sent') && (
        <Button loading={move.isPending} onClick={() => move.mutate({ state: 'sent' })}>
          {say('sent')}
        </Button>
      )}
    </Stack>,
    rnm !== null ? (
      <IdChip key="rnm" id={rnm} />
    ) : (
      may('number_received') && <RnmForm key="form" move={move} />
    ),
    proof ? (
      <Text key="report">
        {say('report', {
          fd: proof.fdNumber,
          at: formats.local(proof.at),
          sign: String(proof.fiscalSign).padStart(10, '0'),
        })}
      </Text>
    ) : (
      states[3] === 'now' && (
        <Text key="wait" role="status">
          {say('waitReport')}
        </Text>
      )
    ),
    may('report_entered') && proof && (
      <Button key="entered" loading={move.isPending} onClick={() => move.mutate({ state: 'report_entered' })}>
        {say('entered')}
      </Button>
    ),
    card ? (
      <Text key="card">{say('finished', { number: card.number, date: formats.date(card.date) })}</Text>
    ) : (
      may('card') && <CardForm key="card-form" move={move} />
    ),
  ];
  return (
    <>
      <PageHead
        title={say('one.title', { kind: say(`app.${kind}`), serial })}
        crumbs={[{ title: say('title'), href: links.fn() }]}
        badge={<ApplicationState application={application} />}
      />
      {!mayMove && <p className="kit-soft">{say('mayNot')}</p>}
      {state !== 'cancelled' && (
        <Card title={say('one.steps')}>
          {move.error instanceof ApiError && (
            <Text c="var(--kit-bad)" role="alert" mb="sm">
              {Object.values(move.error.fields).flat()[0] ?? move.error.message}
            </Text>
          )}
          <ol className="cabinet-first">
            {titles.map((title, index) => (
              <li
                key={title}
                data-state={states[index]}
                aria-current={states[index] === 'now' ? 'step' : undefined}
              >
                <h3>{title}</h3>
                {states[index] !== 'later' && inside[index]}
              </li>
            ))}
          </ol>
        </Card>
      )}
    </>
  );
}

type Move = ReturnType<typeof useMove>;

function RnmForm({ move }: { move: Move }): ReactNode {
  const say = useTexts(fnTexts);
  const [rnm, setRnm] = useState('');
  const digits = rnm.replace(/\D/g, '');
  return (
    <Stack gap="xs" align="flex-start">
      <TextInput
        label={say('rnm')}
        description={say('rnmNote')}
        inputMode="numeric"
        autoComplete="off"
        value={rnm}
        onChange={(event) => setRnm(event.currentTarget.value)}
      />
      <Button
        loading={move.isPending}
        disabled={digits.length !== 16}
        onClick={() => move.mutate({ state: 'number_received', rnm: digits })}
      >
        {say('rnmSave')}
      </Button>
    </Stack>
  );
}

function CardForm({ move }: { move: Move }): ReactNode {
  const say = useTexts(fnTexts);
  const [number, setNumber] = useState('');
  const [date, setDate] = useState('');
  return (
    <Stack gap="xs" align="flex-start">
      <Group gap="sm" align="flex-end">
        <TextInput
          label={say('card')}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <TextInput
          label={say('cardDate')}
          type="date"
          value={date}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
      </Group>
      <Button
        loading={move.isPending}
        disabled={number.trim() === '' || date === ''}
        onClick={() => move.mutate({ state: 'card', cardNumber: number.trim(), cardDate: date })}
      >
        {say('cardSave')}
      </Button>
    </Stack>
  );
}
