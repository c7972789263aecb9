import { Button, Group, NativeSelect, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { AlertDetails, DutyView } from '@kkt/web-contract';
import { api, useFormats, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { alertTexts } from './texts';

type Asked = 'ack' | 'assign' | 'silence' | 'public' | 'withdraw' | 'note';

/** What may be done about an alert, by the role of whoever looks. */
export function AlertActions({ alert }: { alert: AlertDetails }): ReactNode {
  const say = useTexts(alertTexts);
  const { staff } = useMember();
  const [asked, setAsked] = useState<Asked>();
  if (staff.role === 'viewer') return null;
  const isOpen = alert.closedAt === null;
  const isEngineer = staff.role === 'engineer' || staff.role === 'lead';
  const offers: { asked: Asked; title: string; isFirst?: boolean }[] = [
    ...(isOpen && alert.ackedAt === null
      ? [{ asked: 'ack' as const, title: say('do.ack'), isFirst: true }]
      : []),
    ...(isOpen ? [{ asked: 'assign' as const, title: say('do.assign') }] : []),
    ...(isOpen && isEngineer ? [{ asked: 'silence' as const, title: say('do.silence') }] : []),
    { asked: 'note', title: say('do.note') },
    ...(isEngineer
      ? [
          alert.public
            ? { asked: 'withdraw' as const, title: say('do.withdraw') }
            : { asked: 'public' as const, title: say('do.public') },
        ]
      : []),
  ];
  const close = (): void => setAsked(undefined);
  return (
    <Group gap="xs" mb="md">
      {offers.map((offer) => (
        <Button
          key={offer.asked}
          size="compact-md"
          variant={offer.isFirst ? 'filled' : 'default'}
          onClick={() => setAsked(offer.asked)}
        >
          {offer.title}
        </Button>
      ))}
      {asked === 'ack' && <Acknowledge alert={alert} onClose={close} />}
      {asked === 'assign' && <Assign alert={alert} onClose={close} />}
      {asked === 'silence' && <Silence alert={alert} onClose={close} />}
      {asked === 'note' && <Note alert={alert} onClose={close} />}
      {asked === 'public' && <Publish alert={alert} onClose={close} />}
      {asked === 'withdraw' && <Withdraw alert={alert} onClose={close} />}
    </Group>
  );
}

interface DialogProps {
  alert: AlertDetails;
  onClose(): void;
}

/** The card and the lists are read anew after a change. */
function useAfter(id: string): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['live', `alert:${id}`] }),
      queries.invalidateQueries({ queryKey: ['live', 'alerts'] }),
      queries.invalidateQueries({ queryKey: ['silences'] }),
    ]);
  };
}

