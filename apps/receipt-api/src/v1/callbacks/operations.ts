import type { Operation } from '../openapi/operation';
import {
  CallbackQuery,
  CallbackSecretView,
  CallbackView,
  RotateSecretBody,
  UndeliveredListView,
} from './views';

const tag = 'Callbacks';

/** Operations on result callbacks; see docs/api/result-callbacks.md. */
export const callbackOperations: readonly Operation[] = [
  {
    id: 'getCallback',
    method: 'get',
    path: '/v1/receipts/{id}/callback',
    tag,
    summary: 'The result callback of a receipt and the journal of its attempts',
    scope: 'receipt:read',
    answer: { status: 200, of: CallbackView },
    problems: ['not-found'],
  },
  {
    id: 'replayCallback',
    method: 'post',
    path: '/v1/receipts/{id}/callback:replay',
    tag,
    summary: 'Tell the result once more: at once, then by the usual schedule',
    scope: 'receipt:write',
    answer: { status: 202, of: CallbackView },
    problems: ['not-found', 'state-conflict'],
  },
  {
    id: 'listUndelivered',
    method: 'get',
    path: '/v1/callbacks/undelivered',
    tag,
    summary: 'Callbacks that were given up after three days',
    scope: 'receipt:read',
    query: CallbackQuery,
    answer: { status: 200, of: UndeliveredListView },
    problems: ['request-invalid'],
  },
  {
    id: 'getCallbackSecret',
    method: 'get',
    path: '/v1/callbacks/secret',
    tag,
    summary: 'Secrets that sign your callbacks',
    description: 'They belong to the whole client: a key that is bound to a group gets 404.',
    scope: 'key:manage',
    answer: { status: 200, of: CallbackSecretView },
    problems: ['not-found'],
  },
  {
    id: 'rotateCallbackSecret',
    method: 'post',
    path: '/v1/callbacks/secret:rotate',
    tag,
    summary: 'Change the secret; for a while callbacks carry signatures by both',
    scope: 'key:manage',
    body: { of: RotateSecretBody, optional: true, example: { previous_lives_hours: 24 } },
    answer: { status: 200, of: CallbackSecretView },
    problems: ['request-invalid', 'not-found'],
  },
];
