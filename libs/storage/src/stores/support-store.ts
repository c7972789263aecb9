import { oneRow, type Sql } from '../sql';

export type TicketState = 'open' | 'answered' | 'closed';

export interface Ticket {
  id: number;
  clientId: string;
  clientName: string;
  personId: string | null;
  personName: string | null;
  subject: string;
  objectKind: 'receipt' | 'register' | null;
  objectId: string | null;
  page: string | null;
  state: TicketState;
  answerDueAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

export interface TicketMessage {
  id: number;
  authorKind: 'person' | 'staff';
  authorName: string;
  body: string;
  at: Date;
}

const columns = `t.id::float8 as id, t.client_id as "clientId", c.name as "clientName", t.person_id as "personId",
  p.name as "personName", t.subject, t.object_kind as "objectKind", t.object_id as "objectId", t.page, t.state,
  t.answer_due_at as "answerDueAt", t.created_at as "createdAt", t.updated_at as "updatedAt"`;
const tables =
  'support_tickets t join clients c on c.id = t.client_id left join people p on p.id = t.person_id';

/** Questions of clients' people and the answers of support. */
export class SupportStore {
  constructor(private readonly sql: Sql) {}

  async open(
    ticket: Pick<Ticket, 'clientId' | 'subject' | 'objectKind' | 'objectId' | 'page' | 'answerDueAt'> & {
      personId: string;
    },
  ): Promise<number> {
    const rows = await this.sql.query<{ id: number }>(
      `insert into support_tickets (client_id, person_id, subject, object_kind, object_id, page, answer_due_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning id::float8 as id`,
      [
        ticket.clientId,
        ticket.personId,
        ticket.subject,
        ticket.objectKind,
        ticket.objectId,
        ticket.page,
        ticket.answerDueAt,
      ],
    );
    return oneRow(rows, 'ticket').id;
  }

  /** Adds to a thread; the state says whose turn it is then. */
  async say(
    ticketId: number,
    message: { authorKind: 'person' | 'staff'; authorId: string; authorName: string; body: string },
    state: TicketState,
    answerDueAt?: Date,
  ): Promise<void> {
    await this.sql.query(
      `insert into support_messages (ticket_id, author_kind, author_id, author_name, body) values ($1, $2, $3, $4, $5)`,
      [ticketId, message.authorKind, message.authorId, message.authorName, message.body],
    );
    await this.sql.query(
      `update support_tickets set state = $2, updated_at = farm_now(), answer_due_at = coalesce($3, answer_due_at) where id = $1`,
      [ticketId, state, answerDueAt],
    );
  }

  async close(ticketId: number): Promise<void> {
    await this.sql.query(
      `update support_tickets set state = 'closed', updated_at = farm_now() where id = $1`,
      [ticketId],
    );
  }

  /** Of a company, or only one person's of it; the ones that changed last come first. */
  async ofClient(clientId: string, personId?: string): Promise<Ticket[]> {
    return this.sql.query<Ticket>(
      `select ${columns} from ${tables} where t.client_id = $1 and ($2::uuid is null or t.person_id = $2)
       order by t.state = 'closed', t.updated_at desc limit 100`,
      [clientId, personId],
    );
  }

  /** For support: those that wait for an answer, the most urgent first, then the rest. */
  async queue(limit: number): Promise<Ticket[]> {
    return this.sql.query<Ticket>(
      `select ${columns} from ${tables} order by t.state <> 'open', case when t.state = 'open' then t.answer_due_at end,
         t.updated_at desc limit $1`,
      [limit],
    );
  }

  async one(id: number): Promise<Ticket | undefined> {
    const rows = await this.sql.query<Ticket>(`select ${columns} from ${tables} where t.id = $1`, [id]);
    return rows[0];
  }

  async messages(ticketId: number): Promise<TicketMessage[]> {
    return this.sql.query<TicketMessage>(
      `select id::float8 as id, author_kind as "authorKind", author_name as "authorName", body, at
       from support_messages where ticket_id = $1 order by support_messages.id`,
      [ticketId],
    );
  }
}
