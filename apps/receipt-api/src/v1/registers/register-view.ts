import type { ClientRegisterRow, FnForecastRow } from '@kkt/storage';
import { conditionOf } from '@kkt/web-server';
import type { RegisterView, UnsentCauseView } from './views';

const dayMs = 86_400_000;
/** By law an FN that no confirmation has reached for so long stops registering. */
const unsentLimitDays = 30;

/** Causes as the relay stores them, in words for the shop, and whether they wait for a person. */
const causes: Readonly<Record<string, readonly [ru: string, en: string, needsPerson: boolean]>> = {
  network: ['Нет связи с оператором', 'There is no link to the operator', false],
  operator_unavailable: ['Оператор недоступен', 'The operator is not available', false],
  timeout: ['Оператор не отвечает за отведённое время', 'The operator does not answer in time', false],
  garbage: ['Оператор отвечает не по протоколу', 'The operator answers against the protocol', false],
  not_registered: [
    'Касса не зарегистрирована у оператора: зарегистрируйте её в его кабинете',
    'The operator does not know the register: add it in the operator’s cabinet',
    true,
  ],
  not_activated: [
    'Касса у оператора не активирована: активируйте её в его кабинете',
    'The register is not activated at the operator: activate it in the operator’s cabinet',
    true,
  ],
  unpaid: ['Услуги оператора не оплачены', 'The operator’s service is not paid', true],
  wrong_fn: [
    'У оператора записан другой ФН: сверьте номер ФН в его кабинете',
    'The operator has another FN on record: compare the number in the operator’s cabinet',
    true,
  ],
  refused_document: [
    'Оператор отказал в приёме документа: обратитесь в его поддержку',
    'The operator refused the document: ask the operator’s support',
    true,
  ],
  refused_by_fn: [
    'ФН не принял подтверждение оператора: он запросит его снова',
    'The FN did not take the operator’s confirmation: it will ask again',
    false,
  ],
};

const causeView = (code: string): UnsentCauseView => {
  const [text, text_en, needs_person] = causes[code] ?? [
    `Документ не отправлен: ${code}`,
    `The document is not sent: ${code}`,
    false,
  ];
  return { code, text, text_en, needs_person };
};

const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;

function unsentView({ unsent, firstUnsentAt, operatorCause }: ClientRegisterRow): RegisterView['unsent'] {
  const waits = unsent !== null && unsent > 0;
  const firstAt = waits ? firstUnsentAt : null;
  return {
    documents: unsent,
    first_at: iso(firstAt),
    blocks_at: firstAt && new Date(firstAt.getTime() + unsentLimitDays * dayMs).toISOString(),
    cause: waits && operatorCause !== null ? causeView(operatorCause) : null,
  };
}

function fnView(
  row: ClientRegisterRow,
  forecast: FnForecastRow | undefined,
  today: string,
): RegisterView['fn'] {
  const { fnNumber, capacityDocuments, documentsLeft, validUntil } = row;
  if (fnNumber === null) return null;
  const used =
    capacityDocuments && documentsLeft !== null
      ? Math.floor((100 * (capacityDocuments - documentsLeft)) / capacityDocuments)
      : null;
  return {
    number: fnNumber,
    model: row.fnModel,
    capacity_documents: capacityDocuments,
    documents_left: documentsLeft,
    used_percent: used === null ? null : Math.min(100, Math.max(0, used)),
    valid_until: validUntil,
    days_left: validUntil === null ? null : Math.max(0, (Date.parse(validUntil) - Date.parse(today)) / dayMs),
    // Without a forecast the term alone is known.
    ends_on: forecast?.endOn ?? validUntil,
    ends_by: forecast?.endOn ? forecast.cause : validUntil === null ? null : 'validity',
  };
}

/** @param today `YYYY-MM-DD` in Moscow */
export const registerView = (
  row: ClientRegisterRow,
  forecast: FnForecastRow | undefined,
  today: string,
): RegisterView => ({
  serial: row.serial,
  model: row.model,
  group: row.groupCode,
  rnm: row.rnm,
  state: conditionOf(row),
  problem: row.problem,
  shift:
    row.shiftOpen === null
      ? null
      : { open: row.shiftOpen, number: row.shiftNumber, expires_at: iso(row.shiftExpiresAt) },
  operator: row.ofdName,
  unsent: unsentView(row),
  fn: fnView(row, forecast, today),
  last_fd: row.lastFd,
});
