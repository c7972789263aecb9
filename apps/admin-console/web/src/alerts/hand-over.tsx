import { Button, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { DutyView } from '@kkt/web-contract';
import { api, Card, EmptyState, Facts, useFormats, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { alertTexts } from './texts';

type Shift = DutyView['shifts'][number];

/** Who has duty, what the last shift left word of, and the word for the next one. */
export function HandOver({ duty }: { duty: DutyView | undefined }): ReactNode {
  const say = useTexts(alertTexts);
  const formats = useFormats();
  const { staff } = useMember();
  const [isAsked, setAsked] = useState(false);
  if (!duty) return null;
  const now = Date.now();
  const isOn = (shift: Shift): boolean => Date.parse(shift.startsAt) <= now && now < Date.parse(shift.endsAt);
  const on = duty.shifts.filter(isOn);
  const current = on.find(({ role }) => role === 'duty');
  const before = duty.shifts
    .filter(({ role, endsAt }) => role === 'duty' && Date.parse(endsAt) <= now)
    .at(-1);
  const mayWrite = current && (staff.role === 'engineer' || staff.role === 'lead');
  return (
    <Card
      title={say('handover.title')}
      side={
        mayWrite && (
          <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
            {say('handover.own')}
          </Button>
        )
      }
    >
      {on.length === 0 ? (
        <EmptyState title={say('handover.nobody')}>{say('handover.nobodyHint')}</EmptyState>
      ) : (
        <Facts
          rows={[
            ...on.map(
              (shift) =>
                [
                  say(`who.${shift.role}`),
                  `${shift.name}, ${say('handover.until', { at: formats.time(shift.endsAt) })}`,
                ] as const,
            ),
            [say('handover.last'), before?.handoverNote ?? say('handover.none')],
            [say('handover.own'), current?.handoverNote],
          ]}
        />
      )}
      {isAsked && current && <NoteDialog shift={current} onClose={() => setAsked(false)} />}
    </Card>
  );
}

function NoteDialog({ shift, onClose }: { shift: Shift; onClose(): void }): ReactNode {
  const say = useTexts(alertTexts);
  const queries = useQueryClient();
  const [note, setNote] = useState(shift.handoverNote ?? '');
  return (
    <FormDialog
      title={say('handover.own')}
      action={say('do.save')}
      isReady={note.trim().length >= 3}
      onClose={onClose}
      onConfirm={async () => {
        await api.put(`duty/${shift.id}/note`, { note: note.trim() });
        await queries.invalidateQueries({ queryKey: ['duty'] });
      }}
    >
      <Textarea
        label={say('handover.ownText')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={4000}
        minRows={5}
        autosize
        data-autofocus
      />
    </FormDialog>
  );
}
