import { Button, NumberInput, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RegisterCommandView, RegisterCommandWord, RegisterView } from '@kkt/web-contract';
import {
  api,
  Card,
  ConfirmDanger,
  DataTable,
  DateTime,
  DocumentTlvViewer,
  EmptyState,
  LocalTime,
  QueryView,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { texts } from '../texts';
import { registerTexts } from './texts';

/** Orders that change the device or its FN: the serial number is typed. */
const dangerous: readonly RegisterCommandWord[] = [
  'sync_clock',
  'open_shift',
  'close_shift',
  'settlement_report',
  'reconnect',
];
const offered: readonly RegisterCommandWord[] = ['ping', 'identify', 'read_documents', ...dangerous];
type Asked = RegisterCommandWord | 'return' | 'pause' | 'resume';

const look = {
  waiting: { tone: 'info', shape: 'ring' },
  running: { tone: 'info', shape: 'diamond' },
  done: { tone: 'good', shape: 'circle' },
  failed: { tone: 'bad', shape: 'cross' },
  expired: { tone: 'warn', shape: 'cross' },
} as const;

/** What may be ordered, and what became of the last orders. */
export function Commands({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(registerTexts);
  const common = useTexts(texts);
  const { staff } = useMember();
  const [asked, setAsked] = useState<Asked>();
  const [shown, setShown] = useState<string>();
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  const move = register.state === 'ready' ? 'pause' : register.state === 'paused' ? 'resume' : undefined;
  return (
    <>
      <Card title={say('command.title')} side={say('command.note')}>
        {mayAct && (
          <>
            {!register.online && (
              <Text c="dimmed" size="sm" mb="xs">
                {say('command.offline')}
              </Text>
            )}
            <div className="register-buttons">
              {register.intent && (
                <Button size="compact-md" onClick={() => setAsked('reconcile')}>
                  {say('command.reconcile')}
                </Button>
              )}
              {move && (
                <Button size="compact-md" variant="default" onClick={() => setAsked(move)}>
                  {common(`action.${move}`)}
                </Button>
              )}
              {register.state === 'stopped' && staff.role === 'lead' && (
                <Button size="compact-md" onClick={() => setAsked('return')}>
                  {say('command.return')}
                </Button>
              )}
              {offered
                .filter(
                  (kind) =>
                    (kind !== 'open_shift' || register.shift?.open === false) &&
                    (kind !== 'close_shift' || register.shift?.open === true),
                )
                .map((kind) => (
                  <Button key={kind} size="compact-md" variant="default" onClick={() => setAsked(kind)}>
                    {say(`command.${kind}`)}
                  </Button>
                ))}
            </div>
          </>
        )}
        {asked && <Ask register={register} asked={asked} onClose={() => setAsked(undefined)} />}
      </Card>
      <Card title={say('command.last')} flush>
        <Orders rows={register.commands} onShow={setShown} />
      </Card>
      {shown !== undefined && <Documents registerId={register.id} id={shown} />}
    </>
  );
}

function Ask(props: { register: RegisterView; asked: Asked; onClose(): void }): ReactNode {
  const { register, asked, onClose } = props;
  const say = useTexts(registerTexts);
  const common = useTexts(texts);
  const queries = useQueryClient();
  const send = async (path: string, body: object): Promise<void> => {
    await api.post(`registers/${register.id}/${path}`, body);
    await queries.invalidateQueries({ queryKey: ['live', `register:${register.id}`] });
  };
  if (asked === 'pause' || asked === 'resume' || asked === 'return')
    return (
      <ConfirmDanger
        title={asked === 'return' ? say('command.returnTitle') : common(`action.${asked}Title`)}
        word={register.serial}
        wordLabel={common('action.serial')}
        action={asked === 'return' ? say('command.return') : common(`action.${asked}`)}
        onClose={onClose}
        onConfirm={({ word, reason }) => send(asked, { serial: word, reason })}
      >
        {asked === 'return' ? say('command.returnText') : common(`action.${asked}Text`)}
      </ConfirmDanger>
    );
  if (dangerous.includes(asked))
    return (
      <ConfirmDanger
        title={say(`command.${asked}`)}
        word={register.serial}
        wordLabel={common('action.serial')}
        action={say('command.do')}
        onClose={onClose}
        onConfirm={({ word, reason }) => send('commands', { kind: asked, serial: word, reason })}
      >
        {say.maybe(`command.${asked}Text`, '')}
      </ConfirmDanger>
    );
  return <Plain register={register} kind={asked} onClose={onClose} send={send} />;
}

/** An order that changes nothing in the device: only the reason is asked. */
function Plain(props: {
  register: RegisterView;
  kind: RegisterCommandWord;
  onClose(): void;
  send(path: string, body: object): Promise<void>;
}): ReactNode {
  const { register, kind, onClose, send } = props;
  const say = useTexts(registerTexts);
  const last = register.lastFd ?? 1;
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState<number | ''>(Math.max(1, last - 4));
  const [to, setTo] = useState<number | ''>(Math.max(1, last));
  const isRange = kind === 'read_documents';
  const fits = from !== '' && to !== '' && to >= from && to - from < 20;
  return (
    <FormDialog
      title={say(`command.${kind}`)}
      action={say('command.do')}
      isReady={reason.trim().length >= 3 && (!isRange || fits)}
      onClose={onClose}
      onConfirm={() => send('commands', { kind, reason: reason.trim(), ...(isRange && { from, to }) })}
    >
      <Text>{say.maybe(`command.${kind}Text`, '')}</Text>
      {isRange && (
        <>
          <NumberInput
            label={say('command.from')}
            value={from}
            onChange={(value) => setFrom(typeof value === 'number' ? value : '')}
            min={1}
            allowDecimal={false}
          />
          <NumberInput
            label={say('command.to')}
            value={to}
            onChange={(value) => setTo(typeof value === 'number' ? value : '')}
            min={1}
            allowDecimal={false}
          />
        </>
      )}
      <Textarea
        label={say('reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </FormDialog>
  );
}

function Orders(props: { rows: readonly RegisterCommandView[]; onShow(id: string): void }): ReactNode {
  const { rows, onShow } = props;
  const say = useTexts(registerTexts);
  return (
    <DataTable
      caption={say('command.last')}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<EmptyState title={say('command.none')}>{say('command.noneHint')}</EmptyState>}
      columns={[
        { key: 'what', title: say('command.what'), render: (row) => say(`command.${row.kind}`) },
        {
          key: 'state',
          title: say('command.state'),
          render: (row) => <StateBadge {...look[row.state]}>{say(`state.${row.state}`)}</StateBadge>,
        },
        {
          key: 'result',
          title: say('command.result'),
          render: (row) => (
            <span>
              <OrderFacts order={row} />
              {row.kind === 'read_documents' && row.state === 'done' && (
                <Button size="compact-xs" variant="default" onClick={() => onShow(row.id)}>
                  {say('command.show')}
                </Button>
              )}
            </span>
          ),
        },
        {
          key: 'who',
          title: say('command.who'),
          render: (row) => (
            <span>
              {row.askedBy}
              <span className="kit-soft" style={{ display: 'block' }}>
                {row.askedWhy}
              </span>
            </span>
          ),
        },
        { key: 'when', title: say('command.when'), render: (row) => <DateTime at={row.createdAt} short /> },
      ]}
    />
  );
}

/** What the device said, in words. */
export function OrderFacts({ order }: { order: RegisterCommandView }): ReactNode {
  const say = useTexts(registerTexts);
  const { facts, reason } = order;
  if (reason !== null) return `${say.maybe(`reason.${reason}`, String(facts.text ?? reason))} (${reason})`;
  const parts = Object.entries(facts)
    .filter(([name, value]) => value !== null && say.maybe(`fact.${name}`, '') !== '')
    .map(([name, value]) =>
      name === 'outcome'
        ? say.maybe(`outcome.${String(value)}`, String(value))
        : name === 'tookMs'
          ? `${String(value)} ${say('fact.tookMs')}`
          : `${say.maybe(`fact.${name}`, name)} ${value === true ? '✓' : value === false ? '—' : String(value)}`,
    );
  return parts.length === 0 ? '—' : parts.join(' · ');
}

/** Documents that an order read from the FN. */
function Documents({ registerId, id }: { registerId: number; id: string }): ReactNode {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const query = useQuery({
    queryKey: ['order', registerId, id],
    queryFn: ({ signal }) => api.get<RegisterCommandView>(`registers/${registerId}/commands/${id}`, signal),
  });
  return (
    <QueryView query={query}>
      {({ documents }) =>
        documents === null || documents.length === 0 ? (
          <Card title={say('documents.title')}>
            <EmptyState title={say('documents.none')} />
          </Card>
        ) : (
          documents.map((one) => (
            <Card
              key={one.fdNumber}
              flush
              title={say('documents.fd', { fd: String(one.fdNumber) })}
              side={
                one.at === null ? undefined : (
                  <>
                    <LocalTime at={one.at} />
                    {one.totalKop !== null && `, ${formats.money(one.totalKop)}`}
                  </>
                )
              }
            >
              {one.tags.length > 0 ? (
                <DocumentTlvViewer tags={one.tags} />
              ) : (
                <EmptyState title={say(one.form === null ? 'documents.missing' : 'documents.erased')} />
              )}
            </Card>
          ))
        )
      }
    </QueryView>
  );
}
