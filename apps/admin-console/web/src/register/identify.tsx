import { Button, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RegisterCommandView } from '@kkt/web-contract';
import { api, StateBadge, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { registerTexts } from './texts';

const isOver = (state: RegisterCommandView['state'] | undefined): boolean =>
  state === 'done' || state === 'failed' || state === 'expired';

const looks = {
  waiting: { tone: 'info', shape: 'ring' },
  running: { tone: 'info', shape: 'diamond' },
  done: { tone: 'good', shape: 'circle' },
  failed: { tone: 'bad', shape: 'cross' },
  expired: { tone: 'warn', shape: 'cross' },
} as const;

/** Has a register beep, so that it is found among its neighbours; tells beside the button what became of it. */
export function Identify({ registerId, serial }: { registerId: number; serial: string }): ReactNode {
  const say = useTexts(registerTexts);
  const { staff } = useMember();
  const [isAsked, setAsked] = useState(false);
  const [order, setOrder] = useState<string>();
  const [reason, setReason] = useState(say('identify.why'));
  const outcome = useQuery({
    queryKey: ['order', registerId, order],
    queryFn: ({ signal }) =>
      api.get<RegisterCommandView>(`registers/${registerId}/commands/${order ?? ''}`, signal),
    enabled: order !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data?.state) ? false : 500),
  });
  if (staff.role !== 'engineer' && staff.role !== 'lead') return null;
  const state = outcome.data?.state;
  return (
    <div
      style={{ display: 'flex', gap: '0.75rem', alignItems: 'center', flexWrap: 'wrap', marginTop: '0.5rem' }}
    >
      <Button variant="default" onClick={() => setAsked(true)}>
        {say('command.identify')}
      </Button>
      {state && (
        <span role="status">
          <StateBadge {...looks[state]}>
            {say(state === 'done' ? 'identify.done' : `state.${state}`)}
          </StateBadge>
        </span>
      )}
      {isAsked && (
        <FormDialog
          title={say('identify.title', { serial })}
          action={say('command.identify')}
          isReady={reason.trim().length >= 3}
          onClose={() => setAsked(false)}
          onConfirm={async () => {
            const { id } = await api.post<{ id: string }>(`registers/${registerId}/commands`, {
              kind: 'identify',
              reason: reason.trim(),
            });
            setOrder(id);
          }}
        >
          <Text>{say('command.identifyText')}</Text>
          <Textarea
            label={say('reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            data-autofocus
          />
        </FormDialog>
      )}
    </div>
  );
}
