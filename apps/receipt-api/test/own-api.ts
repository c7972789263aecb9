import type { Server } from 'node:http';
import { newApiKey } from '@kkt/security';
import { ApiKeyStore } from '@kkt/storage';
import request, { type Response } from 'supertest';
import { checkAnswer } from './answer-check';
import { clientId, otherClientId, type World } from './world';
import { scopes } from '../src/v1/access/scopes';

type Json = Record<string, unknown>;

let last = 0;
/** A key of repetition nobody used. */
export const freshKey = (): string => `own-${++last}`;

/** A plain sale of the own API. */
export const ownSale = (changes: Json = {}): Json => ({
  group: 'g5',
  operation: 'sell',
  client: { email: 'buyer@example.com' },
  company: { sno: 'osn' },
  items: [
    {
      name: 'Чай',
      price: '100.50',
      quantity: '2',
      payment_method: 'full_payment',
      payment_object: 'commodity',
      vat: { type: 'vat22' },
    },
  ],
  payments: [{ type: 'electronic', sum: '201.00' }],
  total: '201.00',
  ...changes,
});

/** Makes a key of a client; returns its text. */
export async function makeKey(
  world: World,
  options: { client?: string; scopes?: readonly string[]; group?: string; name?: string } = {},
): Promise<string> {
  const key = newApiKey();
  await new ApiKeyStore(world.database).add({
    id: key.id,
    keyHash: key.hash,
    clientId: options.client ?? clientId,
    name: options.name ?? `test ${key.id}`,
    scopes: options.scopes ?? scopes,
    groupCode: options.group ?? null,
  });
  return key.text;
}

/** A program with a key. */
export class Caller {
  constructor(
    readonly server: Server,
    readonly key: string,
  ) {}

  async get(path: string): Promise<Response> {
    const answer = await request(this.server).get(path).set('authorization', `Bearer ${this.key}`);
    checkAnswer('get', path, answer);
    return answer;
  }

  async post(path: string, body?: object, idempotencyKey?: string): Promise<Response> {
    const call = request(this.server).post(path).set('authorization', `Bearer ${this.key}`);
    if (idempotencyKey !== undefined) void call.set('idempotency-key', idempotencyKey);
    const answer = await (body === undefined ? call : call.send(body));
    checkAnswer('post', path, answer);
    return answer;
  }

  async delete(path: string): Promise<Response> {
    const answer = await request(this.server).delete(path).set('authorization', `Bearer ${this.key}`);
    checkAnswer('delete', path, answer);
    return answer;
  }

  sell(changes: Json = {}, key: string = freshKey()): Promise<Response> {
    return this.post('/v1/receipts', ownSale(changes), key);
  }
}

/** Ends a queued receipt as a driver would, with a document; returns the document's number. */
export async function finish(world: World, id: string, tlv: Buffer = Buffer.alloc(0)): Promise<number> {
  const [made] = await world.database.query<{ fd: number }>(
    `with register as (
       select k.id, k.fn_number, k.rnm from receipts r join registers k on k.group_id = r.group_id where r.id = $1 limit 1
     ), document as (
       insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, shift_number,
                              receipt_number, total_kop, rnm, tlv)
       select k.fn_number, (select coalesce(max(fd_number), 0) + 1 from documents where fn_number = k.fn_number),
              case when r.content->>'form' = 'receipt' then 3 else 31 end, k.id, r.id, 123456789,
              (now() at time zone 'Europe/Moscow')::timestamp(0), 7, 1, r.total_kop, k.rnm, $2
       from receipts r, register k where r.id = $1 returning fn_number, fd_number, register_id
     )
     update receipts r set state = 'done', started_at = now(), finished_at = clock_timestamp(), fn_number = d.fn_number,
            fd_number = d.fd_number, register_id = d.register_id
     from document d where r.id = $1 returning r.fd_number as fd`,
    [id, tlv],
  );
  return made?.fd ?? 0;
}

export const otherClient = otherClientId;
