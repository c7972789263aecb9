import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Cell, RackView } from '@kkt/web-contract';
import { api, ConfirmDanger, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMayAct } from './rack-around';
import { rackTexts } from './texts-rack';

/** Pauses or resumes the register of one slot, with its serial number typed. */
export function SlotMove({ cell, view }: { cell: Cell; view: RackView }): ReactNode {
  const say = useTexts(rackTexts);
  const queries = useQueryClient();
  const may = useMayAct();
  const [isAsked, setAsked] = useState(false);
  const to =
    cell.condition === 'paused'
      ? 'resume'
      : ['works', 'attention', 'offline'].includes(cell.condition)
        ? 'pause'
        : undefined;
  if (!may || to === undefined) return null;
  return (
    <>
      <Button fullWidth mt="xs" variant="default" onClick={() => setAsked(true)}>
        {say(`rack.${to}`)}
      </Button>
      {isAsked && (
        <ConfirmDanger
          title={say(`rack.${to}Title`, { place: cell.serial })}
          word={cell.serial}
          wordLabel={say('rack.serial')}
          action={say(`rack.${to}`)}
          onConfirm={async ({ word, reason }) => {
            await api.post(`registers/${cell.registerId}/${to}`, { serial: word, reason });
            await queries.invalidateQueries({ queryKey: ['live', `rack:${view.dc}/${view.rack}`] });
          }}
          onClose={() => setAsked(false)}
        >
          {say(`rack.${to}Hint`)}
        </ConfirmDanger>
      )}
    </>
  );
}
