import { isObject, type JsonObject } from './fields';

/**
 * The vendor's web server as far as it is known, in one place.
 *
 * Public (a client library, a re-implementation measured against Web Requests 1.0.4, the driver's own scripts):
 * paths; `{uuid, request: [task]}`; 201 for a request that was taken, 409 for a uuid that is known, 404 for one that is
 * not; tasks of one device run one at a time in the order of their requests; the statuses below; `error {code,
 * description}` in newer versions, `errorCode` and `errorDescription` in older ones.
 *
 * Ours: 409 is believed only together with the request itself, because the server also says 409 when no register is
 * connected; 200 and 202 are taken for 201; any 5xx is taken for silence; DELETE cancels a waiting request (the
 * re-implementation has the act, its method is inferred); any status we do not know is taken for "not finished".
 */
export const REQUESTS_PATH = '/api/v2/requests';

/** Usual port of the server on the register's host. */
export const DEFAULT_WEB_SERVER_PORT = 16732;

/** One task of the driver, see `tasks` of its JSON interface. */
export interface JsonTask {
  readonly type: string;
  readonly [field: string]: unknown;
}

export type TaskStatus = 'pending' | 'ready' | 'error' | 'interrupted';

/** How one task of a request stands. */
export interface TaskState {
  status: TaskStatus;
  /** The server's own word, for people. */
  word: string;
  /** Number in the driver's list of errors, 0 when none. */
  code: number;
  description: string;
  result: JsonObject;
}

const STATUS: Readonly<Record<string, TaskStatus>> = {
  wait: 'pending',
  inProgress: 'pending',
  /** The queue stands: the server itself does not know yet what became of the task. */
  blocked: 'pending',
  ready: 'ready',
  error: 'error',
  interrupted: 'interrupted',
  canceled: 'interrupted',
};

export const requestPath = (key: string): string => `${REQUESTS_PATH}/${key}`;

export const requestBody = (key: string, tasks: readonly JsonTask[]): string =>
  JSON.stringify({ uuid: key, request: tasks });

export type Reception = 'taken' | 'known' | 'refused' | 'unheard';

/** What an HTTP status says of a request that was put. */
export function receptionOf(status: number): Reception {
  if (status === 200 || status === 201 || status === 202) return 'taken';
  if (status === 409) return 'known';
  return status >= 500 ? 'unheard' : 'refused';
}

/** How the tasks of a request stand; undefined when the body is no answer to that question. */
export function readStates(body: string): TaskState[] | undefined {
  const parsed = parse(body);
  const results = isObject(parsed) ? parsed.results : undefined;
  if (!Array.isArray(results) || results.length === 0) return undefined;
  return results.map((entry: unknown) => stateOf(isObject(entry) ? entry : {}));
}

/** What the server says of a request it did not take. */
export function readComplaint(body: string): string {
  const parsed = parse(body);
  const error = isObject(parsed) && isObject(parsed.error) ? parsed.error : {};
  return typeof error.description === 'string' ? error.description : body.slice(0, 200);
}

function stateOf(entry: JsonObject): TaskState {
  const error = isObject(entry.error) ? entry.error : {};
  const code = entry.errorCode ?? error.code;
  const description = entry.errorDescription ?? error.description;
  const word = typeof entry.status === 'string' ? entry.status : '';
  return {
    status: STATUS[word] ?? 'pending',
    word,
    code: typeof code === 'number' ? code : 0,
    description: typeof description === 'string' ? description : '',
    result: isObject(entry.result) ? entry.result : {},
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
