import type { CheckView, FirstStepsView, HomeView, TodoView } from '@kkt/web-contract';
import {
  Ago,
  AppLink,
  Card,
  CardGrid,
  DataTable,
  EmptyState,
  PageHead,
  QueryView,
  Shape,
  type ShapeName,
  Tile,
  type Tone,
  useFormats,
  useLiveQuery,
  useNow,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { useMember } from '../app';
import { links } from '../links';
import { HoursChart } from '../parts/hours-chart';
import { texts } from '../texts';
import { FirstSteps, useFirstSteps } from './first-steps/first-steps';

/** C2: does everything work, how is the day, what needs me. */
export function HomeScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useLiveQuery<HomeView>('home', 'home');
  return (
    <>
      <PageHead title={say('home.title')} live />
      <QueryView query={query}>{(home) => <Content home={home} />}</QueryView>
    </>
  );
}

const looks: Record<CheckView['state'], { tone: Tone; shape: ShapeName }> = {
  ok: { tone: 'good', shape: 'circle' },
  warning: { tone: 'warn', shape: 'triangle' },
  trouble: { tone: 'bad', shape: 'cross' },
  unknown: { tone: 'mute', shape: 'ring' },
};

/** The first steps stay in sight for an hour after the first receipt. */
const stayMs = 3_600_000;
const isUnderWay = ({ sandbox }: FirstStepsView): boolean =>
  sandbox !== null && (!sandbox.firstReceipt || Date.now() - Date.parse(sandbox.firstReceipt.at) < stayMs);

function Content({ home }: { home: HomeView }): ReactNode {
  const say = useTexts(texts);
  const { person } = useMember();
  // Somebody with rights in a part only has no first steps to make.
  const isWhole = person.role !== 'member';
  const steps = useFirstSteps(isWhole);
  const isEmpty = home.health === 'empty';
  // Always in the same place, so that a password just shown stays while the page around it fills.
  return (
    <>
      {isWhole && (isEmpty || (steps.data && isUnderWay(steps.data))) && <FirstSteps />}
      {!isEmpty && <Board home={home} />}
      {isEmpty && !isWhole && (
        <Card>
          <EmptyState title={say('home.empty')}>{say('home.emptyHint')}</EmptyState>
        </Card>
      )}
    </>
  );
}

function Board({ home }: { home: HomeView }): ReactNode {
  const say = useTexts(texts);
  if (home.health === 'empty') return null;
  const look = looks[home.health];
  return (
    <>
      <div className="kit-banner" data-tone={look.tone} role="status">
        <strong>
          <Shape shape={look.shape} />
          {say(`home.${home.health}`)}
        </strong>
        {home.health === 'ok' && <span>{say('home.okNote')}</span>}
        {home.checks
          .filter(({ state }) => state === 'trouble' || state === 'warning')
          .map((check) => (
            <AppLink key={check.code} href={checkLink(check.code)}>
              {say(`check.${check.code}.bad`, { n: check.count, total: check.total })}
            </AppLink>
          ))}
      </div>
      <Day home={home} />
      <div className="cabinet-checks" role="list" aria-label={say('home.checks')}>
        {home.checks.map((check) => (
          <Check key={check.code} check={check} />
        ))}
      </div>
      <Shops shops={home.shops} />
      <CardGrid min={24}>
        <Card title={say('home.todo')}>
          <Todo list={home.todo} />
        </Card>
        <Card title={say('home.chart')}>
          <HoursChart hours={home.hours} />
        </Card>
      </CardGrid>
    </>
  );
}

/** The checks by shop: one look tells which of them needs somebody. One shop alone needs no table. */
function Shops({ shops }: { shops: HomeView['shops'] }): ReactNode {
  const say = useTexts(texts);
  const [first] = shops;
  if (!first || shops.length < 2) return null;
  return (
    <Card title={say('home.shops')} flush>
      <DataTable
        caption={say('home.shops')}
        rows={shops.slice(0, 20)}
        rowKey={(shop) => shop.name}
        columns={[
          { key: 'name', title: say('home.shop'), render: (shop) => shop.name },
          { key: 'n', title: say('nav.registers'), align: 'right', render: (shop) => shop.registers },
          ...first.checks.map(({ code }) => ({
            key: code,
            title: say(`check.${code}`),
            render: (shop: HomeView['shops'][number]) => {
              const state = shop.checks.find((check) => check.code === code)?.state ?? 'unknown';
              return (
                <span>
                  <Shape {...looks[state]} /> {say(`checkWord.${state}`)}
                </span>
              );
            },
          })),
        ]}
      />
    </Card>
  );
}

const dayInMoscow = (nowMs: number): string => new Date(nowMs + 3 * 3_600_000).toISOString().slice(0, 10);