function Acknowledge({ alert, onClose }: DialogProps): ReactNode {
  const say = useTexts(alertTexts);
  const after = useAfter(alert.id);
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title={say('do.ackTitle')}
      action={say('do.ack')}
      isReady
      onClose={onClose}
      onConfirm={async () => {
        await api.post(`alerts/${alert.id}/acknowledge`, note.trim() === '' ? {} : { note: note.trim() });
        await after();
      }}
    >
      <Text>{say('do.ackText')}</Text>
      <Textarea
        label={say('do.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </FormDialog>
  );
}

function Assign({ alert, onClose }: DialogProps): ReactNode {
  const say = useTexts(alertTexts);
  const after = useAfter(alert.id);
  const [staffId, setStaffId] = useState(alert.assignedToId ?? '');
  const duty = useQuery({ queryKey: ['duty'], queryFn: () => api.get<DutyView>('duty?days=7') });
  return (
    <FormDialog
      title={say('do.assignTitle')}
      action={say('do.assign')}
      isReady={duty.data !== undefined}
      onClose={onClose}
      onConfirm={async () => {
        await api.post(`alerts/${alert.id}/assign`, { staffId: staffId === '' ? null : staffId });
        await after();
      }}
    >
      <NativeSelect
        label={say('do.assignWho')}
        value={staffId}
        onChange={(event) => setStaffId(event.currentTarget.value)}
        data={[
          { value: '', label: say('do.assignNobody') },
          ...(duty.data?.staff ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        data-autofocus
      />
    </FormDialog>
  );
}

function Note({ alert, onClose }: DialogProps): ReactNode {
  const say = useTexts(alertTexts);
  const after = useAfter(alert.id);
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title={say('do.noteTitle')}
      action={say('do.save')}
      isReady={note.trim().length >= 3}
      onClose={onClose}
      onConfirm={async () => {
        await api.post(`alerts/${alert.id}/notes`, { note: note.trim() });
        await after();
      }}
    >
      <Textarea
        label={say('do.noteText')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={1000}
        minRows={4}
        autosize
        data-autofocus
      />
    </FormDialog>
  );
}

function Publish({ alert, onClose }: DialogProps): ReactNode {
  const say = useTexts(alertTexts);
  const after = useAfter(alert.id);
  const [ru, setRu] = useState('');
  const [en, setEn] = useState('');
  return (
    <FormDialog
      title={say('do.publicTitle')}
      action={say('do.publish')}
      isReady={ru.trim().length >= 3 && en.trim().length >= 3}
      danger
      onClose={onClose}
      onConfirm={async () => {
        await api.put(`alerts/${alert.id}/public`, { ru: ru.trim(), en: en.trim() });
        await after();
      }}
    >
      <Text>{say('do.publicText')}</Text>
      <Textarea
        label={say('do.publicRu')}
        value={ru}
        onChange={(event) => setRu(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
      <Textarea
        label={say('do.publicEn')}
        value={en}
        onChange={(event) => setEn(event.currentTarget.value)}
        maxLength={500}
      />
    </FormDialog>
  );
}

function Withdraw({ alert, onClose }: DialogProps): ReactNode {
  const say = useTexts(alertTexts);
  const after = useAfter(alert.id);
  return (
    <FormDialog
      title={say('do.withdraw')}
      action={say('do.withdraw')}
      isReady
      onClose={onClose}
      onConfirm={async () => {
        await api.remove(`alerts/${alert.id}/public`);
        await after();
      }}
    >
      <Text>{say('do.withdrawText')}</Text>
    </FormDialog>
  );
}

interface Scope {
  label: string;
  body: { rule?: string; dc?: string; rack?: string; assembly?: number; registerId?: number };
}

/** Objects that a silence may have for this alert: its register, the place that all its registers share, its rule. */
function useScopes(alert: AlertDetails): Scope[] {
  const say = useTexts(alertTexts);
  const { registers } = alert;
  const [first] = registers;
  const scopes: Scope[] = [];
  if (first && registers.length === 1)
    scopes.push({ label: say('do.scopeRegister'), body: { registerId: first.id } });
  if (first?.dc) {
    const isOne = (key: 'dc' | 'rack' | 'assembly'): boolean =>
      registers.every((one) => one[key] === first[key]);
    const { dc } = first;
    const rack = isOne('dc') && isOne('rack') ? (first.rack ?? undefined) : undefined;
    const assembly = rack !== undefined && isOne('assembly') ? (first.assembly ?? undefined) : undefined;
    if (isOne('dc')) {
      const place = say(
        assembly !== undefined ? 'place.assembly' : rack !== undefined ? 'place.rack' : 'place.dc',
        { dc, rack: rack ?? '', assembly: assembly ?? '' },
      );
      const body = { dc, ...(rack !== undefined && { rack }), ...(assembly !== undefined && { assembly }) };
      scopes.push({ label: say('do.scopePlaceRule', { place }), body: { ...body, rule: alert.class } });
      scopes.push({ label: say('do.scopePlace', { place }), body });
    }
  }
  if (alert.route !== null) scopes.push({ label: say('do.scopeRule'), body: { rule: alert.class } });
  return scopes;
}

function Silence({ alert, onClose }: DialogProps): ReactNode {
  const say = useTexts(alertTexts);
  const formats = useFormats();
  const after = useAfter(alert.id);
  const scopes = useScopes(alert);
  const [scope, setScope] = useState(0);
  const [minutes, setMinutes] = useState(60);
  const [reason, setReason] = useState('');
  const chosen = scopes[scope];
  return (
    <FormDialog
      title={say('do.silenceTitle')}
      action={say('do.silence')}
      isReady={reason.trim().length >= 3 && chosen !== undefined}
      onClose={onClose}
      onConfirm={async () => {
        await api.post('silences', { ...chosen?.body, minutes, reason: reason.trim() });
        await after();
      }}
    >
      <Text>{say('do.silenceText')}</Text>
      <NativeSelect
        label={say('do.scope')}
        value={String(scope)}
        onChange={(event) => setScope(Number(event.currentTarget.value))}
        data={scopes.map(({ label }, index) => ({ value: String(index), label }))}
      />
      <NativeSelect
        label={say('do.for')}
        description={say('do.until', {
          at: formats.time(new Date(Date.now() + minutes * 60_000).toISOString()),
        })}
        value={String(minutes)}
        onChange={(event) => setMinutes(Number(event.currentTarget.value))}
        data={([30, 60, 120, 240, 480, 1440] as const).map((one) => ({
          value: String(one),
          label: say(`minutes.${one}`),
        }))}
      />
      <Textarea
        label={say('do.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </FormDialog>
  );
}
