import { Inject, Injectable } from '@nestjs/common';
import {
  AuditStore,
  type Database,
  DocumentStore,
  InventoryReadStore,
  onlineNow,
  OperatorStore,
  ReceiptHistoryStore,
  type RegisterState,
} from '@kkt/storage';
import type { RegisterView } from '@kkt/web-contract';
import { conditionOf, documentBrief, moment, momentOrNull, placeOf, receiptBrief } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { exchangeView } from '../operators/views';
import { alertView, auditView } from '../views';
import { RegisterDesk } from './register-desk';

interface RegisterFacts {
  id: number;
  serial: string;
  model: string;
  place: Record<string, string | number>;
  transport: Record<string, string | number>;
  driverId: string;
  state: RegisterState;
  stateReason: string | null;
  stateSince: Date;
  online: boolean;
  onlineSince: Date | null;
  problem: string | null;
  clientName: string | null;
  groupCode: string | null;
  rnm: string | null;
  ffd: number | null;
  fnNumber: string | null;
  fnModel: string | null;
  capacityDocuments: number | null;
  registrationsLeft: number | null;
  documentsLeft: number | null;
  validUntil: string | null;
  fnPhase: number | null;
  fnWarnings: number | null;
  lastFd: number | null;
  shiftOpen: boolean | null;
  shiftNumber: number | null;
  shiftExpiresAt: Date | null;
  unsent: number | null;
  firstUnsentAt: Date | null;
  clockOffsetMs: number | null;
  receiptsDone: string | null;
  seenAt: Date | null;
}

const recent = 20;

/** One register with all that is known about it. */
@Injectable()
export class RegistersService {
  private readonly database: Database;

  constructor(
    @Inject(PARTS) parts: ConsoleParts,
    @Inject(ReceiptHistoryStore) private readonly receipts: ReceiptHistoryStore,
    @Inject(DocumentStore) private readonly documents: DocumentStore,
    @Inject(InventoryReadStore) private readonly inventory: InventoryReadStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(OperatorStore) private readonly operators: OperatorStore,
    @Inject(RegisterDesk) private readonly desk: RegisterDesk,
  ) {
    this.database = parts.database;
  }

  async read(id: number): Promise<RegisterView | undefined> {
    const facts = await this.facts(id);
    if (!facts) return undefined;
    const [intent, receipts, documents, alerts, changes, exchange, commands, forecast] = await Promise.all([
      this.receipts.openIntentOf(id),
      this.receipts.ofRegister(id, recent),
      facts.fnNumber ? this.documents.ofDrive(facts.fnNumber, recent) : [],
      this.inventory.alertsOfRegister(id),
      this.audit.list({ limit: 10, object: { kind: 'register', id: String(id) } }),
      this.operators.exchangeOf(id),
      this.desk.orders(id),
      this.forecast(facts.fnNumber),
    ]);
    return {
      id: facts.id,
      serial: facts.serial,
      model: facts.model,
      place: placeOf(facts.place),
      transport: transportText(facts.transport),
      driverId: facts.driverId,
      condition: conditionOf(facts),
      state: facts.state,
      stateReason: facts.stateReason,
      stateSince: moment(facts.stateSince),
      online: facts.online,
      onlineSince: momentOrNull(facts.onlineSince),
      problem: facts.problem,
      clientName: facts.clientName,
      groupCode: facts.groupCode,
      rnm: facts.rnm,
      ffd: facts.ffd,
      fn:
        facts.fnNumber === null
          ? null
          : {
              fnNumber: facts.fnNumber,
              model: facts.fnModel,
              capacityDocuments: facts.capacityDocuments,
              documentsLeft: facts.documentsLeft,
              validUntil: facts.validUntil,
              phase: facts.fnPhase,
              warnings: facts.fnWarnings,
              registrationsLeft: facts.registrationsLeft,
            },
      lastFd: facts.lastFd,
      shift:
        facts.shiftOpen === null
          ? null
          : {
              open: facts.shiftOpen,
              number: facts.shiftNumber,
              expiresAt: momentOrNull(facts.shiftExpiresAt),
            },
      unsent: facts.unsent,
      firstUnsentAt: momentOrNull(facts.firstUnsentAt),
      exchange: exchange ? exchangeView(exchange) : null,
      clockOffsetMs: facts.clockOffsetMs,
      receiptsDone: Number(facts.receiptsDone ?? 0),
      seenAt: momentOrNull(facts.seenAt),
      intent: intent
        ? {
            id: intent.id,
            kind: intent.kind,
            state: intent.state,
            note: intent.note,
            createdAt: moment(intent.createdAt),
            receiptId: intent.receiptId,
          }
        : null,
      commands,
      forecast,
      receipts: receipts.map(receiptBrief),
      documents: documents.map(documentBrief),
      alerts: alerts.map(alertView),
      changes: changes.map(auditView),
    };
  }

  /** What the last night foretold of this FN. */
  private async forecast(fnNumber: string | null): Promise<RegisterView['forecast']> {
    if (fnNumber === null) return null;
    const [row] = await this.database.query<NonNullable<RegisterView['forecast']>>(
      `select to_char(end_on, 'YYYY-MM-DD') as "endOn", to_char(fill_p10, 'YYYY-MM-DD') as "earliest",
              to_char(fill_p90, 'YYYY-MM-DD') as "latest", cause, per_day as "perDay", reason_ru as "reasonRu", reason_en as "reasonEn"
       from fn_forecasts where fn_number = $1 order by made_on desc limit 1`,
      [fnNumber],
      'console_fn_forecast',
    );
    return row ?? null;
  }

  private async facts(id: number): Promise<RegisterFacts | undefined> {
    const rows = await this.database.query<RegisterFacts>(
      `select k.id, k.serial, k.model, k.place, k.transport, k.driver_id as "driverId", k.state, k.state_reason as "stateReason",
              k.state_since as "stateSince", ${onlineNow} as online, s.online_since as "onlineSince", s.problem,
              c.name as "clientName", g.code as "groupCode", k.rnm, k.ffd, k.fn_number as "fnNumber", f.model as "fnModel",
              f.capacity_documents as "capacityDocuments", f.registrations_left as "registrationsLeft",
              s.documents_left as "documentsLeft", to_char(coalesce(s.valid_until, f.valid_until), 'YYYY-MM-DD') as "validUntil",
              s.fn_phase as "fnPhase", s.fn_warnings as "fnWarnings", s.last_fd as "lastFd", s.shift_open as "shiftOpen",
              s.shift_number as "shiftNumber", s.shift_expires_at as "shiftExpiresAt", s.unsent,
              s.first_unsent_at as "firstUnsentAt", s.clock_offset_ms as "clockOffsetMs", s.receipts_done as "receiptsDone",
              s.updated_at as "seenAt"
       from registers k left join clients c on c.id = k.client_id left join register_groups g on g.id = k.group_id
       left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
       left join fiscal_drives f on f.fn_number = k.fn_number where k.id = $1`,
      [id],
      'console_register',
    );
    return rows[0];
  }
}

function transportText(transport: Record<string, string | number>): string {
  if (transport.kind === 'tcp') return `TCP ${transport.host}:${transport.port}`;
  if (transport.kind === 'json') return `JSON ${transport.url}`;
  return `${transport.path ?? ''}${transport.baudRate ? `, ${transport.baudRate} бод` : ''}`;
}
