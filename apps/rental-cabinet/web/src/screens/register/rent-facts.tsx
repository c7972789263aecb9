import type { ClientRegister } from '@kkt/web-contract';
import { Ago, useFormats, useNow, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { registerTexts } from './texts';

const dayMs = 86_400_000;
/** An FN blocks itself when its first unsent document is this old. */
const unsentDays = 30;

/** Rent, forecast of the FN, last receipt and the countdown of unsent documents: names and values. */
export function useRentFacts(): (register: ClientRegister) => (readonly [string, ReactNode])[] {
  const say = useTexts(registerTexts);
  const formats = useFormats();
  const now = useNow(60_000);
  return ({ paidTo, isTrial, fnEnds, lastReceiptAt, firstUnsentAt }) => [
    [
      say('rent'),
      paidTo === null
        ? say('notRented')
        : say(isTrial ? 'trialTo' : 'paidTo', { date: formats.date(paidTo) }),
    ],
    [say('forecast'), fnEnds && say(`forecast.${fnEnds.cause}`, { date: formats.date(fnEnds.on) })],
    [say('lastReceipt'), lastReceiptAt === null ? say('none') : <Ago key="last" at={lastReceiptAt} />],
    [
      '30×24',
      firstUnsentAt &&
        say('countdown', {
          n: Math.max(0, unsentDays - Math.floor((now - Date.parse(firstUnsentAt)) / dayMs)),
        }),
    ],
  ];
}
