import type { ReceiptContent } from '@kkt/contracts';
import { systemIds } from '@kkt/contracts';
import { makeRnm } from '@kkt/ffd';
import type { Sql } from '@kkt/storage';
import {
  operation,
  receiptContent,
  receiptTlv,
  shiftOpeningTlv,
  type ReceiptInput,
  type RegisterInput,
  type TestClient,
  type TestGroup,
  type TestRegister,
} from './farm-content';

/**
 * Rows of a farm for tests of screens: written straight into the tables, as the processes leave them, at any time of
 * the past. Nothing here decides anything.
 */
export class FarmRows {
  private count = 0;

  constructor(private readonly sql: Sql) {}

  async client(input: Partial<TestClient> = {}): Promise<TestClient> {
    const client = {
      id: systemIds.uuid(),
      inn: '5544332219',
      name: `ООО «Клиент ${++this.count}»`,
      ...input,
    };
    await this.sql.query('insert into clients (id, name, inn) values ($1, $2, $3)', [
      client.id,
      client.name,
      client.inn,
    ]);
    return client;
  }

  async group(
    client: TestClient,
    code: string,
    input: { ffd?: 2 | 4; ofdInn?: string; ofdName?: string; ofdHost?: string } = {},
  ): Promise<TestGroup> {
    const ffd = input.ffd ?? 2;
    const [row] = await this.sql.query<{ id: number }>(
      `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address, address,
         sender_email, ofd_inn, ofd_name, ofd_host, ofd_port)
       values ($1, $2, $3, $4, $5, $6, 39, 'https://shop.example', '109316, г. Москва, Волгоградский проспект, д. 42, стр. 9',
         'check@shop.example', $7, $8, $9, 8084) returning id`,
      [
        client.id,
        code,
        ffd === 4 ? 5 : 4,
        ffd,
        client.inn,
        client.name,
        input.ofdInn ?? '7709364346',
        input.ofdName ?? 'ПК ОФД',
        input.ofdHost ?? '127.0.0.1',
      ],
    );
    return { id: row?.id ?? 0, code, client, ffd };
  }

  /** A register of a group; without a group it is in stock. */
  async register(group: TestGroup | null, input: RegisterInput = {}): Promise<TestRegister> {
    const n = ++this.count;
    const serial = `00106${String(10_000_000 + n)}`;
    const fnNumber = `99990789${String(10_000_000 + n)}`;
    const rnm = group ? makeRnm(n, group.client.inn, serial) : null;
    const capacity = input.capacityDocuments ?? 250_000;
    const state = input.state ?? (group ? 'ready' : 'stock');
    await this.sql.query(
      `insert into fiscal_drives (fn_number, model, client_id, state, capacity_documents, valid_until, registrations_left)
       values ($1, 'ФН-1.2 исполнение Ин36-4', $2, $3, $4, $5, 11)`,
      [
        fnNumber,
        group?.client.id,
        group ? 'installed' : 'stock',
        capacity,
        group ? (input.validUntil ?? '2029-11-01') : null,
      ],
    );
    const [row] = await this.sql.query<{ id: number }>(
      `insert into registers (serial, model, place, transport, driver_id, client_id, group_id, rnm, ffd, fn_number, state, state_reason)
       values ($1, 'АТОЛ 42ФС', $2, $3, 'driver-1', $4, $5, $6, $7, $8, $9, $10) returning id`,
      [
        serial,
        JSON.stringify(
          input.place ?? {
            dc: 'DC1',
            rack: 'R01',
            assembly: 1 + (Math.floor((n - 1) / 48) % 12),
            slot: 1 + ((n - 1) % 48),
          },
        ),
        JSON.stringify({ kind: 'tcp', host: '127.0.0.1', port: 9_100 + n }),
        group?.client.id,
        group?.id,
        rnm,
        group?.ffd,
        fnNumber,
        state,
        input.stateReason,
      ],
    );
    const id = row?.id ?? 0;
    await this.sql.query('update fiscal_drives set register_id = $1 where fn_number = $2', [
      group ? id : null,
      fnNumber,
    ]);
    await this.sql.query(
      `insert into leases (register_id, owner, fence, expires_at) values ($1, $2, 3, farm_now() + make_interval(secs => $3))`,
      [id, systemIds.uuid(), input.leaseEndedS === undefined ? 3_600 : -input.leaseEndedS],
    );
    if (group) {
      await this.sql.query(
        `insert into register_status (register_id, online, online_since, problem, fn_number, fn_phase, fn_warnings, last_fd,
           documents_left, valid_until, shift_open, shift_number, shift_expires_at, unsent, first_unsent_at, clock_offset_ms, receipts_done)
         values ($1, $2, farm_now() - interval '5 hours', $3, $4, 3, 0, 0, $5, $6, $7, 12, farm_now() + interval '9 hours', $8,
           farm_now() - make_interval(secs => $9), 350, 0)`,
        [
          id,
          input.online ?? true,
          input.problem ?? null,
          fnNumber,
          input.documentsLeft ?? capacity - 12_345,
          input.validUntil ?? '2029-11-01',
          input.shiftOpen ?? true,
          input.unsent ?? 0,
          input.unsent ? (input.unsentAgeS ?? 60) : null,
        ],
      );
    }
    return { id, serial, rnm: rnm ?? '', fnNumber, group: group as TestGroup };
  }

