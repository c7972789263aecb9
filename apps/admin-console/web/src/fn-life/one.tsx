import { Alert, Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { FnApplicationView, FnFacts, FnWorkflowPage } from '@kkt/web-contract';
import {
  api,
  Card,
  CardGrid,
  DataTable,
  PageHead,
  QueryView,
  Shape,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { Failure, ScanField, Span, StatusBadge, useDoing } from './parts';
import { fnTexts } from './texts';

/** E9: one piece of work, step by step, with what is to be done now on top. */
export function WorkflowScreen(): ReactNode {
  const { id } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['fn', 'workflow', id],
    queryFn: ({ signal }) => api.get<FnWorkflowPage>(`fn/workflows/${id}`, signal),
    refetchInterval: 1_000,
  });
  return <QueryView query={query}>{(page) => <Whole page={page} />}</QueryView>;
}

function Whole({ page }: { page: FnWorkflowPage }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const done = page.steps.filter(({ state }) => state === 'done').length;
  return (
    <>
      <PageHead
        title={`${say(`kind.${page.kind}`)} · ${page.serial}`}
        crumbs={[{ title: say('work.title'), href: '/fn/work' }]}
        badge={<StatusBadge workflow={page} />}
      />
      <Card title={say('one.now')}>
        <Now page={page} />
      </Card>
      <CardGrid min={22}>
        <Card title={say('one.steps')} side={`${done} / ${page.steps.length}`}>
          <Progress value={(done / page.steps.length) * 100} mb="md" aria-label={say('one.steps')} />
          <ol className="fn-steps">
            {page.steps.map(({ name, state }) => (
              <li key={name} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
                <Shape
                  shape={state === 'done' ? 'circle' : state === 'now' ? 'diamond' : 'ring'}
                  tone={state === 'done' ? 'good' : state === 'now' ? 'info' : 'mute'}
                />{' '}
                {say.maybe(`step.${name}`, name)}
              </li>
            ))}
          </ol>
        </Card>
        <Card title={say('one.plan')}>
          <dl className="fn-facts">
            <Fact name={say('one.client')}>
              {page.clientName}, {page.groupCode}
            </Fact>
            <Fact name={say('one.place')}>{page.place || '—'}</Fact>
            <Fact name={say('one.oldFn')}>{page.oldFn ?? '—'}</Fact>
            <Fact name={say('work.newFn')}>{page.newFn ?? '—'}</Fact>
            <Fact name={say('work.why')}>{page.why}</Fact>
            <Fact name={say('work.who')}>{page.assigneeName}</Fact>
            <Fact name={say('work.due')}>{formats.dateTime(page.dueAt)}</Fact>
            <Fact name={say('work.down')}>
              <Span seconds={page.downtimeS} />
            </Fact>
          </dl>
        </Card>
        {page.application && <Application application={page.application} />}
      </CardGrid>
      <Card title={say('one.journal')} flush>
        <DataTable
          caption={say('one.journal')}
          rows={[...page.events].reverse()}
          rowKey={(event) => `${event.at}${event.step}${event.event}`}
          columns={[
            { key: 'at', title: say('one.when'), render: (event) => formats.dateTime(event.at) },
            { key: 'who', title: say('one.whoDid'), render: (event) => event.actorName },
            {
              key: 'what',
              title: say('one.what'),
              render: (event) => (
                <>
                  {say.maybe(`step.${event.step}`, event.step)}:{' '}
                  {say.maybe(`event.${event.event}`, event.event)}
                  {event.note && <> · {say.maybe(`note.${event.note}`, event.note)}</>}
                </>
              ),
            },
            { key: 'proof', title: say('one.proof'), render: (event) => <Proof facts={event.proof} /> },
          ]}
        />
      </Card>
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

/** What of a step's proof is shown, and the key of its short name. */
const proofNames = {
  fnNumber: 'proof.fn',
  fdNumber: 'proof.fd',
  fiscalSign: 'proof.fp',
  at: undefined,
  lastFd: 'proof.fd',
  validUntil: 'proof.until',
} as const;
const isProof = (name: string): name is keyof typeof proofNames => name in proofNames;

function Proof({ facts }: { facts: FnFacts | null }): ReactNode {
  const say = useTexts(fnTexts);
  const shown = Object.entries(facts ?? {}).flatMap(([name, value]) => {
    if (!isProof(name) || value === null) return [];
    const key = proofNames[name];
    return [key ? `${say(key)} ${value}` : String(value)];
  });
  return shown.length === 0 ? '—' : <span className="kit-mono">{shown.join(' · ')}</span>;
}

/** What is to be done now, and by whom. */
function Now({ page }: { page: FnWorkflowPage }): ReactNode {
  const say = useTexts(fnTexts);
  const { staff } = useMember();
  const [reason, setReason] = useState('');
  const path = `fn/workflows/${page.id}`;
  const act = useDoing(({ verb, body = {} }: { verb: string; body?: object }) =>
    api.post(`${path}/${verb}`, body),
  );
  const mayWork = staff.role === 'engineer' || staff.role === 'lead';
  const step = page.steps.find(({ state }) => state === 'now');
  if (page.status === 'done') return <Text>{say('one.over')}</Text>;
  if (page.status === 'cancelled') return <Text>{say('one.cancelled')}</Text>;
  const name = say.maybe(`step.${page.step}`, page.step);
  const hasReason = reason.trim().length >= 3;
  return (
    <Stack>
      <div>
        <Text fw={700} size="lg">
          {name}
        </Text>
        <Text c="dimmed">
          {say('work.turn')}: {say(`turn.${page.turn}`)}
          {page.note && <> · {say.maybe(`note.${page.note}`, page.note)}</>}
        </Text>
      </div>
      {page.status === 'failed' && (
        <Alert color="red" title={say('status.failed')}>
          {say.maybe(`note.${page.note}`, page.note ?? '')}
        </Alert>
      )}
      {page.turn === 'device' && <Text>{say('one.waitDevice')}</Text>}
      {page.turn === 'system' && page.status !== 'failed' && <Text>{say('one.waitSystem')}</Text>}
      {page.turn === 'client' && <Text>{say('one.waitClient')}</Text>}
      {mayWork && page.status !== 'failed' && page.turn === 'approver' && (
        <Stack gap="xs">
          <Text>{say('one.approveHint', { step: name })}</Text>
          <div>
            <Button color="red" loading={act.isPending} onClick={() => act.mutate({ verb: 'approve' })}>
              {say('one.approve')}
            </Button>
          </div>
        </Stack>
      )}
      {mayWork && page.turn === 'engineer' && (page.step === 'take_out' || page.step === 'put_in') && (
        <ScanField
          key={page.step}
          label={say(page.step === 'take_out' ? 'one.scanOld' : 'one.scanNew')}
          button={say('one.confirm')}
          isBusy={act.isPending}
          onScan={(fnNumber) => act.mutate({ verb: 'say', body: { step: page.step, fnNumber } })}
        />
      )}
      {mayWork && page.turn === 'engineer' && page.step === 'store_old' && (
        <Cell isBusy={act.isPending} onStore={(body) => act.mutate({ verb: 'say', body })} />
      )}
      <Failure error={act.error} />
      {mayWork && (
        <Group align="end">
          {page.status === 'failed' && (
            <Button loading={act.isPending} onClick={() => act.mutate({ verb: 'retry' })}>
              {say('one.retry')}
            </Button>
          )}
          <TextInput
            label={say('one.reason')}
            description={say('one.needReason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            style={{ flex: '1 1 14rem' }}
          />
          {!page.isMine && (
            <Button
              variant="default"
              disabled={!hasReason}
              onClick={() => act.mutate({ verb: 'take-over', body: { reason } })}
            >
              {say('one.takeOver')}
            </Button>
          )}
          {(page.step === 'put_in' || page.step === 'check_fn') && (
            <Button
              variant="default"
              disabled={!hasReason}
              onClick={() => act.mutate({ verb: 'replan', body: { reason } })}
            >
              {say('one.replan')}
            </Button>
          )}
          {step?.canCancel && (
            <Button
              color="red"
              variant="light"
              disabled={!hasReason}
              onClick={() => act.mutate({ verb: 'cancel', body: { reason } })}
            >
              {say('one.cancel')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

function Cell({ isBusy, onStore }: { isBusy: boolean; onStore(body: object): void }): ReactNode {
  const say = useTexts(fnTexts);
  const [form, setForm] = useState({ cell: '', responsible: '', keepUntil: '', act: '' });
  const field = (name: keyof typeof form, label: string, type = 'text'): ReactNode => (
    <TextInput
      label={label}
      type={type}
      value={form[name]}
      onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
    />
  );
  const filled = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''));
  const isReady = form.act !== '' || (form.cell !== '' && form.responsible !== '' && form.keepUntil !== '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onStore({ step: 'store_old', ...filled });
      }}
    >
      <Group align="end">
        {field('cell', say('one.cell'))}
        {field('responsible', say('one.responsible'))}
        {field('keepUntil', say('one.keepUntil'), 'date')}
        {field('act', say('one.act'))}
        <Button type="submit" loading={isBusy} disabled={!isReady}>
          {say('one.confirm')}
        </Button>
      </Group>
    </form>
  );
}

/** The application to the tax service that belongs to the work. */
function Application({ application }: { application: FnApplicationView }): ReactNode {
  const say = useTexts(fnTexts);
  const formats = useFormats();
  const { staff } = useMember();
  const [rnm, setRnm] = useState('');
  const [card, setCard] = useState({ cardNumber: '', cardDate: '' });
  const path = `fn/applications/${application.id}`;
  const move = useDoing((body: object) => api.post(`${path}/state`, body));
  const mayMove = staff.role !== 'viewer';
  return (
    <Card title={say('one.application')} side={say.maybe(`app.${application.state}`, application.state)}>
      <Stack gap="sm">
        <div>
          {say('work.due')}: {formats.dateTime(application.dueAt)}
          {application.isOverdue && (
            <Text span c="red">
              {' '}
              · {say('work.overdue')}
            </Text>
          )}
        </div>
        {application.report && (
          <div className="kit-mono">
            {say('proof.fd')} {application.report.fdNumber} · {application.report.at.replace('T', ' ')} ·{' '}
            {say('proof.fp')} {application.report.fiscalSign}
          </div>
        )}
        <Group>
          <Button component="a" variant="default" href={`/api/${path}/application.xml`}>
            {say('one.xml')}
          </Button>
          <Button component="a" variant="default" href={`/api/${path}/application.pdf`}>
            {say('one.pdf')}
          </Button>
        </Group>
        {application.problems.map(({ field, text }) => (
          <Text key={field} c="red" size="sm">
            {text}
          </Text>
        ))}
        {mayMove && application.nextStates.includes('number_received') && (
          <TextInput
            label={say('one.rnm')}
            value={rnm}
            onChange={(event) => setRnm(event.currentTarget.value)}
          />
        )}
        {mayMove && application.nextStates.includes('card') && (
          <Group>
            <TextInput
              label={say('one.cardNumber')}
              value={card.cardNumber}
              onChange={(event) => setCard({ ...card, cardNumber: event.currentTarget.value })}
            />
            <TextInput
              label={say('one.cardDate')}
              type="date"
              value={card.cardDate}
              onChange={(event) => setCard({ ...card, cardDate: event.currentTarget.value })}
            />
          </Group>
        )}
        <Failure error={move.error} />
        {mayMove && (
          <Group>
            {application.nextStates
              .filter((state) => state !== 'cancelled')
              .map((state) => (
                <Button
                  key={state}
                  variant={state === 'draft' ? 'default' : 'filled'}
                  loading={move.isPending}
                  onClick={() =>
                    move.mutate({
                      state,
                      ...(state === 'number_received' ? { rnm: rnm.trim() } : {}),
                      ...(state === 'card' ? card : {}),
                    })
                  }
                >
                  {say.maybe(`app.to.${state}`, state)}
                </Button>
              ))}
          </Group>
        )}
      </Stack>
    </Card>
  );
}
