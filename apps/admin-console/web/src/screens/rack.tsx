import { getRouteApi } from '@tanstack/react-router';
import { Button } from '@mantine/core';
import type { Cell, Condition, RackPatch, RackView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  ConditionBadge,
  conditionLook,
  EmptyState,
  Facts,
  FilterBar,
  FnGauge,
  kitTexts,
  PageHead,
  QueryView,
  RackMap,
  Shape,
  useLiveQuery,
  useRouting,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import { type ReactNode, useCallback, useMemo } from 'react';
import { links } from '../links';
import { Assemblies, PlaceMoves, RackSheet, RackWork, SlotReservation } from '../ops/rack-around';
import { SlotMove } from '../ops/slot-move';
import { rackTexts } from '../ops/texts-rack';
import { Identify } from '../register/identify';
import { texts } from '../texts';

const route = getRouteApi('/racks/$dc/$rack');

const legend: readonly Condition[] = [
  'works',
  'attention',
  'offline',
  'stopped',
  'paused',
  'registering',
  'stock',
];

/** Puts changed cells in and takes gone ones out. */
const applyPatch = (before: RackView | undefined, patch: RackPatch): RackView | undefined => {
  if (!before) return before;
  const cells = new Map(before.cells.map((cell) => [cell.registerId, cell]));
  for (const id of patch.gone) cells.delete(id);
  for (const cell of patch.cells) cells.set(cell.registerId, cell);
  return { ...before, cells: [...cells.values()], around: patch.around ?? before.around };
};

/** E4: the live map of a rack. */
export function RackScreen(): ReactNode {
  const { dc, rack } = route.useParams();
  const say = useTexts(texts);
  const around = useTexts(rackTexts);
  const query = useLiveQuery<RackView>(
    `rack:${dc}/${rack}`,
    `racks/${encodeURIComponent(dc)}/${encodeURIComponent(rack)}`,
    applyPatch,
  );
  return (
    <>
      <PageHead
        title={say('rack.title', { rack })}
        crumbs={[
          { title: say('nav.overview'), href: '/' },
          { title: dc, href: '/#racks' },
        ]}
        live
        actions={
          query.data && (
            <>
              <PlaceMoves view={query.data} />
              <Button variant="default" size="xs" onClick={() => window.print()}>
                {around('rack.print')}
              </Button>
            </>
          )
        }
      />
      <QueryView query={query}>{(view) => <Rack view={view} />}</QueryView>
    </>
  );
}

function Rack({ view }: { view: RackView }): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const { go } = useRouting();
  const [state, setState] = useUrlState();
  const [assembly, slot] = (state.at ?? '').split('-').map(Number);
  const selected = assembly && slot ? { assembly, slot } : undefined;
  const wanted = (state.client ?? '').toLowerCase();
  const isDimmed = useCallback(
    (cell: Cell): boolean =>
      (wanted !== '' &&
        !`${cell.clientName ?? ''} ${cell.groupCode ?? ''} ${cell.serial}`.toLowerCase().includes(wanted)) ||
      (state.condition !== undefined && cell.condition !== state.condition),
    [wanted, state.condition],
  );
  const onSelect = useCallback(
    (at: { assembly: number; slot: number }) => setState({ at: `${at.assembly}-${at.slot}` }),
    [setState],
  );
  const reserved = useMemo(
    () => new Set(view.around.reserved.map((one) => `${one.assembly}/${one.slot}`)),
    [view.around.reserved],
  );
  const isReserved = useCallback(
    (assembly: number, slot: number): boolean => reserved.has(`${assembly}/${slot}`),
    [reserved],
  );
  const onOpen = useCallback((cell: Cell) => go(links.register(cell.registerId)), [go]);
  const present = legend.filter((condition) => view.cells.some((cell) => cell.condition === condition));
  return (
    <>
      <FilterBar
        fields={[
          { name: 'client', label: say('rack.filter'), kind: 'text', width: '16rem' },
          {
            name: 'condition',
            label: say('rack.condition'),
            kind: 'choice',
            choices: [
              { value: '', label: say('rack.any') },
              ...legend.map((condition) => ({ value: condition, label: kit(`condition.${condition}`) })),
            ],
          },
        ]}
      />
      <div className="console-split">
        <Card title={say('rack.map')}>
          <RackMap
            rack={view.rack}
            assemblies={view.assemblies}
            slots={view.slots}
            cells={view.cells}
            selected={selected}
            isReserved={isReserved}
            isDimmed={isDimmed}
            onSelect={onSelect}
            onOpen={onOpen}
          />
          <p className="kit-legend" style={{ marginBottom: 0 }}>
            {present.map((condition) => (
              <span key={condition}>
                <Shape {...conditionLook[condition]} />
                {kit(`condition.${condition}`)}:{' '}
                {view.cells.filter((cell) => cell.condition === condition).length}
              </span>
            ))}
            <span>{say('rack.legend')}</span>
          </p>
        </Card>
        <div>
          <Selection view={view} selected={selected} />
          <RackWork view={view} />
        </div>
      </div>
      <Assemblies view={view} />
      <RackSheet view={view} words={(condition) => kit.maybe(`condition.${condition}`, condition)} />
    </>
  );
}

function Selection({
  view,
  selected,
}: {
  view: RackView;
  selected: { assembly: number; slot: number } | undefined;
}): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const { go } = useRouting();
  if (!selected) {
    return (
      <Card>
        <EmptyState title={say('rack.pick')}>{say('rack.pickHint')}</EmptyState>
      </Card>
    );
  }
  const place = say('place.text', {
    dc: view.dc,
    rack: view.rack,
    assembly: selected.assembly,
    slot: selected.slot,
  });
  const cell = view.cells.find((one) => one.assembly === selected.assembly && one.slot === selected.slot);
  if (!cell) {
    return (
      <Card title={place}>
        <EmptyState title={say('rack.emptySlot')}>{say('rack.emptyHint')}</EmptyState>
        <SlotReservation
          key={`${selected.assembly}/${selected.slot}`}
          view={view}
          assembly={selected.assembly}
          slot={selected.slot}
        />
      </Card>
    );
  }
  return (
    <Card title={place} side={<ConditionBadge condition={cell.condition} />}>
      {cell.problem !== null && <p style={{ marginTop: 0 }}>{words.problem(cell.problem)}</p>}
      <Facts
        rows={[
          [
            say('register.serial'),
            <AppLink key="a" href={links.register(cell.registerId)}>
              {cell.serial}
            </AppLink>,
          ],
          [say('register.client'), cell.clientName],
          [say('register.group'), cell.groupCode],
          [
            say('receipt.fn'),
            cell.fnNumber && (
              <span key="f" className="kit-mono">
                {cell.fnNumber}
              </span>
            ),
          ],
          [
            say('register.ofd'),
            cell.unsent === null
              ? null
              : cell.unsent === 0
                ? say('register.ofdNone')
                : say('register.ofdSome', { n: cell.unsent }),
          ],
          [
            say('register.shift'),
            cell.shiftOpen === null ? null : say(cell.shiftOpen ? 'shift.open' : 'register.shiftClosed'),
          ],
        ]}
      />
      <div style={{ margin: '0.75rem 0' }}>
        <FnGauge fn={cell} />
      </div>
      <Button fullWidth onClick={() => go(links.register(cell.registerId))}>
        {say('rack.open')}
      </Button>
      <Identify key={cell.registerId} registerId={cell.registerId} serial={cell.serial} />
      <SlotMove cell={cell} view={view} />
    </Card>
  );
}
