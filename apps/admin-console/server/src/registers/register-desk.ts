import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { maskContact } from '@kkt/security';
import {
  audited,
  type AuditValue,
  type Database,
  RegisterCommandStore,
  type RegisterCommandKind,
  type RegisterCommandRow,
  type Sql,
  WireTraceStore,
} from '@kkt/storage';
import type { ArchiveDocumentView, RegisterCommandView, WireTraceView } from '@kkt/web-contract';
import { documentTree, moment, momentOrNull, notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

export interface CommandOrder {
  registerId: number;
  kind: RegisterCommandKind;
  reason: string;
  serial?: string;
  from?: number;
  to?: number;
}

/** Orders that change something in the device or its FN: the serial number must be typed. */
const serialNeeded: readonly RegisterCommandKind[] = [
  'sync_clock',
  'open_shift',
  'close_shift',
  'settlement_report',
  'reconnect',
];
/** An order is for now: the register must take it within so long. */
const orderTtlS = 60;
const mostDocuments = 20;
const traceLines = 300;

/** What engineers ask of one register through its driver: orders, the traffic of its wire, notes. Everything audited. */
@Injectable()
export class RegisterDesk {
  private readonly database: Database;

  constructor(@Inject(PARTS) parts: ConsoleParts) {
    this.database = parts.database;
  }

  order(caller: Caller, order: CommandOrder): Promise<{ id: string }> {
    const { registerId, kind, reason, from, to } = order;
    const request = kind === 'read_documents' ? rangeOf(from, to) : {};
    return this.about(caller, order, serialNeeded.includes(kind), async (sql) => {
      const id = await new RegisterCommandStore(sql).ask({
        registerId,
        kind,
        request,
        askedBy: caller.name,
        askedWhy: reason,
        ttlS: orderTtlS,
      });
      return { result: { id }, action: `register.${kind}`, after: { order: id, ...request } };
    });
  }

  /** One order with its whole outcome, documents decoded. */
  async outcome(registerId: number, id: string): Promise<RegisterCommandView> {
    const rows = await new RegisterCommandStore(this.database).last(registerId, 50);
    const row = rows.find((one) => one.id === id);
    if (!row) throw notFound('order');
    const { documents } = (row.result ?? {}) as { documents?: ArchiveDocument[] };
    return { ...commandView(row), documents: documents?.map(archiveDocumentView) ?? null };
  }

  async orders(registerId: number): Promise<RegisterCommandView[]> {
    return (await new RegisterCommandStore(this.database).last(registerId, 8)).map(commandView);
  }

  note(caller: Caller, registerId: number, text: string): Promise<void> {
    return this.about(caller, { registerId, reason: text }, false, () =>
      Promise.resolve({ result: undefined, action: 'register.note', after: {} }),
    );
  }

  beginTrace(caller: Caller, input: { registerId: number; minutes: number; reason: string }): Promise<void> {
    return this.about(caller, input, false, async (sql) => {
      await new WireTraceStore(sql).begin(input.registerId, input.minutes, caller.name);
      return { result: undefined, action: 'register.trace', after: { minutes: input.minutes } };
    });
  }

  endTrace(caller: Caller, registerId: number): Promise<void> {
    return this.about(caller, { registerId, reason: undefined }, false, async (sql) => {
      if (!(await new WireTraceStore(sql).end(registerId)))
        throw new FarmError('CLIENT-STATE', 'The wire of this register is not being told');
      return { result: undefined, action: 'register.trace_end', after: {} };
    });
  }

  async trace(registerId: number): Promise<WireTraceView> {
    const { until, askedBy, lines } = await new WireTraceStore(this.database).read(registerId, traceLines);
    return {
      until: momentOrNull(until),
      askedBy,
      lines: lines.map(({ atMs, out, in: received, ...line }) => ({
        ...line,
        at: new Date(atMs).toISOString(),
        sent: out,
        received,
      })),
    };
  }

  private async about<T>(
    caller: Caller,
    { registerId, serial, reason }: { registerId: number; serial?: string; reason: string | undefined },
    mustNameSerial: boolean,
    run: (sql: Sql) => Promise<{ result: T; action: string; after: Record<string, AuditValue> }>,
  ): Promise<T> {
    return audited(this.database, async (sql) => {
      const [register] = await sql.query<{ serial: string; clientId: string | null }>(
        'select serial, client_id as "clientId" from registers where id = $1',
        [registerId],
      );
      if (!register) throw notFound('register');
      if (mustNameSerial && register.serial !== serial?.trim())
        throw new FarmError('CLIENT-SERIAL', 'The serial number is of another register');
      const { result, action, after } = await run(sql);
      return {
        result,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: register.clientId,
          action,
          objectKind: 'register',
          objectId: String(registerId),
          after,
          reason,
          requestId: correlationId(),
        },
      };
    });
  }
}

function rangeOf(from: number | undefined, to: number | undefined): { from: number; to: number } {
  if (from === undefined || to === undefined || to < from || to - from >= mostDocuments)
    throw new FarmError('CLIENT-FIELDS', `from and to: numbers of documents, ${mostDocuments} at most`);
  return { from, to };
}

interface ArchiveDocument {
  fdNumber: number;
  isMissing?: boolean;
  form?: number;
  at?: string;
  fiscalSign?: number;
  totalKop?: number;
  tlvHex?: string;
}

const archiveDocumentView = (one: ArchiveDocument): ArchiveDocumentView => ({
  fdNumber: one.fdNumber,
  form: one.form ?? null,
  at: one.at ?? null,
  fiscalSign: one.fiscalSign ?? null,
  totalKop: one.totalKop ?? null,
  tlvBytes: (one.tlvHex?.length ?? 0) / 2,
  tags: one.tlvHex ? documentTree(Buffer.from(one.tlvHex, 'hex'), { mask: maskContact }) : [],
});

type Plain = string | number | boolean | null;

/** An order without the documents it read. */
function commandView(row: RegisterCommandRow): RegisterCommandView {
  const facts = Object.entries((row.result ?? {}) as Record<string, unknown>).filter(
    (entry): entry is [string, Plain] => entry[1] === null || typeof entry[1] !== 'object',
  );
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    facts: Object.fromEntries(facts),
    reason: row.reason,
    askedBy: row.askedBy,
    askedWhy: row.askedWhy,
    createdAt: moment(row.createdAt),
    finishedAt: momentOrNull(row.finishedAt),
    documents: null,
  };
}
