import type { Random } from '@kkt/contracts';
import type { AnswerMeaning } from '@kkt/ofd-protocol';

/** Why a message did not get its confirmation: what an engineer must do differs by it. */
export type RelayCause =
  /** No way to the operator's host, or the connection broke. */
  | 'network'
  /** It takes connections and gives no answers, or says to come later. */
  | 'operator_unavailable'
  /** Silence beyond the protocol's limit. */
  | 'timeout'
  /** What came was no answer to this document. */
  | 'garbage'
  /** The operator does not know this KKT. */
  | 'not_registered'
  /** The KKT is registered at the operator, its contract is not activated. */
  | 'not_activated'
  | 'unpaid'
  /** The FN is not the one registered, or was closed. */
  | 'wrong_fn'
  /** The operator will not have this document. */
  | 'refused_document';

/** A failed attempt, explained. */
export interface RelayFailure {
  cause: RelayCause;
  /** One sentence in Russian. */
  text: string;
  /** The operator as a whole seems away: others need not try now. */
  isOperatorDown: boolean;
}

export const failure = (cause: RelayCause, text: string, isOperatorDown = false): RelayFailure => ({
  cause,
  text,
  isOperatorDown,
});

/** Base and limit of the waits between attempts, seconds. What a person must settle is asked about less often. */
const waitsS: Record<RelayCause, { base: number; limit: number }> = {
  network: { base: 1, limit: 60 },
  operator_unavailable: { base: 2, limit: 120 },
  timeout: { base: 5, limit: 300 },
  garbage: { base: 5, limit: 300 },
  not_registered: { base: 30, limit: 300 },
  not_activated: { base: 30, limit: 300 },
  unpaid: { base: 30, limit: 300 },
  wrong_fn: { base: 30, limit: 300 },
  refused_document: { base: 30, limit: 600 },
};

/** Causes that repeat until a person acts. */
export const needsPerson = (cause: RelayCause): boolean =>
  cause === 'not_registered' ||
  cause === 'not_activated' ||
  cause === 'unpaid' ||
  cause === 'wrong_fn' ||
  cause === 'refused_document';

/** When the message is due again: doubled per failed attempt, a quarter either way left to chance. Seconds. */
export function retryInS(cause: RelayCause, attempts: number, random: Random): number {
  const { base, limit } = waitsS[cause];
  return Math.min(limit, base * 2 ** Math.min(attempts, 12)) * (0.75 + 0.5 * random.next());
}

/** The operator's own "no" as a cause. */
export function causeOfRefusal(meaning: AnswerMeaning): RelayFailure {
  const code = `код ответа ${meaning.code}`;
  switch (meaning.name) {
    case 'unknownKkt':
      return failure('not_registered', `касса не зарегистрирована у оператора (${code})`);
    case 'notActivated':
      return failure('not_activated', `касса не активирована у оператора (${code})`);
    case 'unpaid':
      return failure('unpaid', `услуги оператора не оплачены (${code})`);
    case 'wrongFn':
      return failure('wrong_fn', `у оператора зарегистрирован другой ФН (${code})`);
    case 'closed':
      return failure('wrong_fn', `ФН или касса у оператора закрыты (${code})`);
    case 'tryLater':
      return failure('operator_unavailable', `оператор просит прийти позже (${code})`);
    case 'outOfOrder':
      return failure('refused_document', `оператор не видел предыдущих документов ФН (${code})`);
    case 'conflict':
      return failure('refused_document', `у оператора уже есть другой документ с этим номером (${code})`);
    case 'notRecognised':
      return failure('refused_document', `оператор не распознал документ (${code})`);
    case 'accepted':
    case 'formatLogicFailed':
    case undefined:
      return failure('refused_document', `оператор отказал без подтверждения (${code})`);
  }
}