  private async receipt(
    group: TestGroup,
    input: ReceiptInput,
    state: string,
  ): Promise<{ id: string; content: ReceiptContent }> {
    const id = systemIds.uuid();
    const content = receiptContent(group, input);
    await this.sql.query(
      `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, callback_url,
         state, accepted_at, deadline_at, error_code)
       values ($1, $2, $3, $4, $5, $6, $7, '\\x00', $8, $9, $10, farm_now() - make_interval(secs => $11),
         farm_now() - make_interval(secs => $11) + interval '300 seconds', case when $10 = 'failed' then 0 end)`,
      [
        id,
        group.id,
        group.client.id,
        input.externalId ?? `order-${++this.count}`,
        group.ffd === 4 ? 'v5' : 'v4',
        operation[content.sign],
        JSON.stringify(content),
        content.totalKop,
        input.callbackUrl,
        state === 'done' ? 'working' : state,
        input.ageS ?? 60,
      ],
    );
    return { id, content };
  }

  /** Waits in the queue. */
  async queued(group: TestGroup, input: ReceiptInput & { waitReason?: string } = {}): Promise<string> {
    const { id } = await this.receipt(group, input, 'queued');
    if (input.waitReason)
      await this.sql.query('update receipts set wait_reason = $2 where id = $1', [id, input.waitReason]);
    return id;
  }

  /** Refused, by the door at once or by a register. */
  async failed(
    group: TestGroup,
    input: ReceiptInput & { code?: number; type?: string; text?: string; register?: TestRegister } = {},
  ): Promise<string> {
    const { id } = await this.receipt(group, input, 'failed');
    await this.sql.query(
      `update receipts set finished_at = accepted_at + interval '40 milliseconds', error_code = $2, error_type = $3, error_text = $4,
              register_id = $5 where id = $1`,
      [
        id,
        input.code ?? 32,
        input.type ?? 'system',
        input.text ?? 'items[0].sum: сумма предмета не сходится',
        input.register?.id,
      ],
    );
    await this.factsFrom(id);
    return id;
  }

  /** Held by a register: being registered, or in doubt. */
  async held(
    register: TestRegister,
    state: 'working' | 'in_doubt',
    input: ReceiptInput = {},
  ): Promise<string> {
    const { id } = await this.receipt(register.group, input, state);
    await this.sql.query(
      `update receipts set register_id = $2, started_at = accepted_at + interval '20 milliseconds', attempts = 1,
              wait_reason = case state when 'in_doubt' then 'device_silent' end where id = $1`,
      [id, register.id],
    );
    await this.sql.query(
      `insert into intents (register_id, fence, kind, receipt_id, fn_number, fd_before, created_at)
       select $1, 3, 'receipt', $2, $3, 100, started_at from receipts where id = $2`,
      [register.id, id, register.fnNumber],
    );
    return id;
  }

