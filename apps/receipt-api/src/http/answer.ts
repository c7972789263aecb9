import { atolError, atolErrors, type AtolErrorName } from '@kkt/atol-online';

/** What the door says: a status, a body of the protocol's shape, and a pause to keep before a repeat. */
export interface Answer {
  http: number;
  body: string;
  /** Code of the protocol's error, for counting; undefined when it is no refusal. */
  code?: number;
  retryAfterS?: number;
  /** Why the receipt waits; told in a header, where no client's parser stumbles over it. */
  waiting?: string;
}

export interface RefusalDetails {
  errorId: string;
  stamp: string;
  /** Fills the places of the text. */
  fill?: readonly string[];
  /** HTTP status when it is not the table's. */
  http?: number;
  /** Text when it is not the table's. */
  text?: string;
  /** Receipt that the answer is about. */
  uuid?: string;
  retryAfterS?: number;
}

/** An error of the protocol in its common shape: `uuid` and `status` only where the table has them. */
export function refusal(name: AtolErrorName, details: RefusalDetails): Answer {
  const row = atolErrors[name];
  const error = atolError(name, details.errorId, ...(details.fill ?? []));
  const status: string | undefined = 'status' in row ? row.status : undefined;
  return {
    http: details.http ?? row.http,
    code: row.code,
    retryAfterS: details.retryAfterS,
    body: JSON.stringify({
      ...(details.uuid !== undefined && { uuid: details.uuid }),
      ...(status !== undefined && { status }),
      error: details.text === undefined ? error : { ...error, text: details.text },
      timestamp: details.stamp,
    }),
  };
}
