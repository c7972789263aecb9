const minuteMs = 60_000;

/** A moment as a field `datetime-local` wants it, by the reader's own clock. */
export function localInput(ms: number): string {
  const offsetMs = new Date(ms).getTimezoneOffset() * minuteMs;
  return new Date(ms - offsetMs).toISOString().slice(0, 16);
}

/** What such a field holds, as an ISO moment; undefined when it is empty or no time. */
export function momentOfInput(text: string): string | undefined {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
