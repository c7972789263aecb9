import { Button, Checkbox, NumberInput, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { WireLineView, WireTraceView } from '@kkt/web-contract';
import {
  api,
  Card,
  DateTime,
  EmptyState,
  QueryView,
  StateBadge,
  useFormats,
  useLiveQuery,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { registerTexts } from './texts';

const keptLines = 600;

/** New lines come as patches; a trace begun anew starts with an empty page. */
const withNew = (before: WireTraceView | undefined, change: WireTraceView): WireTraceView => {
  const known = new Set(before?.lines.map(({ id }) => id));
  const fresh = change.lines.filter(({ id }) => !known.has(id));
  return { ...change, lines: [...(before?.lines ?? []), ...fresh].slice(-keptLines) };
};

/** What goes over the register's wire, while somebody looks. */
export function Wire({ registerId }: { registerId: number }): ReactNode {
  const query = useLiveQuery<WireTraceView>(
    `trace:${registerId}`,
    `registers/${registerId}/trace`,
    withNew as (before: WireTraceView | undefined, change: never) => WireTraceView,
  );
  return <QueryView query={query}>{(trace) => <Lines registerId={registerId} trace={trace} />}</QueryView>;
}

function Lines({ registerId, trace }: { registerId: number; trace: WireTraceView }): ReactNode {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const { staff } = useMember();
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const [isBrief, setBrief] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const isOn = trace.until !== null && Date.parse(trace.until) > Date.now();
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  const end = useMutation({
    mutationFn: () => api.remove<undefined>(`registers/${registerId}/trace`),
    onSettled: () => queries.invalidateQueries({ queryKey: ['live', `trace:${registerId}`] }),
  });
  const held = useRef<readonly WireLineView[]>([]);
  if (!isHeld) held.current = trace.lines;
  const lines = held.current.filter((line) => !isBrief || line.fiscal || line.refused || line.error !== null);
  const last = lines.at(-1)?.id;
  useEffect(() => {
    if (!isHeld && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [last, isHeld]);
  return (
    <Card
      flush
      title={say('wire.title')}
      side={
        trace.until !== null &&
        (isOn
          ? say('wire.until', { at: formats.time(trace.until), who: trace.askedBy ?? '—' })
          : say('wire.over', { at: formats.time(trace.until) }))
      }
    >
      <div className="register-buttons" style={{ padding: '0 1rem 0.75rem' }}>
        {mayAct && !isOn && (
          <Button size="compact-md" onClick={() => setAsked(true)}>
            {say('wire.begin')}
          </Button>
        )}
        {mayAct && isOn && (
          <Button size="compact-md" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
            {say('wire.end')}
          </Button>
        )}
        {trace.lines.length > 0 && (
          <>
            <Button size="compact-md" variant="default" onClick={() => setHeld(!isHeld)}>
              {say(isHeld ? 'wire.resume' : 'wire.pause')}
            </Button>
            <Checkbox
              label={say('wire.fiscalOnly')}
              checked={isBrief}
              onChange={(event) => setBrief(event.currentTarget.checked)}
            />
          </>
        )}
      </div>
      {lines.length === 0 ? (
        <EmptyState title={say(isOn ? 'wire.waiting' : 'wire.off')}>
          {say(isOn ? 'wire.waitingHint' : 'wire.offHint')}
        </EmptyState>
      ) : (
        <div className="register-wire" ref={box} role="region" aria-label={say('wire.title')} tabIndex={0}>
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </div>
      )}
      {isAsked && <BeginDialog registerId={registerId} onClose={() => setAsked(false)} />}
    </Card>
  );
}

function Line({ line }: { line: WireLineView }): ReactNode {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const isBad = line.refused || line.error !== null;
  return (
    <div data-tone={isBad ? 'bad' : line.fiscal ? 'warn' : undefined}>
      <p>
        <DateTime at={line.at} short /> <strong>{line.name}</strong>{' '}
        {line.tookMs !== null && <span className="kit-soft">{formats.duration(line.tookMs)}</span>}{' '}
        {line.fiscal && (
          <StateBadge tone="warn" shape="diamond">
            {say('wire.fiscal')}
          </StateBadge>
        )}{' '}
        {isBad && (
          <StateBadge tone="bad" shape="cross">
            {line.error ?? say('wire.refused')}
          </StateBadge>
        )}
      </p>
      {line.sent !== '' && <p>→ {line.sent}</p>}
      {line.received !== null && <p>← {line.received}</p>}
      {line.words !== '' && <p className="kit-soft">{line.words}</p>}
    </div>
  );
}

function BeginDialog({ registerId, onClose }: { registerId: number; onClose(): void }): ReactNode {
  const say = useTexts(registerTexts);
  const queries = useQueryClient();
  const [minutes, setMinutes] = useState<number | ''>(5);
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={say('wire.beginTitle')}
      action={say('wire.begin')}
      isReady={reason.trim().length >= 3 && minutes !== ''}
      onClose={onClose}
      onConfirm={async () => {
        await api.post(`registers/${registerId}/trace`, { minutes, reason: reason.trim() });
        await queries.invalidateQueries({ queryKey: ['live', `trace:${registerId}`] });
      }}
    >
      <Text>{say('wire.beginText')}</Text>
      <NumberInput
        label={say('wire.minutes')}
        value={minutes}
        onChange={(value) => setMinutes(typeof value === 'number' ? value : '')}
        min={1}
        max={30}
        allowDecimal={false}
      />
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
