import type { FarmError } from '@kkt/contracts';

export interface OutgoingFile {
  name: string;
  contentType: string;
  bytes: Buffer;
}

/** A message ready to go. The same `id` at each repeat, so that who takes it can tell. */
export interface OutgoingMessage {
  id: string;
  address: string;
  subject: string;
  body: string;
  files: readonly OutgoingFile[];
}

/**
 * Carries messages of one channel to the outside. Resolves when the other side took the message. Rejects with
 * SYS-GATEWAY when it may be tried again (`retryAfterS` in the context when the other side said so), with
 * CLIENT-GATEWAY when it never will be taken.
 */
export interface Gateway {
  readonly name: string;
  send(message: OutgoingMessage, signal: AbortSignal): Promise<void>;
}

export const isFinal = (error: FarmError): boolean => error.code.startsWith('CLIENT-');
