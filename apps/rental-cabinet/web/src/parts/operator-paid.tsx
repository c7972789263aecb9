import type { OperatorPaidView } from '@kkt/web-contract';
import { defineTexts, StateBadge, useFormats, useNow, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';

const dayMs = 86_400_000;
const moscowMs = 3 * 3_600_000;
const soonDays = 14;

export const operatorPaidTexts = defineTexts({
  ru: {
    name: 'Оператор оплачен',
    until: 'до {date}',
    over: 'срок прошёл {date}',
    'how.refused': 'нет: оператор отказывает из-за оплаты с {at}',
    'how.tariff': 'до {date}, входит в аренду',
    'how.said': 'записал(а) {by}, {at}',
    'how.accepts': 'принимает документы, последний {at}; до какого дня оплачен, оператор не сообщает',
    'how.unknown': 'неизвестно: запишите срок договора',
    contract: 'договор {number}',
  },
  en: {
    name: 'Operator paid',
    until: 'until {date}',
    over: 'ended on {date}',
    'how.refused': 'no: the operator refuses for want of payment since {at}',
    'how.tariff': 'until {date}, part of the rent',
    'how.said': 'written by {by}, {at}',
    'how.accepts': 'it takes documents, the last one {at}; until when it is paid the operator does not tell',
    'how.unknown': 'not known: write the term of the contract',
    contract: 'contract {number}',
  },
});

/** Whether the operator is paid, with the way that is known. */
export function OperatorPaid({ paid }: { paid: OperatorPaidView }): ReactNode {
  const say = useTexts(operatorPaidTexts);
  const formats = useFormats();
  const now = useNow(60_000);
  const { how, until, at, by, contract } = paid;
  const date = until === null ? '' : formats.date(until);
  const moment = at === null ? '—' : formats.date(at);
  if (how === 'refused')
    return (
      <StateBadge tone="bad" shape="cross">
        {say('how.refused', { at: moment })}
      </StateBadge>
    );
  if (how === 'tariff') return say('how.tariff', { date });
  if (how === 'accepts' || how === 'unknown' || until === null)
    return (
      <span className="kit-soft">
        {say(how === 'accepts' ? 'how.accepts' : 'how.unknown', { at: moment })}
      </span>
    );
  const left = Math.round(Date.parse(`${until}T00:00:00Z`) / dayMs) - Math.floor((now + moscowMs) / dayMs);
  const words = say(left < 0 ? 'over' : 'until', { date });
  return (
    <>
      {left <= soonDays ? (
        <StateBadge tone={left < 0 ? 'bad' : 'warn'} shape="triangle">
          {words}
        </StateBadge>
      ) : (
        words
      )}{' '}
      <span className="kit-soft">
        {[contract && say('contract', { number: contract }), say('how.said', { by: by ?? '—', at: moment })]
          .filter(Boolean)
          .join(', ')}
      </span>
    </>
  );
}
