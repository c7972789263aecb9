import type { Day } from './days';
import type { FnForecastInput, LoadAhead } from './types';

/** Days of an FN's own readings that weigh as much as what the client announced. */
const trustDays = 4;
/** How far announced loads are off, relative: ours, nothing public was found. */
const announcedError = 0.5;
/** From so many readings on the FN speaks for itself. */
const enoughDays = 28;

/** Leans the load of a new client on what it announced, the less the more readings there are. */
export function withAnnounced(
  own: LoadAhead | undefined,
  { history, announcedPerDay }: FnForecastInput,
  firstDay: Day,
): LoadAhead | undefined {
  if (!announcedPerDay || announcedPerDay <= 0) return own;
  let days = 0;
  for (let at = 0; at < history.documents.length; at++)
    if (!Number.isNaN(history.documents[at] as number)) days += 1;
  if (days >= enoughDays) return own;
  if (!own)
    return days > 0
      ? undefined
      : { firstDay, documents: () => announcedPerDay, relativeError: () => announcedError };
  let perDay = 0;
  for (let at = 0; at < 28; at++) perDay += own.documents(at) / 28;
  if (!(perDay > 0)) return own;
  const trust = days / (days + trustDays);
  const lift = (announcedPerDay / perDay) ** (1 - trust);
  return {
    firstDay: own.firstDay,
    documents: (at) => own.documents(at) * lift,
    relativeError: (ahead) => Math.hypot(own.relativeError(ahead), (1 - trust) * announcedError),
  };
}
