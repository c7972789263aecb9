import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DutyView } from '@kkt/web-contract';
import {
  api,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  ErrorState,
  PageHead,
  QueryView,
  Tile,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { deskTexts } from './texts-desk';
import { localInput, momentOfInput } from './time-input';
import './ops.css';

const roles = ['duty', 'second', 'head'] as const;
const aheadDays = 14;
const shiftHours = 12;
const hourMs = 3_600_000;

type Shift = DutyView['shifts'][number];

/** Who has duty, where nobody has, and what the last one left for the next. */
export function DutyScreen(): ReactNode {
  const say = useTexts(deskTexts);
  const { staff } = useMember();
  const may = staff.role === 'engineer' || staff.role === 'lead';
  const query = useQuery({
    queryKey: ['duty'],
    queryFn: ({ signal }) => api.get<DutyView>(`duty?days=${aheadDays}`, signal),
    refetchInterval: 30_000,
  });
  return (
    <>
      <PageHead title={say('duty.title')} />
      <QueryView query={query}>{(duty) => <Content duty={duty} may={may} />}</QueryView>
    </>
  );
}

function Content({ duty, may }: { duty: DutyView; may: boolean }): ReactNode {
  const say = useTexts(deskTexts);
  const formats = useFormats();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['duty'] }),
  });
  const [draft, setDraft] = useState<{ from: string; to: string }>();
  const untilOf = (role: Shift['role'], staffId: string): string | undefined =>
    duty.shifts.find(
      (one) => one.role === role && one.staffId === staffId && Date.parse(one.endsAt) > Date.now(),
    )?.endsAt;
  const noted = duty.shifts.filter(({ handoverNote }) => handoverNote !== null).at(-1);
  return (
    <>
      <CardGrid min={14}>
        {roles.map((role) => {
          const who = duty.now.filter((one) => one.role === role);
          const until = who[0] && untilOf(role, who[0].staffId);
          return (
            <Tile
              key={role}
              name={say(`duty.${role}Long`)}
              value={who.map(({ name }) => name).join(', ') || say('duty.nobody')}
              note={until === undefined ? undefined : say('duty.until', { time: formats.time(until) })}
              tone={who.length > 0 ? 'good' : role === 'duty' ? 'bad' : 'warn'}
            />
          );
        })}
      </CardGrid>
      {run.isError && <ErrorState error={run.error} />}
      {noted && (
        <Card title={say('duty.last')} side={`${noted.name}, ${formats.time(noted.endsAt)}`}>
          <p style={{ whiteSpace: 'pre-wrap', margin: 0 }}>{noted.handoverNote}</p>
        </Card>
      )}
      <Card title={say('duty.gaps')}>
        {duty.gaps.length === 0 ? (
          <p style={{ margin: 0 }}>{say('duty.gapsNone', { n: aheadDays })}</p>
        ) : (
          <>
            <p className="kit-soft" style={{ marginTop: 0 }}>
              {say('duty.gapHint')}
            </p>
            {duty.gaps.map(({ from, to }) => (
              <p key={from} className="ops-gap" data-tone="bad">
                <span>{say('duty.gap', { from: formats.dateTime(from), to: formats.dateTime(to) })}</span>
                {may && (
                  <Button size="xs" variant="default" onClick={() => setDraft({ from, to })}>
                    {say('duty.fill')}
                  </Button>
                )}
              </p>
            ))}
          </>
        )}
        <Days duty={duty} />
      </Card>
      {may && (
        <AddShift
          key={draft?.from ?? 'new'}
          duty={duty}
          draft={draft}
          isBusy={run.isPending}
          onAdd={(body) => run.mutate(() => api.post('duty', body))}
        />
      )}
      <Card title={say('duty.roster')} flush>
        <DataTable
          caption={say('duty.roster')}
          rows={duty.shifts}
          rowKey={(row) => row.id}
          empty={<EmptyState title={say('duty.none')}>{say('duty.noneHint')}</EmptyState>}
          columns={[
            { key: 'who', title: say('duty.who'), render: (row) => row.name },
            { key: 'role', title: say('duty.role'), render: (row) => say(`duty.${row.role}`) },
            { key: 'from', title: say('duty.from'), render: (row) => <DateTime at={row.startsAt} /> },
            { key: 'to', title: say('duty.to'), render: (row) => <DateTime at={row.endsAt} /> },
            {
              key: 'note',
              title: say('duty.note'),
              render: (row) => (
                <Note
                  shift={row}
                  may={may}
                  onWrite={(note) => run.mutate(() => api.put(`duty/${row.id}/note`, { note }))}
                />
              ),
            },
            ...(may
              ? [
                  {
                    key: 'remove',
                    title: '',
                    align: 'right' as const,
                    render: (row: Shift) => (
                      <Button
                        size="xs"
                        variant="subtle"
                        color="red"
                        aria-label={`${say('duty.remove')}: ${row.name}, ${formats.dateTime(row.startsAt)}`}
                        onClick={() => run.mutate(() => api.remove(`duty/${row.id}`))}
                      >
                        {say('duty.remove')}
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Card>
    </>
  );
}

/** The roster as bars over the days ahead, a line for each role. */
function Days({ duty }: { duty: DutyView }): ReactNode {
  const say = useTexts(deskTexts);
  const formats = useFormats();
  const [fromMs] = useState(() => Date.now() - hourMs);
  const spanMs = aheadDays * 24 * hourMs;
  const at = (moment: string): number =>
    Math.min(100, Math.max(0, ((Date.parse(moment) - fromMs) / spanMs) * 100));
  return (
    <div className="ops-days">
      {roles.map((role) => (
        <div key={role} className="ops-days-line">
          <span>{say(`duty.${role}`)}</span>
          <span
            className="ops-days-bar"
            role="img"
            aria-label={say('duty.dayLabel', { name: say(`duty.${role}`) })}
          >
            {duty.shifts
              .filter((one) => one.role === role && Date.parse(one.endsAt) > fromMs)
              .map((one) => (
                <span
                  key={one.id}
                  title={`${one.name}: ${formats.dateTime(one.startsAt)} — ${formats.dateTime(one.endsAt)}`}
                  style={{ left: `${at(one.startsAt)}%`, width: `${at(one.endsAt) - at(one.startsAt)}%` }}
                >
                  {one.name}
                </span>
              ))}
          </span>
        </div>
      ))}
    </div>
  );
}

function Note(props: { shift: Shift; may: boolean; onWrite(note: string): void }): ReactNode {
  const { shift, may, onWrite } = props;
  const say = useTexts(deskTexts);
  const [text, setText] = useState<string>();
  if (text === undefined)
    return (
      <span>
        <span style={{ whiteSpace: 'pre-wrap' }}>
          {shift.handoverNote ?? <span className="kit-soft">{say('duty.noNote')}</span>}
        </span>{' '}
        {may && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`${say('duty.write')}: ${shift.name}`}
            onClick={() => setText(shift.handoverNote ?? '')}
          >
            {say('duty.write')}
          </Button>
        )}
      </span>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onWrite(text.trim());
        setText(undefined);
      }}
    >
      <Textarea
        aria-label={say('duty.note')}
        description={say('duty.noteHint')}
        value={text}
        maxLength={4_000}
        autosize
        minRows={3}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" mt="xs" disabled={text.trim().length < 3}>
        {say('duty.write')}
      </Button>
    </form>
  );
}

function AddShift(props: {
  duty: DutyView;
  draft: { from: string; to: string } | undefined;
  isBusy: boolean;
  onAdd(body: { staffId: string; role: string; startsAt: string; endsAt: string }): void;
}): ReactNode {
  const { duty, draft, isBusy, onAdd } = props;
  const say = useTexts(deskTexts);
  const [staffId, setStaffId] = useState(duty.staff[0]?.id ?? '');
  const [role, setRole] = useState<string>('duty');
  const [from, setFrom] = useState(() => localInput(draft ? Date.parse(draft.from) : Date.now()));
  const [to, setTo] = useState(() =>
    localInput(draft ? Date.parse(draft.to) : Date.now() + shiftHours * hourMs),
  );
  const startsAt = momentOfInput(from);
  const endsAt = momentOfInput(to);
  const isReady = startsAt !== undefined && endsAt !== undefined && endsAt > startsAt && staffId !== '';
  return (
    <Card title={say('duty.add')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onAdd({ staffId, role, startsAt, endsAt });
        }}
      >
        <Group align="end">
          <NativeSelect
            label={say('duty.who')}
            value={staffId}
            onChange={(event) => setStaffId(event.currentTarget.value)}
            data={duty.staff.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <NativeSelect
            label={say('duty.role')}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value)}
            data={roles.map((value) => ({ value, label: say(`duty.${value}`) }))}
          />
          <TextInput
            type="datetime-local"
            label={say('duty.from')}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={say('duty.to')}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!isReady} loading={isBusy}>
            {say('duty.add')}
          </Button>
        </Group>
      </form>
    </Card>
  );
}
