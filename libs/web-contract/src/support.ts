import type { Moment } from './common';

export interface TicketView {
  id: number;
  subject: string;
  personName: string | null;
  objectKind: 'receipt' | 'register' | null;
  objectId: string | null;
  state: 'open' | 'answered' | 'closed';
  /** By when support answers, counted in its working hours. */
  answerDueAt: Moment;
  createdAt: Moment;
  updatedAt: Moment;
}

export interface TicketMessageView {
  id: number;
  authorKind: 'person' | 'staff';
  authorName: string;
  body: string;
  at: Moment;
}

/** `GET /api/support` of the cabinet. */
export interface SupportView {
  tickets: TicketView[];
  isOpen: boolean;
  fromHour: number;
  toHour: number;
  answerWithinH: number;
}

/** `GET /api/support/:id` of the cabinet. */
export interface TicketPage {
  ticket: TicketView;
  messages: TicketMessageView[];
}

/** A question as support sees it. */
export interface ConsoleTicket extends TicketView {
  clientId: string;
  clientName: string;
  personId: string | null;
  page: string | null;
}

/** `GET /api/support/:id` of the console. */
export interface ConsoleTicketPage {
  ticket: ConsoleTicket;
  messages: TicketMessageView[];
}

/** `GET /api/profile/notifications`. */
export interface NotificationChoicesView {
  choices: {
    event: 'trouble' | 'fn' | 'money' | 'answers';
    channel: 'email' | 'sms' | 'telegram';
    enabled: boolean;
  }[];
}
