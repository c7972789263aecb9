import type { Refusal } from '@kkt/domain';
import type { NewReceipt } from '@kkt/storage';
import type { Violation } from './violation';

type LateRefusal = NonNullable<NewReceipt['refusal']>;

/**
 * When a shop hears of a refusal: the one place that decides it.
 *
 * At registration, as error 32 with the field's path: everything the shop can mend. The original service lets
 * arithmetic, tax systems and agents through and fails the receipt minutes later with a register's number (52, 66, 128,
 * 143, 227), by which time the external id is spent and the shop has told its buyer that all is well; its users ask
 * for the answer at once. Every client must handle error 32 here anyway, and the external id stays free.
 *
 * In the report, as the original service has been seen to answer: an INN that is not the group's. Shops with several
 * firms tell a wrong group by the agent's error 2009 in report or callback, so the receipt is taken, stored as failed
 * and told to the callback. When something else is wrong too, the shop hears of all of it at once, at registration.
 */
const lateRefusals: Readonly<Partial<Record<Refusal['rule'], Pick<LateRefusal, 'errorCode' | 'errorType'>>>> =
  {
    InnOfAnotherTaxpayer: { errorCode: 2009, errorType: 'agent' },
  };

/** Either the answer to the registration, or the result of a receipt that is taken and failed at once. */
export type RefusalAnswer =
  { when: 'now'; violations: Violation[] } | { when: 'report'; refusal: LateRefusal };

export function answerRefusals(refused: readonly Refusal[], form: 'receipt' | 'correction'): RefusalAnswer {
  const [first] = refused;
  const late = first && refused.length === 1 ? lateRefusals[first.rule] : undefined;
  if (first && late) return { when: 'report', refusal: { ...late, errorText: `${first.text}.` } };
  return {
    when: 'now',
    violations: refused.map(({ rule, path, text }) => ({
      kind: rule,
      path: path === '' ? form : `${form}.${path}`,
      text,
    })),
  };
}
