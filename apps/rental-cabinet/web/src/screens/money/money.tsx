import type { MoneyView } from '@kkt/web-contract';
import { CardGrid, PageHead, QueryView, Tile, useFormats, useTexts, useUrlState } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { AutoTopUp } from './auto-top-up';
import { CardPayments } from './card-payments';
import { CardReturn } from './card-return';
import { Contracts } from './contracts';
import { Operations } from './operations';
import { Papers } from './papers';
import { Reminders } from './reminders';
import { Rentals } from './rentals';
import { moneyTexts } from './texts';
import { TopUp } from './top-up';
import { useMoney } from './use-money';

/** C13: balance and day of stop, top-up, operations, rentals, papers. */
export function MoneyScreen(): ReactNode {
  const say = useTexts(moneyTexts);
  const [{ payment }, setState] = useUrlState();
  const query = useMoney();
  return (
    <>
      <PageHead title={say('title')} />
      {payment !== undefined && <CardReturn id={payment} onClose={() => setState({ payment: undefined })} />}
      <QueryView query={query}>{(money) => <Content money={money} />}</QueryView>
    </>
  );
}

function Content({ money }: { money: MoneyView }): ReactNode {
  return (
    <>
      <State money={money} />
      <CardGrid min={22}>
        <TopUp money={money} />
        <Reminders money={money} />
        <AutoTopUp money={money} />
      </CardGrid>
      <Operations />
      <Rentals money={money} />
      <Papers />
      <Contracts />
      <CardPayments />
    </>
  );
}

const soonDays = 14;

function State({ money }: { money: MoneyView }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const { stop, rentals } = money;
  const running = rentals.filter(({ daysLeft }) => daysLeft >= 0);
  const registers = new Set(running.map(({ registerId }) => registerId)).size;
  const tone = !stop ? 'good' : stop.daysLeft <= 3 ? 'bad' : stop.daysLeft <= soonDays ? 'warn' : 'good';
  return (
    <>
      {stop && stop.daysLeft <= soonDays && (
        <div className="kit-banner" data-tone={tone} role="status">
          <strong>
            {say(`because.${stop.because}`, { n: stop.registers, sum: formats.money(stop.missingKop) })}
          </strong>
        </div>
      )}
      <CardGrid min={13}>
        <Tile
          name={say('balance')}
          value={formats.money(money.balanceKop)}
          note={say('balanceNote')}
          tone="info"
        />
        <Tile
          name={say('stop')}
          value={stop ? formats.date(stop.day) : running.length === 0 ? '—' : say('stopNone')}
          note={
            stop
              ? stop.daysLeft > 0
                ? say('stopIn', { n: stop.daysLeft })
                : say(stop.daysLeft === 0 ? 'stopToday' : 'stopOver')
              : running.length === 0
                ? say('noRentals')
                : undefined
          }
          tone={running.length === 0 ? 'mute' : tone}
        />
        <Tile
          name={say('deferred')}
          value={formats.money(money.deferredKop)}
          note={say('deferredNote')}
          tone="info"
        />
        <Tile
          name={say('rented')}
          value={formats.number(registers)}
          note={say('rentedNote', { n: running.filter(({ renewsItself }) => renewsItself).length })}
          tone="info"
        />
      </CardGrid>
    </>
  );
}
