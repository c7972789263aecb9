import { Button, Group, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { OperatorMovePage, OperatorMoveView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CardGrid,
  Facts,
  FormError,
  PageHead,
  QueryView,
  useFormats,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../../links';
import { OperatorPaid, operatorPaidTexts } from '../../parts/operator-paid';
import { texts } from '../../texts';
import { MoveForm } from './move-form';
import { MoveTable } from './moves';
import { TermForm } from './term-form';
import { operatorTexts } from './texts';
import { useMove, useOperatorPage } from './use-operator';

const route = getRouteApi('/registers/$id/operator');

/** Change of a register's operator: whom to, what will happen, how far it is. */
export function OperatorScreen(): ReactNode {
  const { id } = route.useParams();
  return <QueryView query={useOperatorPage(id)}>{(page) => <Content page={page} />}</QueryView>;
}

function Content({ page }: { page: OperatorMovePage }): ReactNode {
  const say = useTexts(operatorTexts);
  const own = useTexts(texts);
  const { register, change, past } = page;
  return (
    <>
      <PageHead
        title={say('title', { serial: register.serial })}
        crumbs={[
          { title: own('nav.registers'), href: links.registers() },
          { title: register.serial, href: links.register(register.id) },
        ]}
      />
      {change ? <UnderWay page={page} change={change} /> : <Finished last={past[0]} />}
      <CardGrid min={24}>
        <Card title={say('now')}>
          <Now page={page} />
        </Card>
        {!change && (
          <Card title={say('what')}>
            <ol className="cabinet-plain-steps">
              {([1, 2, 3, 4, 5, 6] as const).map((n) => (
                <li key={n}>{say(`step.${n}`)}</li>
              ))}
            </ol>
            <Text className="kit-soft" size="sm" mt="sm">
              {say('lose')}
            </Text>
          </Card>
        )}
      </CardGrid>
      <TermForm page={page} key={page.operator.inn} />
      {!change && <MoveForm page={page} />}
      <Card title={say('past')} flush>
        <MoveTable moves={past} caption={say('past')} none={say('pastNone')} />
      </Card>
    </>
  );
}

function Now({ page }: { page: OperatorMovePage }): ReactNode {
  const say = useTexts(operatorTexts);
  const paidSay = useTexts(operatorPaidTexts);
  const { operator, isShiftOpen, others, registrationsLeft } = page;
  return (
    <Facts
      rows={[
        [say('operator'), operator.name],
        [
          say('inn'),
          <span key="inn" className="kit-num">
            {operator.inn}
          </span>,
        ],
        [paidSay('name'), <OperatorPaid key="paid" paid={page.paid} />],
        [say('unsent'), <Backlog key="unsent" page={page} />],
        [say('shift'), isShiftOpen === null ? null : say(isShiftOpen ? 'shiftOpen' : 'shiftClosed')],
        [say('others'), others > 0 ? say('othersSome', { n: others }) : say('othersNone')],
        [say('left'), registrationsLeft === null ? null : String(registrationsLeft)],
      ]}
    />
  );
}

function Backlog({ page: { unsent, firstUnsentAt } }: { page: OperatorMovePage }): ReactNode {
  const say = useTexts(operatorTexts);
  const formats = useFormats();
  if (unsent === null) return '—';
  if (unsent === 0) return say('unsentNone');
  const waits = firstUnsentAt === null ? 0 : Math.max(0, Date.now() - Date.parse(firstUnsentAt));
  return say('unsentSome', { n: unsent, time: formats.duration(waits) });
}

/** A change that has just ended: the law wants one thing more of the client. */
function Finished({ last }: { last: OperatorMoveView | undefined }): ReactNode {
  const say = useTexts(operatorTexts);
  const dayMs = 86_400_000;
  const isFresh =
    last?.state === 'done' && last.finishedAt !== null && Date.now() - Date.parse(last.finishedAt) < dayMs;
  if (!last || !isFresh) return null;
  return (
    <div className="kit-banner" data-tone="good" role="status">
      <strong>{say('doneTitle')}</strong>
      <span>
        {say('doneNote')}{' '}
        {last.applicationId === null ? (
          say('applicationSoon')
        ) : (
          <AppLink href={links.registration(last.applicationId)}>{say('application')}</AppLink>
        )}
      </span>
    </div>
  );
}

type StepState = 'done' | 'now' | 'later';

function UnderWay({ page, change }: { page: OperatorMovePage; change: OperatorMoveView }): ReactNode {
  const say = useTexts(operatorTexts);
  const words = useWords();
  const { cancel } = useMove(page.register.id);
  const isDraining = change.state === 'draining';
  const isClosing = isDraining && page.isShiftOpen === true;
  const states: StepState[] = isClosing
    ? ['now', 'later', 'later', 'later']
    : isDraining
      ? ['done', 'now', 'later', 'later']
      : ['done', 'done', 'now', 'later'];
  return (
    <Card title={say('under', { from: change.fromName, to: change.toName })}>
      <ol className="cabinet-first">
        {states.map((state, index) => (
          <li key={index} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <h3>{say(`now.${(index + 1) as 1 | 2 | 3 | 4}`)}</h3>
            {index === 1 && state === 'now' && (
              <Text role="status">
                {say('drain')}: {page.unsent === 0 ? say('drainDone') : <Backlog page={page} />}
              </Text>
            )}
          </li>
        ))}
      </ol>
      {isDraining && page.cause !== null && (
        <Text c="var(--kit-bad)" mt="sm">
          {say('cause', { cause: words.cause(page.cause), todo: words.causeTodo(page.cause) })}
        </Text>
      )}
      {change.note !== null && (
        <Text c="var(--kit-bad)" mt="sm" lang="ru">
          {change.note}
        </Text>
      )}
      <FormError error={cancel.error} />
      {isDraining && page.mayMove && (
        <Group gap="sm" mt="md">
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {say('cancel')}
          </Button>
          <Text className="kit-soft" size="sm">
            {say('cancelNote')}
          </Text>
        </Group>
      )}
    </Card>
  );
}
