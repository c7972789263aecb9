import type { NotificationChannel, NotificationRow } from '@kkt/storage';
import { html, type Html, type PageLanguage, simplePage } from '@kkt/web-server';

const texts = {
  ru: {
    title: 'Почтовый ящик',
    about:
      'Здесь видно всё, что ушло бы наружу: письма, SMS, сообщения и звонки по каналам, для которых шлюз не настроен.',
    search: 'Адрес или часть текста',
    all: 'Все каналы',
    show: 'Показать',
    empty:
      'Сообщений пока нет. Бросьте неисправность в эмулируемый мир или зарегистрируйтесь в кабинете: сообщение появится здесь.',
    nothing: 'Ничего не найдено. Измените условия поиска.',
    noAddress: 'адрес не внесён',
    older: 'Раньше',
    files: 'Вложения',
    channels: { email: 'Письмо', sms: 'SMS', telegram: 'Telegram', voice: 'Звонок', web: 'Страница' },
  },
  en: {
    title: 'Mailbox',
    about:
      'Everything that would have left the farm: mail, SMS, messages and calls of channels without a gateway.',
    search: 'Address or part of the text',
    all: 'All channels',
    show: 'Show',
    empty:
      'No messages yet. Throw a fault into the emulated world or sign up in the cabinet: the message will show here.',
    nothing: 'Nothing found. Change the search.',
    noAddress: 'no address entered',
    older: 'Older',
    files: 'Attachments',
    channels: { email: 'Mail', sms: 'SMS', telegram: 'Telegram', voice: 'Call', web: 'Page' },
  },
} as const;

export interface MailboxView {
  language: PageLanguage;
  channel?: NotificationChannel;
  search?: string;
  rows: readonly NotificationRow[];
  isMore: boolean;
}

const outward: readonly NotificationChannel[] = ['email', 'sms', 'telegram', 'voice'];

const time = (at: Date, language: PageLanguage): string =>
  new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: 'Europe/Moscow',
  }).format(at) + (language === 'ru' ? ' МСК' : ' MSK');

/** Addresses in a text become links; everything else stays text. */
const linked = (text: string): Html[] =>
  text
    .split(/(https?:\/\/[^\s<>"')]+)/)
    .map((part, index) =>
      index % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`,
    );

function message(row: NotificationRow, language: PageLanguage): Html {
  const t = texts[language];
  const to = row.address ?? `${row.recipientKind} ${row.recipientId} (${t.noAddress})`;
  return html`<article class="card" id="m${row.id}">
    <div class="row spread">
      <div class="row">
        <span class="chip">${t.channels[row.channel]}</span
        >${row.severity ? html`<span class="chip">P${row.severity}</span>` : null}
        <span>${to}</span>
      </div>
      <time class="dim" datetime="${row.createdAt.toISOString()}">${time(row.createdAt, language)}</time>
    </div>
    <h2>${row.subject}</h2>
    <pre>${linked(row.body)}</pre>
    ${
      row.attachments.length > 0
        ? html`<p class="dim">
            ${t.files}:
            ${row.attachments.map((file, index) =>
              'fileId' in file
                ? html`<a href="/mailbox/${row.id}/files/${index}">${file.name}</a> `
                : html`${file.name} `,
            )}
          </p>`
        : null
    }
  </article>`;
}

export function mailboxPage(view: MailboxView): string {
  const { language, channel, search, rows } = view;
  const t = texts[language];
  const address = (changes: Record<string, string>): string => {
    const query = new URLSearchParams({
      lang: language,
      ...(channel && { channel }),
      ...(search && { search }),
      ...changes,
    });
    return `/mailbox?${query.toString()}`;
  };
  const last = rows.at(-1);
  return simplePage({
    language,
    title: t.title,
    cssUrl: '/pages.css',
    otherLanguageUrl: address({ lang: language === 'ru' ? 'en' : 'ru' }),
    body: html`<h1>${t.title}</h1>
      <p class="dim">${t.about}</p>
      <form method="get" action="/mailbox" role="search">
        <input type="hidden" name="lang" value="${language}" />
        <input
          type="search"
          name="search"
          aria-label="${t.search}"
          placeholder="${t.search}"
          value="${search ?? ''}"
        />
        <select name="channel" aria-label="${t.all}">
          <option value="">${t.all}</option>
          ${outward.map(
            (one) =>
              html`<option value="${one}" ${one === channel ? html` selected` : null}>
                ${t.channels[one]}
              </option>`,
          )}
        </select>
        <button>${t.show}</button>
      </form>
      ${rows.length === 0 ? html`<p class="card">${channel || search ? t.nothing : t.empty}</p>` : rows.map((row) => message(row, language))}
      ${view.isMore && last ? html`<p><a href="${address({ before: last.id })}">${t.older}</a></p>` : null}`,
  });
}
