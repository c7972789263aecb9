import type { Log } from '@kkt/contracts';
import type { Directory } from '../../access/directory';
import type { RefusalBook } from '../../intake/refusal-book';
import type { KnownRequest } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import type { Problem } from './problem';

/** Problems of which a shop's programmer must mend the request itself. */
const mendable = 422;
const shownErrors = 3;

const groupIn = (body: unknown): string | undefined => {
  const { group } = (body ?? {}) as { group?: unknown };
  return typeof group === 'string' ? group : undefined;
};

/** The first error says what to mend first; more of them follow with their pointers. */
function wordsOf({ details: { errors = [], detail } }: Problem): { field: string; text: string } {
  const [first, ...more] = errors;
  if (!first) return { field: '', text: detail ?? '' };
  const others = more.slice(0, shownErrors).map(({ pointer, detail: words }) => `${pointer}: ${words}`);
  const left = more.length - others.length;
  const text = [first.detail, ...others, ...(left > 0 ? [`…ещё ${left}`] : [])].join('; ');
  return { field: first.pointer, text };
}

/** Writes refused requests of our own API into the log that shops read in the cabinet. */
export class RefusedRequests {
  constructor(
    private readonly directory: Directory,
    private readonly book: Pick<RefusalBook, 'note'>,
    private readonly log: Log,
  ) {}

  note(problem: Problem, { principal, body }: KnownRequest): void {
    if (problem.status !== mendable || !principal) return;
    this.write(problem, principal, body).catch((error: unknown) =>
      this.log.warn({ err: error }, 'a refused request was not noted'),
    );
  }

  private async write(problem: Problem, principal: Principal, body: unknown): Promise<void> {
    const { clientId } = principal;
    const groupId = problem.details.groupId ?? (await this.groupOf(principal, body));
    this.book.note({ groupId, clientId, code: problem.status, ...wordsOf(problem) });
  }

  /** The group it was meant for, when that is one the key may touch. */
  private async groupOf({ clientId, groupCode }: Principal, body: unknown): Promise<number | null> {
    const code = groupCode ?? groupIn(body);
    const known = code === undefined ? undefined : await this.directory.group(code);
    return known?.group.clientId === clientId ? known.group.id : null;
  }
}
