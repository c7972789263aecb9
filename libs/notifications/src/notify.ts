import { FarmError } from '@kkt/contracts';
import {
  type AttachmentRef,
  choiceChannels,
  type ChoiceEvent,
  type NotificationChannel,
  type NotificationLanguage,
  NotificationStore,
  PersonalStore,
  type Recipient,
  type Sql,
} from '@kkt/storage';
import { fill, type ParamsOf, type TemplateText } from './template';
import { type NotificationKind, templates } from './templates';

/** How long a message is worth sending, by its channel: a call about what was an hour ago only frightens. */
const expiresInS: Readonly<Record<NotificationChannel, number>> = {
  email: 3 * 24 * 3_600,
  sms: 3_600,
  telegram: 6 * 3_600,
  voice: 15 * 60,
  web: 30 * 24 * 3_600,
};

/** Texts that are spoken or paid by the piece. */
const shortChannels: readonly NotificationChannel[] = ['sms', 'telegram', 'voice'];
const maxShort = 600;
const maxSubject = 200;

export interface Notice<K extends NotificationKind> {
  kind: K;
  params: ParamsOf<(typeof templates)[K]>;
  to: Recipient;
  channel: NotificationChannel;
  /** Names the event: written twice with the same key it is sent once to this recipient by this channel. */
  event: string;
  severity?: 1 | 2 | 3 | 4;
  /** Whose message it is: clients see only their own. */
  clientId?: string;
  alertId?: string;
  language?: NotificationLanguage;
  attachments?: readonly AttachmentRef[];
  /** Sent so much later, unless cancelled before. */
  delayS?: number;
  expiresInS?: number;
}

/** Line breaks and other control characters would begin a new header of a mail. */
export const oneLine = (text: string, max = maxSubject): string => {
  // eslint-disable-next-line no-control-regex
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean;
};

/** The texts of a message, as they are stored. */
export function render<K extends NotificationKind>(
  notice: Pick<Notice<K>, 'kind' | 'params' | 'channel' | 'language'>,
): { subject: string; body: string } {
  const language = notice.language ?? 'ru';
  const text: TemplateText = templates[notice.kind][language];
  const isShort = shortChannels.includes(notice.channel);
  return {
    subject: oneLine(fill(text.subject, notice.params, language)),
    body: isShort
      ? oneLine(fill(text.short ?? text.subject, notice.params, language), maxShort)
      : // eslint-disable-next-line no-control-regex
        fill(text.body, notice.params, language).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ''),
  };
}

const addressForms: Readonly<Record<Exclude<NotificationChannel, 'web'>, RegExp>> = {
  email: /^[^\s@<>",;:()[\]\\]{1,64}@[^\s@<>",;:()[\]\\]{1,255}$/,
  sms: /^\+[1-9][0-9]{6,14}$/,
  voice: /^\+[1-9][0-9]{6,14}$/,
  telegram: /^(-?[0-9]{1,20}|@[A-Za-z0-9_]{5,32})$/,
};

/** Whether a text may be used as an address of this channel: one address, no header or list hidden in it. */
export const isAddress = (channel: NotificationChannel, address: string): boolean =>
  channel === 'web' || (address.length <= 320 && addressForms[channel].test(address));

/** Which of a person's choices a kind of message belongs to. */
const choiceOf = (kind: string): ChoiceEvent =>
  /^(fn|renewal|registration)/.test(kind)
    ? 'fn'
    : /^(money|invoice|billing|balance)/.test(kind)
      ? 'money'
      : 'trouble';

/** People of a client who chose to hear of it; undefined: its usual address is written to. */
function chosenPeople(
  sql: Sql,
  clientId: string,
  { kind, channel }: { kind: string; channel: NotificationChannel },
): Promise<{ personId: string }[] | undefined> {
  const known = choiceChannels.find((one) => one === channel);
  return known ? new PersonalStore(sql).chosen(clientId, choiceOf(kind), known) : Promise.resolve(undefined);
}

/**
 * Writes a message into the outbox. Give it the transaction of the event it tells: then it is sent if and only if the
 * event happened. True when it is new, false when this event was told to this recipient by this channel already.
 * @throws FarmError CLIENT-ADDRESS when a bare address is no address of the channel
 */
export async function notify<K extends NotificationKind>(sql: Sql, notice: Notice<K>): Promise<boolean> {
  const { to, channel } = notice;
  if (to.kind === 'client') {
    const people = await chosenPeople(sql, to.id, notice);
    if (people) {
      const told = [];
      for (const { personId } of people)
        told.push(await notify(sql, { ...notice, to: { kind: 'person', id: personId }, clientId: to.id }));
      return told.includes(true);
    }
  }
  if (to.kind === 'address' && !isAddress(channel, to.id))
    throw new FarmError('CLIENT-ADDRESS', `This is no address for ${channel}`);
  return new NotificationStore(sql).add({
    dedupKey: `${notice.event}|${to.kind}:${to.id}|${channel}`,
    kind: notice.kind,
    severity: notice.severity ?? null,
    clientId: notice.clientId ?? null,
    alertId: notice.alertId ?? null,
    recipient: to,
    channel,
    address: to.kind === 'address' ? to.id : null,
    language: notice.language ?? 'ru',
    ...render(notice),
    attachments: (notice.attachments ?? []).map((one) => ({ ...one, name: oneLine(one.name, 120) })),
    delayS: notice.delayS ?? 0,
    expiresInS: notice.expiresInS ?? expiresInS[channel],
  });
}
