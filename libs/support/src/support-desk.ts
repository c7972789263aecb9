import type { Clock } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import { type Database, PersonalStore, SupportStore, type Sql, type Ticket } from '@kkt/storage';
import { afterWorkingHours, answerWithinH } from './working-hours';

export interface SupportParts {
  database: Database;
  clock: Clock;
  /** Where the person answers; a mail without it names the page in words. */
  cabinetUrl?: string;
}

/** Who writes. */
export interface Author {
  id: string;
  name: string;
}

/** Threads between clients' people and support; each message is told to the other side. */
export class SupportDesk {
  constructor(private readonly parts: SupportParts) {}

  private due(): Date {
    return new Date(afterWorkingHours(this.parts.clock.nowMs(), answerWithinH));
  }

  /** A new question; the support's shared address hears of it. */
  ask(
    clientId: string,
    person: Author,
    question: Pick<Ticket, 'subject' | 'objectKind' | 'objectId' | 'page'> & { body: string },
  ): Promise<number> {
    const { body, ...ticket } = question;
    return this.parts.database.transaction(async (sql) => {
      const store = new SupportStore(sql);
      const id = await store.open({ ...ticket, clientId, personId: person.id, answerDueAt: this.due() });
      await store.say(
        id,
        { authorKind: 'person', authorId: person.id, authorName: person.name, body },
        'open',
      );
      await this.tellSupport(sql, id, ticket.subject, body);
      return id;
    });
  }

  /** More from the person who asked: the thread waits for support again. */
  add(ticket: Ticket, person: Author, body: string): Promise<void> {
    return this.parts.database.transaction(async (sql) => {
      const message = { authorKind: 'person' as const, authorId: person.id, authorName: person.name, body };
      await new SupportStore(sql).say(ticket.id, message, 'open', this.due());
      await this.tellSupport(sql, ticket.id, ticket.subject, body);
    });
  }

  /** An answer of support, told to the person by mail unless he chose otherwise. */
  answer(ticket: Ticket, staff: Author, body: string): Promise<void> {
    return this.parts.database.transaction(async (sql) => {
      const message = { authorKind: 'staff' as const, authorId: staff.id, authorName: staff.name, body };
      await new SupportStore(sql).say(ticket.id, message, 'answered');
      if (ticket.personId === null) return;
      const choices = await new PersonalStore(sql).choices(ticket.clientId, ticket.personId);
      const mail = choices.find(({ event, channel }) => event === 'answers' && channel === 'email');
      if (mail?.enabled === false) return;
      await notify(sql, {
        kind: 'message',
        params: {
          subject: `Ответ поддержки № ${ticket.id}: ${ticket.subject}`,
          text: `${body}\n\n${staff.name}, поддержка\n\n${this.replyHint(ticket.id)}`,
        },
        to: { kind: 'person', id: ticket.personId },
        channel: 'email',
        event: `ticket-${ticket.id}-${this.parts.clock.nowMs()}`,
        clientId: ticket.clientId,
      });
    });
  }

  private replyHint(id: number): string {
    const { cabinetUrl } = this.parts;
    return cabinetUrl === undefined
      ? `Ответить можно в кабинете: «Поддержка», вопрос № ${id}.`
      : `Ответить: ${cabinetUrl}/support/${id}`;
  }

  private async tellSupport(sql: Sql, id: number, subject: string, body: string): Promise<void> {
    await notify(sql, {
      kind: 'message',
      params: { subject: `Вопрос № ${id}: ${subject}`, text: body },
      to: { kind: 'role', id: 'support' },
      channel: 'email',
      event: `ticket-${id}-${this.parts.clock.nowMs()}`,
    });
  }
}
