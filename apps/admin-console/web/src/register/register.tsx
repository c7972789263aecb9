import { getRouteApi } from '@tanstack/react-router';
import { Button, Tabs, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { RegisterView } from '@kkt/web-contract';
import {
  Ago,
  api,
  AppLink,
  Card,
  CardGrid,
  ConditionBadge,
  DateTime,
  EmptyState,
  Facts,
  FnGauge,
  IdChip,
  kitTexts,
  PageHead,
  QueryView,
  Tile,
  TabStrip,
  useFormats,
  useLiveQuery,
  useLanguage,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { links } from '../links';
import { AlertLine } from '../parts/alert-line';
import { AuditTable } from '../parts/audit-table';
import { ExchangeCard } from '../parts/exchange-card';
import { DocumentTable } from '../parts/document-table';
import { ReceiptTable } from '../parts/receipt-table';
import { FormDialog } from '../parts/form-dialog';
import { texts } from '../texts';
import { Commands } from './commands';
import { Latency, Metrics } from './metrics';
import './register.css';
import { registerTexts } from './texts';
import { Wire } from './wire';

const route = getRouteApi('/registers/$id');
const ffdNames: Readonly<Record<number, string>> = { 2: '1.05', 3: '1.1', 4: '1.2' };
const shiftWarnMs = 2 * 3_600_000;
const unsentWarnMs = 24 * 3_600_000;
/** A shift may last so long. */
const dayMs = 24 * 3_600_000;

/** E5: one register. */
export function RegisterScreen(): ReactNode {
  const { id } = route.useParams();
  const query = useLiveQuery<RegisterView>(`register:${id}`, `registers/${id}`);
  return <QueryView query={query}>{(register) => <Register register={register} />}</QueryView>;
}

function Register({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  const { place } = register;
  return (
    <>
      <PageHead
        title={say('register.title', { serial: register.serial })}
        crumbs={[
          { title: say('nav.overview'), href: '/' },
          ...(place.rack === ''
            ? []
            : [
                {
                  title: say('place.text', { ...place }),
                  href: `${links.rack(place.dc, place.rack)}?at=${place.assembly}-${place.slot}`,
                },
              ]),
        ]}
        badge={<ConditionBadge condition={register.condition} />}
        live
      />
      {register.alerts.length > 0 && (
        <Card title={say('alerts.title')}>
          {register.alerts.map((alert) => (
            <AlertLine key={alert.id} alert={alert} href={`/alerts?id=${alert.id}`} />
          ))}
        </Card>
      )}
      <Glance register={register} />
      <Parts register={register} />
    </>
  );
}

const parts = ['state', 'metrics', 'wire', 'papers', 'journal'] as const;

function Parts({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(registerTexts);
  const [state, setState] = useUrlState();
  const tab = parts.find((one) => one === state.tab) ?? 'state';
  return (
    <Tabs
      value={tab}
      onChange={(next) => setState({ tab: next === 'state' ? undefined : (next ?? undefined) })}
      keepMounted={false}
    >
      <TabStrip chosen={tab}>
        {parts.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {say(`tab.${one}`)}
          </Tabs.Tab>
        ))}
      </TabStrip>
      <Tabs.Panel value="state">
        <CardGrid min={26}>
          <Passport register={register} />
          <FnCard register={register} />
          <ExchangeCard register={register} />
        </CardGrid>
        <Latency registerId={register.id} />
        <Commands register={register} />
      </Tabs.Panel>
      <Tabs.Panel value="metrics">
        <Metrics registerId={register.id} />
      </Tabs.Panel>
      <Tabs.Panel value="wire">
        <Wire registerId={register.id} />
      </Tabs.Panel>
      <Tabs.Panel value="papers">
        <Papers register={register} />
      </Tabs.Panel>
      <Tabs.Panel value="journal">
        <Journal register={register} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Papers({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  return (
    <>
      <Card title={say('register.receipts')} flush>
        <ReceiptTable
          caption={say('register.receipts')}
          rows={register.receipts}
          withRegister={false}
          empty={<EmptyState title={say('register.noReceipts')} />}
        />
      </Card>
      <Card
        title={say('register.documents')}
        flush
        side={
          register.fn && (
            <AppLink href={links.documents({ fn: register.fn.fnNumber })}>
              {say('register.allDocuments')}
            </AppLink>
          )
        }
      >
        <DocumentTable
          caption={say('register.documents')}
          rows={register.documents}
          empty={
            <EmptyState title={say('register.noDocuments')}>{say('register.noDocumentsHint')}</EmptyState>
          }
        />
      </Card>
    </>
  );
}

function Journal({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  const words = useTexts(registerTexts);
  const { staff } = useMember();
  const [isAsked, setAsked] = useState(false);
  return (
    <Card
      title={say('register.journal')}
      flush
      side={
        staff.role !== 'viewer' && (
          <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
            {words('note.do')}
          </Button>
        )
      }
    >
      <AuditTable
        rows={register.changes}
        withObject={false}
        empty={<EmptyState title={say('register.noJournal')} />}
      />
      {isAsked && <NoteDialog registerId={register.id} onClose={() => setAsked(false)} />}
    </Card>
  );
}

function NoteDialog({ registerId, onClose }: { registerId: number; onClose(): void }): ReactNode {
  const say = useTexts(registerTexts);
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title={say('note.title')}
      action={say('note.save')}
      isReady={note.trim().length >= 3}
      onClose={onClose}
      onConfirm={async () => {
        await api.post(`registers/${registerId}/notes`, { note: note.trim() });
        await queries.invalidateQueries({ queryKey: ['live', `register:${registerId}`] });
      }}
    >
      <Textarea
        label={say('note.text')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={500}
        minRows={3}
        autosize
        data-autofocus
      />
    </FormDialog>
  );
}

/** What must be seen first: state, what it does, shift, unsent documents. */
function Glance({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(registerTexts);
  const kit = useTexts(kitTexts);
  const words = useWords();
  const formats = useFormats();
  const { intent, shift, unsent, firstUnsentAt, problem, stateReason } = register;
  const shiftLeftMs = shift?.open && shift.expiresAt ? Date.parse(shift.expiresAt) - Date.now() : undefined;
  const unsentAgeMs = firstUnsentAt === null ? 0 : Date.now() - Date.parse(firstUnsentAt);
  return (
    <CardGrid min={10}>
      <Tile
        name={say('register.state')}
        value={
          <span style={{ fontSize: '1.125rem' }}>
            {words.problem(problem) ||
              stateReason ||
              (register.condition === 'works'
                ? say('register.takes')
                : kit(`condition.${register.condition}`))}
          </span>
        }
        note={say('register.since', {
          time: formats.time(
            register.state === 'ready' ? (register.onlineSince ?? register.stateSince) : register.stateSince,
          ),
        })}
        tone={
          register.condition === 'works'
            ? 'good'
            : register.condition === 'stock' || register.condition === 'paused'
              ? 'info'
              : 'bad'
        }
      />
      <Tile
        name={say('register.busy')}
        value={
          <span style={{ fontSize: '1.125rem' }}>
            {intent
              ? intent.state === 'stuck'
                ? say('intent.stuck')
                : say.maybe(`intent.${intent.kind}`, intent.kind)
              : say('register.idle')}
          </span>
        }
        note={intent ? <Ago at={intent.createdAt} /> : undefined}
        tone={intent?.state === 'stuck' ? 'bad' : 'info'}
        href={intent?.receiptId ? links.receipt(intent.receiptId) : undefined}
      />
      {shift && (
        <Tile
          name={say('register.shift')}
          value={
            <span style={{ fontSize: '1.125rem' }}>
              {shift.open
                ? say('register.shiftOpen', { number: String(shift.number ?? '') })
                : say('register.shiftClosed')}
            </span>
          }
          note={
            shiftLeftMs === undefined || !shift.expiresAt
              ? undefined
              : `${own('shift.opened', { at: formats.time(new Date(Date.parse(shift.expiresAt) - dayMs).toISOString()) })}; ${
                  shiftLeftMs > 0
                    ? say('register.shiftLeft', { left: formats.duration(shiftLeftMs) })
                    : say('register.shiftOver')
                }`
          }
          tone={
            shiftLeftMs === undefined || shiftLeftMs > shiftWarnMs ? 'good' : shiftLeftMs > 0 ? 'warn' : 'bad'
          }
        />
      )}
      {unsent !== null && (
        <Tile
          name={say('register.ofd')}
          value={
            <span style={{ fontSize: '1.125rem' }}>
              {unsent === 0 ? say('register.ofdNone') : say('register.ofdSome', { n: unsent })}
            </span>
          }
          note={
            unsent > 0 && firstUnsentAt
              ? say('register.first', { age: formats.duration(unsentAgeMs) })
              : undefined
          }
          tone={unsentAgeMs > unsentWarnMs ? 'bad' : unsentAgeMs > 600_000 ? 'warn' : 'good'}
          href="/operators"
        />
      )}
    </CardGrid>
  );
}

function Passport({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  return (
    <Card title={say('register.facts')}>
      <Facts
        rows={[
          [say('register.serial'), <IdChip key="s" id={register.serial} />],
          [say('register.model'), register.model],
          [say('register.rnm'), register.rnm && <IdChip key="r" id={register.rnm} />],
          [say('register.ffd'), register.ffd === null ? null : ffdNames[register.ffd]],
          [say('register.client'), register.clientName],
          [
            say('register.group'),
            register.groupCode && (
              <AppLink key="g" href={links.receipts({ group: register.groupCode })}>
                {register.groupCode}
              </AppLink>
            ),
          ],
          [
            say('register.transport'),
            <span key="t" className="kit-mono">
              {register.transport}
            </span>,
          ],
          [say('register.driver'), register.driverId],
          [
            say('register.clock'),
            register.clockOffsetMs === null ? null : formats.duration(register.clockOffsetMs),
          ],
          [say('register.done'), formats.number(register.receiptsDone)],
          [say('register.seen'), register.seenAt && <DateTime key="d" at={register.seenAt} short />],
        ]}
      />
    </Card>
  );
}

function FnCard({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(registerTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const { fn, forecast } = register;
  if (!fn) return null;
  const range =
    forecast?.earliest && forecast.latest
      ? own('forecast.range', {
          from: formats.date(forecast.earliest),
          to: formats.date(forecast.latest),
        })
      : '';
  const why = forecast && (language === 'en' ? forecast.reasonEn : forecast.reasonRu);
  return (
    <Card title={say('register.fn')}>
      <div style={{ marginBottom: '0.75rem' }}>
        <FnGauge fn={fn} />
      </div>
      <Facts
        rows={[
          [say('receipt.fn'), <IdChip key="f" id={fn.fnNumber} />],
          [say('register.fnModel'), fn.model],
          [
            own('forecast.end'),
            forecast ? (
              <span key="e" title={why ?? undefined}>
                {forecast.endOn === null ? '—' : formats.date(forecast.endOn)}{' '}
                {own(`forecast.cause.${forecast.cause}`)}
                {range !== '' && (
                  <span className="kit-soft" style={{ display: 'block' }}>
                    {range}
                  </span>
                )}
              </span>
            ) : (
              own('forecast.none')
            ),
          ],
          [own('forecast.perDay'), forecast && formats.number(forecast.perDay, 1)],
          [say('register.lastFd'), register.lastFd === null ? null : String(register.lastFd)],
          [
            say('register.registrations'),
            fn.registrationsLeft === null ? null : String(fn.registrationsLeft),
          ],
        ]}
      />
    </Card>
  );
}
