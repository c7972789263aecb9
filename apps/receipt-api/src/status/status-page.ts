import type { ComponentState, ServiceStatus } from '@kkt/alerts';
import { html, type PageLanguage, simplePage } from '@kkt/web-server';

const texts = {
  ru: {
    title: 'Состояние сервиса',
    states: {
      operational: 'Работает',
      degraded: 'Работает с перебоями',
      outage: 'Не работает',
      unknown: 'Нет данных',
    },
    whole: {
      operational: 'Всё работает',
      degraded: 'Есть перебои',
      outage: 'Сервис не работает',
      unknown: 'Нет данных',
    },
    components: {
      accept: 'Приём чеков',
      register: 'Регистрация чеков',
      callback: 'Обратные вызовы',
      operators: 'Передача в ОФД',
    },
    measured: 'Измерено за 15 минут',
    accept: 'Приём тестового чека',
    p50: 'Регистрация: половина чеков не дольше',
    p95: 'Регистрация: 95 % чеков не дольше',
    callback: 'Обратный вызов: 95 % не дольше',
    done: 'Зарегистрировано чеков',
    failed: 'Отказано',
    test: 'Последний тестовый чек',
    days: 'Доступность за 90 дней',
    incidents: 'Инциденты за 14 дней',
    none: 'Инцидентов не было.',
    now: 'продолжается',
    ms: 'мс',
    s: 'с',
    updated: 'Обновлено',
  },
  en: {
    title: 'Service status',
    states: { operational: 'Operational', degraded: 'Degraded', outage: 'Outage', unknown: 'No data' },
    whole: {
      operational: 'All systems operational',
      degraded: 'Some systems degraded',
      outage: 'Outage',
      unknown: 'No data',
    },
    components: {
      accept: 'Accepting receipts',
      register: 'Registering receipts',
      callback: 'Callbacks',
      operators: 'Sending to operators',
    },
    measured: 'Measured over 15 minutes',
    accept: 'Accepting a test receipt',
    p50: 'Registration: half of receipts within',
    p95: 'Registration: 95 % of receipts within',
    callback: 'Callback: 95 % within',
    done: 'Receipts registered',
    failed: 'Refused',
    test: 'Last test receipt',
    days: 'Availability, 90 days',
    incidents: 'Incidents, 14 days',
    none: 'No incidents.',
    now: 'ongoing',
    ms: 'ms',
    s: 's',
    updated: 'Updated',
  },
} as const;

const classOf = (state: ComponentState): string =>
  ({ operational: 'ok', degraded: 'warn', outage: 'bad', unknown: 'dim' })[state];
const signOf = (state: ComponentState): string =>
  ({ operational: '●', degraded: '▲', outage: '✕', unknown: '○' })[state];

export function statusPage(status: ServiceStatus, language: PageLanguage): string {
  const t = texts[language];
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const numbers = new Intl.NumberFormat(locale);
  const moments = new Intl.DateTimeFormat(locale, {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Europe/Moscow',
  });
  const when = (at: string): string => `${moments.format(new Date(at))} ${language === 'ru' ? 'МСК' : 'MSK'}`;
  const took = (ms: number | null): string =>
    ms === null
      ? '—'
      : ms < 1_000
        ? `${numbers.format(ms)} ${t.ms}`
        : `${numbers.format(Math.round(ms / 100) / 10)} ${t.s}`;
  const { measured } = status;
  const rows: [string, string][] = [
    [t.accept, took(measured.acceptMs)],
    [t.p50, took(measured.registerP50Ms)],
    [t.p95, took(measured.registerP95Ms)],
    [t.callback, took(measured.callbackP95Ms)],
    [t.done, numbers.format(measured.receiptsDone)],
    [t.failed, numbers.format(measured.receiptsFailed)],
    [t.test, measured.lastTestReceiptAt === null ? '—' : when(measured.lastTestReceiptAt)],
  ];
  const share = (available: number | null): string =>
    available === null ? t.states.unknown : `${numbers.format(Math.round(available * 10_000) / 100)} %`;
  const dayClass = (available: number | null): string =>
    available === null ? '' : available >= 0.999 ? 'ok' : available >= 0.98 ? 'warn' : 'bad';
  return simplePage({
    language,
    title: t.title,
    otherLanguageUrl: `/status?lang=${language === 'ru' ? 'en' : 'ru'}`,
    cssUrl: '/status/pages.css',
    refreshS: 30,
    body: html`<h1>${t.title}</h1>
      <p class="card ${classOf(status.state)}">
        <strong>${signOf(status.state)} ${t.whole[status.state]}</strong>
      </p>
      <section>
        ${status.components.map(
          ({ code, state }) =>
            html`<div class="card row spread">
              <span>${t.components[code]}</span
              ><span class="${classOf(state)}">${signOf(state)} ${t.states[state]}</span>
            </div>`,
        )}
      </section>
      <h2>${t.measured}</h2>
      <div class="scroll">
        <table>
          <tbody>
            ${rows.map(
              ([name, value]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td class="number">${value}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <h2>${t.days}</h2>
      <div class="bars" role="img" aria-label="${t.days}: ${share(status.days.at(-1)?.available ?? null)}">
        ${status.days.map(({ day, available }) => html`<span class="${dayClass(available)}" title="${day}: ${share(available)}"></span>`)}
      </div>
      <h2>${t.incidents}</h2>
      ${
        status.incidents.length === 0
          ? html`<p class="card">${t.none}</p>`
          : status.incidents.map(
              ({ title, severity, since, until, note }) =>
                html`<article class="card">
                  <div class="row">
                    <span class="chip">P${severity}</span><strong>${title[language]}</strong>
                  </div>
                  ${note ? html`<p>${note[language]}</p>` : ''}
                  <p class="dim">${when(since)} — ${until === null ? t.now : when(until)}</p>
                </article>`,
            )
      }
      <p class="dim">${t.updated}: ${when(status.at)}. <a href="/status.json">JSON</a></p>`,
  });
}
