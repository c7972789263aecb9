/**
 * Runs pieces of work one at a time in the order they were given. The next one starts only when the one before has ended,
 * well or badly; a failure concerns nobody else.
 */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    this.tail = result.catch(() => undefined);
    return result;
  }
}