  /** Registered: intent, document, message to the operator, callback. `fdNumber` must be free in the FN. */
  async done(
    register: TestRegister,
    fdNumber: number,
    input: ReceiptInput & { tookMs?: number; confirmed?: boolean; adopted?: boolean } = {},
  ): Promise<string> {
    const { id, content } = await this.receipt(register.group, input, 'done');
    const tookMs = input.tookMs ?? 850;
    const ageS = input.ageS ?? 60;
    const fiscalSign = (2_654_435_761 * (fdNumber + register.id * 7_919)) % 4_294_967_296;
    const at = new Date(Date.now() - ageS * 1000 + tookMs + 3 * 3_600_000).toISOString().slice(0, 19);
    const tlv = receiptTlv(register, content, { fdNumber, at, fiscalSign });
    await this.sql.query(
      `with given as (
         select accepted_at + interval '20 milliseconds' as started, accepted_at + make_interval(secs => $4::float8 / 1000) as finished
         from receipts where id = $1
       ), intent as (
         insert into intents (register_id, fence, kind, receipt_id, fn_number, fd_before, state, fd_number, created_at, resolved_at)
         select $2, 3, 'receipt', $1, $3, $5::integer - 1, 'done', $5, started, finished from given
       ), document as (
         insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, shift_number,
           receipt_number, total_kop, rnm, tlv, adopted, recorded_at, confirmed_at)
         select $3, $5, 3, $2, $1, $6, $7, 12, $5, $8, $9, $10, $11, finished,
                case when $12 then finished + interval '3 seconds' end from given
       ), message as (
         insert into ofd_messages (fn_number, fd_number, register_id, container, state, created_at, answered_at, confirmed_at)
         select $3, $5, $2, $10, 'confirmed', finished + interval '1 second', finished + interval '2 seconds',
                finished + interval '3 seconds' from given where $12
       ), told as (
         insert into callbacks (receipt_id, url, state, attempts, last_status, created_at, finished_at)
         select $1, $13::text, 'delivered', 1, 200, finished, finished + interval '120 milliseconds' from given where $13::text is not null
       )
       update receipts r set state = 'done', register_id = $2, attempts = 1, started_at = g.started, finished_at = g.finished,
              fn_number = $3, fd_number = $5 from given g where r.id = $1`,
      [
        id,
        register.id,
        register.fnNumber,
        tookMs,
        fdNumber,
        fiscalSign,
        at,
        content.totalKop,
        register.rnm,
        tlv,
        input.adopted ?? false,
        input.confirmed ?? true,
        input.callbackUrl ?? null,
      ],
    );
    await this.sql.query(
      'update register_status set last_fd = greatest(last_fd, $2) where register_id = $1',
      [register.id, fdNumber],
    );
    await this.factsFrom(id);
    return id;
  }

  /** What ended in the past is found all the same: its facts are looked for from then on. */
  private async factsFrom(id: string): Promise<void> {
    await this.sql.query(
      `update receipt_facts_cursor c set finished_at = least(c.finished_at, r.finished_at) from receipts r where r.id = $1`,
      [id],
    );
  }

  /** A shift opening report (form 2) in the archive. */
  async openShiftReport(register: TestRegister, fdNumber: number, ageS: number): Promise<void> {
    const at = new Date(Date.now() - ageS * 1000 + 3 * 3_600_000).toISOString().slice(0, 19);
    await this.sql.query(
      `insert into documents (fn_number, fd_number, form, register_id, fiscal_sign, document_at, shift_number, rnm, tlv, recorded_at, confirmed_at)
       values ($1, $2, 2, $3, $4, $5, 12, $6, $7, farm_now() - make_interval(secs => $8), farm_now() - make_interval(secs => $8))`,
      [
        register.fnNumber,
        fdNumber,
        register.id,
        1_234_567 + fdNumber,
        at,
        register.rnm,
        shiftOpeningTlv(register, fdNumber, at),
        ageS,
      ],
    );
  }

  /** A message that waits for its operator. */
  async waitingMessage(
    register: TestRegister,
    fdNumber: number,
    input: { ageS?: number; cause?: string; causeText?: string } = {},
  ): Promise<void> {
    await this.sql.query(
      `insert into ofd_messages (fn_number, fd_number, register_id, container, attempts, cause, cause_text, created_at)
       values ($1, $2, $3, '\\x2a08415a', 4, $4, $5, farm_now() - make_interval(secs => $6))`,
      [
        register.fnNumber,
        fdNumber,
        register.id,
        input.cause ?? null,
        input.causeText ?? null,
        input.ageS ?? 30,
      ],
    );
  }
}