function Day({ home }: { home: HomeView }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const now = useNow(60_000);
  const { today, yesterday, lastReceipt, registers } = home;
  const day = dayInMoscow(now);
  const ofToday = links.receipts({ from: day, to: day });
  return (
    <CardGrid min={9}>
      <Tile
        name={say('home.revenue')}
        value={formats.money(today.revenueKop)}
        note={
          today.returnsKop > 0 ? say('home.revenueNote', { sum: formats.money(today.returnsKop) }) : undefined
        }
        tone="info"
        href={ofToday}
      />
      <Tile
        name={say('home.receipts')}
        value={formats.number(today.receipts)}
        note={say('home.receiptsNote', { n: yesterday.receipts })}
        tone="info"
        href={ofToday}
      />
      <Tile
        name={say('home.average')}
        value={formats.money(today.averageKop)}
        note={
          yesterday.averageKop > 0
            ? say('home.averageNote', { sum: formats.money(yesterday.averageKop) })
            : undefined
        }
        tone="info"
      />
      <Tile
        name={say('home.last')}
        value={
          lastReceipt ? <Ago at={lastReceipt.finishedAt ?? lastReceipt.acceptedAt} /> : say('home.lastNone')
        }
        note={
          lastReceipt
            ? say('home.lastNote', { sum: formats.money(lastReceipt.totalKop), group: lastReceipt.groupCode })
            : undefined
        }
        tone="info"
        href={lastReceipt ? links.receipt(lastReceipt.id) : undefined}
      />
      <Tile
        name={say('home.waiting')}
        value={formats.number(home.waiting)}
        note={say('home.waitingNote')}
        tone={home.waiting > 0 ? 'warn' : 'good'}
        href={links.receipts({ state: 'queued' })}
      />
      <Tile
        name={say('home.registers')}
        value={formats.number(registers.working)}
        note={say('home.registersNote', { n: registers.total })}
        tone={registers.working === registers.total ? 'good' : 'warn'}
        href={links.registers()}
      />
    </CardGrid>
  );
}

const checkLink = (code: CheckView['code']): string => {
  switch (code) {
    case 'queue':
      return links.receipts({ state: 'queued' });
    case 'failures':
      return links.receipts({ state: 'failed' });
    case 'online':
      return links.registers({ condition: 'offline' });
    case 'ready':
    case 'sending':
    case 'operator':
    case 'fn':
    case 'shift':
    case 'clock':
      return links.registers({ condition: 'needs' });
  }
};

function Check({ check }: { check: CheckView }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const isBad = check.state === 'warning' || check.state === 'trouble';
  const text =
    check.state === 'unknown'
      ? say('check.unknown')
      : say(isBad ? `check.${check.code}.bad` : `check.${check.code}.ok`, {
          n: check.count,
          total: check.total,
        });
  const inside = (
    <>
      <Shape {...looks[check.state]} />
      <span>
        <strong>{say(`check.${check.code}`)}</strong>
        <span>
          {text}
          {isBad && check.since !== null && `, ${say('check.since', { time: formats.time(check.since) })}`}
        </span>
      </span>
    </>
  );
  return (
    <div role="listitem">
      {isBad ? (
        <AppLink className="cabinet-check" href={checkLink(check.code)}>
          {inside}
        </AppLink>
      ) : (
        <div className="cabinet-check">{inside}</div>
      )}
    </div>
  );
}

const todoLink = (todo: TodoView): string => {
  if (todo.registerId !== null)
    return todo.code === 'operator_unpaid' || todo.code === 'operator_term'
      ? links.operator(todo.registerId)
      : links.register(todo.registerId);
  return todo.code === 'failed_receipts' ? links.receipts({ state: 'failed' }) : links.registers();
};

/** The worst come first: the rest is a click away. */
const shownAtOnce = 10;

function Todo({ list }: { list: readonly TodoView[] }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const words = useWords();
  if (list.length === 0)
    return <EmptyState title={say('home.todoNone')}>{say('home.todoNoneHint')}</EmptyState>;
  return (
    <>
      <ul className="cabinet-todo">
        {list.slice(0, shownAtOnce).map((todo) => (
          <li key={`${todo.code}-${todo.registerId ?? todo.groupCode ?? ''}`}>
            <Shape {...looks[todo.severity]} />
            <span>
              <AppLink href={todoLink(todo)}>
                {say(`todo.${todo.code}`, {
                  serial: todo.serial ?? '',
                  group: todo.groupCode ?? '',
                  n: todo.count,
                  reason: words.problem(todo.reason) || '—',
                  date: todo.until === null ? '' : formats.date(todo.until),
                })}
              </AppLink>
            </span>
            {todo.since !== null && (
              <span className="kit-soft" style={{ flex: 'none' }}>
                <Ago at={todo.since} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {list.length > shownAtOnce && (
        <p style={{ marginBottom: 0 }}>
          <AppLink href={links.registers({ condition: 'needs' })}>{say('home.todoAll')}</AppLink>
        </p>
      )}
    </>
  );
}
