import type { Cell } from '@kkt/web-contract';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { fnTone } from '../parts/fn-gauge';
import { conditionLook, Shape } from '../parts/state-badge';
import { useFormats, useTexts } from '../i18n/language';
import { kitTexts } from '../texts';

export interface RackMapProps {
  rack: string;
  assemblies: number;
  slots: number;
  cells: readonly Cell[];
  selected?: { assembly: number; slot: number };
  /** Cells that do not fit a filter are dimmed. */
  isDimmed?(cell: Cell): boolean;
  /** Empty slots that are kept for somebody. */
  isReserved?(assembly: number, slot: number): boolean;
  onSelect(at: { assembly: number; slot: number }): void;
  onOpen(cell: Cell): void;
}

interface At {
  assembly: number;
  slot: number;
}

const key = (assembly: number, slot: number): string => `${assembly}/${slot}`;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Where an arrow leads; nothing when it leads out of the rack. */
function step(from: At, pressed: string, assemblies: number, slots: number): At | undefined {
  const by = (assembly: number, slot: number): At | undefined =>
    assembly >= 1 && assembly <= assemblies && slot >= 1 && slot <= slots ? { assembly, slot } : undefined;
  switch (pressed) {
    case 'ArrowLeft':
      return by(from.assembly, from.slot - 1);
    case 'ArrowRight':
      return by(from.assembly, from.slot + 1);
    case 'ArrowUp':
      return by(from.assembly - 1, from.slot);
    case 'ArrowDown':
      return by(from.assembly + 1, from.slot);
    case 'Home':
      return by(from.assembly, 1);
    case 'End':
      return by(from.assembly, slots);
    case 'PageUp':
      return by(1, from.slot);
    case 'PageDown':
      return by(assemblies, from.slot);
    default:
      return undefined;
  }
}

/**
 * A rack as a grid of assemblies by slots. Each cell shows its state by shape and colour and the FN's fill by a bar.
 * Arrows, Home, End and Page keys move, Space selects, Enter opens; one stop of the Tab key for the whole rack.
 */
export function RackMap(props: RackMapProps): ReactNode {
  const { rack, assemblies, slots, cells, selected, isDimmed, isReserved, onSelect, onOpen } = props;
  const say = useTexts(kitTexts);
  const grid = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState<At>(selected ?? { assembly: 1, slot: 1 });
  const byPlace = useMemo(() => new Map(cells.map((cell) => [key(cell.assembly, cell.slot), cell])), [cells]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = step(focus, event.key, assemblies, slots);
    const here = byPlace.get(key(focus.assembly, focus.slot));
    if (next) {
      setFocus(next);
      grid.current?.querySelector<HTMLElement>(`[data-at="${key(next.assembly, next.slot)}"]`)?.focus();
    } else if (event.key === 'Enter' && here) onOpen(here);
    else if (event.key === ' ') onSelect(focus);
    else return;
    event.preventDefault();
  };

  const onPick = useCallback(
    (assembly: number, slot: number) => {
      setFocus({ assembly, slot });
      onSelect({ assembly, slot });
    },
    [onSelect],
  );

  return (
    <div className="kit-rack">
      <div className="kit-rack-ruler" aria-hidden="true">
        {range(slots).map((slot) => (
          <span key={slot}>{slot % 6 === 0 || slot === 1 ? slot : ''}</span>
        ))}
      </div>
      <div
        ref={grid}
        role="grid"
        aria-label={say('rack.label', { rack })}
        aria-rowcount={assemblies}
        aria-colcount={slots}
        onKeyDown={onKeyDown}
      >
        {range(assemblies).map((assembly) => (
          <div role="row" aria-rowindex={assembly} key={assembly}>
            <span
              role="rowheader"
              data-word={say('rack.assemblyWord')}
              aria-label={say('rack.assembly', { assembly })}
            >
              {assembly}
            </span>
            <div className="kit-rack-slots" role="presentation">
              {range(slots).map((slot) => {
                const cell = byPlace.get(key(assembly, slot));
                return (
                  <RackCell
                    key={slot}
                    rack={rack}
                    assembly={assembly}
                    slot={slot}
                    cell={cell}
                    isFocus={focus.assembly === assembly && focus.slot === slot}
                    isSelected={selected?.assembly === assembly && selected.slot === slot}
                    isDim={cell !== undefined && (isDimmed?.(cell) ?? false)}
                    isKept={isReserved?.(assembly, slot) ?? false}
                    onPick={onPick}
                    onOpen={onOpen}
                  />
                );
              })}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

interface RackCellProps extends At {
  rack: string;
  cell: Cell | undefined;
  isFocus: boolean;
  isSelected: boolean;
  isDim: boolean;
  isKept: boolean;
  onPick(assembly: number, slot: number): void;
  onOpen(cell: Cell): void;
}

const RackCell = memo(function RackCell(props: RackCellProps): ReactNode {
  const { rack, assembly, slot, cell, isFocus, isSelected, isDim, isKept, onPick, onOpen } = props;
  const say = useTexts(kitTexts);
  const formats = useFormats();
  const common = {
    role: 'gridcell',
    'aria-colindex': slot,
    'aria-selected': isSelected,
    'data-at': key(assembly, slot),
    tabIndex: isFocus ? 0 : -1,
    onClick: () => onPick(assembly, slot),
  };
  const place = { rack, assembly, slot };
  if (!cell)
    return (
      <span
        {...common}
        className="kit-cell"
        data-empty=""
        data-kept={isKept || undefined}
        aria-label={say(isKept ? 'rack.kept' : 'rack.empty', place)}
      />
    );
  const look = conditionLook[cell.condition];
  const name = say('rack.cell', {
    ...place,
    serial: cell.serial,
    state: say(`condition.${cell.condition}`),
    fill: cell.fnFill === null ? '—' : formats.percent(cell.fnFill),
  });
  return (
    <span
      {...common}
      className="kit-cell"
      data-tone={look.tone}
      data-dim={isDim || undefined}
      aria-label={name}
      title={name}
      onDoubleClick={() => onOpen(cell)}
    >
      <Shape shape={look.shape} />
      {cell.fnFill !== null && (
        <span className="kit-cell-fill" data-tone={fnTone(cell.fnFill, cell.validUntil)}>
          <span style={{ width: `${Math.round(cell.fnFill * 100)}%` }} />
        </span>
      )}
    </span>
  );
});
