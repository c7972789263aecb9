import type {
  Comparison,
  DatabaseFacts,
  Difference,
  DocumentFacts,
  DriveFacts,
  FieldDifference,
  FnFacts,
  OperatorFacts,
  Place,
} from './facts';

interface Seen {
  fn?: FnFacts;
  database?: DatabaseFacts;
  operator?: OperatorFacts;
}

/** The FN's short record and the operator's copy agree to the minute; the FN keeps no seconds. */
const MINUTE = 'YYYY-MM-DDTHH:MM'.length;

/**
 * Compares what the FN, our database and the operator hold of one FN, number by number: FD numbers (1040) of an FN have
 * no gaps, so every number up to the last one known anywhere must be accounted for. Decides by its input alone.
 */
export function compareDrive(facts: DriveFacts): Comparison {
  const { fn, database, operator, fromFd } = facts;
  const last = Math.max(facts.lastFdInFn ?? 0, ...[fn, database, operator].map((place) => lastOf(place)));
  const lastAtOperator = lastOf(operator);
  const differences: Difference[] = [];
  let documents = 0;
  let provenUpTo = fromFd - 1;
  let gap: Difference | undefined;
  for (let fdNumber = fromFd; fdNumber <= last; fdNumber += 1) {
    const seen: Seen = {
      fn: fn?.get(fdNumber),
      database: database.get(fdNumber),
      operator: operator?.get(fdNumber),
    };
    if (!seen.fn && !seen.database && !seen.operator) {
      if (gap) gap.toFd = fdNumber;
      else differences.push((gap = { kind: 'gap', fdNumber, toFd: fdNumber, details: {} }));
      continue;
    }
    gap = undefined;
    documents += 1;
    const found = [
      ...missing(facts, fdNumber, seen),
      ...differing(facts, fdNumber, seen),
      ...confirmation(facts, fdNumber, seen, lastAtOperator),
    ];
    differences.push(...found);
    if (found.length === 0 && provenUpTo === fdNumber - 1 && isSettled(facts, seen)) provenUpTo = fdNumber;
  }
  return { differences, documents, provenUpTo };
}

/** Of the later differences, those that were there before: what was under way has settled meanwhile. */
export function persisting(earlier: readonly Difference[], later: readonly Difference[]): Difference[] {
  const known = new Set<string>();
  for (const { kind, fdNumber, toFd } of earlier)
    for (let number = fdNumber; number <= toFd; number += 1) known.add(`${kind}:${number}`);
  return later.filter(({ kind, fdNumber }) => known.has(`${kind}:${fdNumber}`));
}

const lastOf = (place: ReadonlyMap<number, DocumentFacts> | undefined): number => {
  let last = 0;
  for (const number of place?.keys() ?? []) if (number > last) last = number;
  return last;
};

const placesOf = (seen: Seen): Place[] =>
  (['fn', 'database', 'operator'] as const).filter((place) => seen[place] !== undefined);

function missing({ fn }: DriveFacts, fdNumber: number, seen: Seen): Difference[] {
  const found: Difference[] = [];
  if (!seen.database) found.push(differenceOf('missing_in_database', fdNumber, seen));
  if (fn && !seen.fn) found.push(differenceOf('missing_in_fn', fdNumber, seen));
  return found;
}

function differing({ operator }: DriveFacts, fdNumber: number, seen: Seen): Difference[] {
  const fields: FieldDifference[] = [];
  const compare = (
    field: FieldDifference['field'],
    valueOf: (facts: DocumentFacts) => number | string | null,
  ) => {
    const values: FieldDifference['values'] = {};
    for (const place of placesOf(seen)) {
      const value = valueOf(seen[place] as DocumentFacts);
      if (value !== null) values[place] = value;
    }
    if (new Set(Object.values(values)).size > 1) fields.push({ field, values });
  };
  compare('form', ({ form }) => (form === 0 ? null : form));
  compare('fiscalSign', ({ fiscalSign }) => fiscalSign);
  compare('totalKop', ({ totalKop }) => totalKop);
  compare('at', ({ at }) => at.slice(0, MINUTE));
  // With the operator's word the confirmation has kinds of its own.
  if (!operator && seen.fn && seen.database && seen.fn.delivered !== seen.database.confirmed)
    fields.push({
      field: 'confirmed',
      values: { fn: seen.fn.delivered, database: seen.database.confirmed },
    });
  return fields.length > 0 ? [differenceOf('fields_differ', fdNumber, seen, { fields })] : [];
}

function confirmation(
  { operator, fn, isInstalled, lateBefore }: DriveFacts,
  fdNumber: number,
  seen: Seen,
  lastAtOperator: number,
): Difference[] {
  if (!operator) return [];
  const ours = [
    ...(seen.fn ? [{ place: 'fn' as const, isConfirmed: seen.fn.delivered }] : []),
    ...(seen.database ? [{ place: 'database' as const, isConfirmed: seen.database.confirmed }] : []),
  ];
  const saidBy = (isConfirmed: boolean) =>
    ours.filter((each) => each.isConfirmed === isConfirmed).map(({ place }) => place);
  if (seen.operator) {
    const open = fn || !isInstalled ? saidBy(false) : [];
    if (open.length === 0) return [];
    return [differenceOf('not_confirmed_though_operator_has', fdNumber, seen, { saidBy: open })];
  }
  const confirmed = saidBy(true);
  if (confirmed.length > 0)
    return [differenceOf('confirmed_though_operator_lacks', fdNumber, seen, { saidBy: confirmed })];
  // An FN sends in the order of numbers, so a later one at the operator means that this one was lost there.
  if (lastAtOperator > fdNumber)
    return [differenceOf('missing_at_operator', fdNumber, seen, { why: 'operator_has_later_ones' })];
  if ((known(seen)?.at ?? lateBefore) < lateBefore)
    return [differenceOf('missing_at_operator', fdNumber, seen, { why: 'waits_too_long' })];
  return [];
}

/** Nothing about it can change any more. */
const isSettled = ({ fn, operator, isInstalled }: DriveFacts, seen: Seen): boolean =>
  (fn !== undefined || !isInstalled) &&
  operator !== undefined &&
  seen.operator !== undefined &&
  seen.database?.confirmed === true &&
  (!fn || seen.fn?.delivered === true);

/** The FN's own word comes first. */
const known = (seen: Seen): DocumentFacts | undefined => seen.fn ?? seen.database ?? seen.operator;

function differenceOf(
  kind: Difference['kind'],
  fdNumber: number,
  seen: Seen,
  more: Difference['details'] = {},
): Difference {
  const facts = known(seen);
  const form = [seen.fn, seen.database, seen.operator].find((each) => each && each.form !== 0)?.form;
  return {
    kind,
    fdNumber,
    toFd: fdNumber,
    ...(form === undefined ? {} : { form }),
    details: {
      seenIn: placesOf(seen),
      ...more,
      ...(facts
        ? {
            fiscalSign: facts.fiscalSign,
            at: facts.at,
            ...(facts.totalKop === null ? {} : { totalKop: facts.totalKop }),
          }
        : {}),
      ...(seen.database?.receiptId ? { receiptId: seen.database.receiptId } : {}),
    },
  };
}
