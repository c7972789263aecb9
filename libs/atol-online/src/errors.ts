/** Kinds of error that clients of the protocol map to a closed list: never send another value. */
export type AtolErrorType = 'none' | 'unknown' | 'system' | 'driver' | 'timeout' | 'agent';

/** The protocol's error object. */
export interface AtolError {
  /** UUID. Sent always, since some clients read it without a check. */
  error_id: string;
  code: number;
  text: string;
  type: AtolErrorType;
}

/** A row of the service error table: number, HTTP status, `status` of the body (absent: no such field), wording. */
export interface AtolErrorRow {
  code: number;
  http: number;
  type: AtolErrorType;
  status?: 'fail' | 'wait';
  /** Russian text; `{0}` and `{1}` are filled by {@link atolError}. */
  text: string;
}

const row = (
  code: number,
  http: number,
  text: string,
  status?: 'fail' | 'wait',
  type: AtolErrorType = 'system',
): AtolErrorRow => ({ code, http, type, text, ...(status && { status }) });

/** Service errors of the protocol, v4 and v5 (ATOL Online v4, document 5.15, table of service errors). */
export const atolErrors = {
  undefined: row(0, 400, 'Неизвестная ошибка обработки', undefined, 'unknown'),
  incomingChequeProcessingFailed: row(1, 400, 'Сервер не смог обработать входной чек'),
  missingToken: row(10, 401, 'Не распознан токен запроса'),
  expiredToken: row(11, 401, 'Переданный токен не активен'),
  wrongLoginOrPassword: row(12, 401, 'Неверный логин или пароль'),
  validationException: row(13, 400, 'Ошибка валидации входящего запроса. Ошибочные поля : {0}'),
  userBlocked: row(14, 403, 'Пользователь заблокирован'),
  groupCodeAndTokenDontMatch: row(20, 401, 'Код группы, указанный в запросе, не соответствует токену'),
  notSupportedGroupCodeForProtocol: row(21, 401, 'Код группы не поддерживает данную версию протокола'),
  missingUuid: row(30, 400, 'Передан некорректный UUID : "{0}"', 'fail'),
  incomingOperationNotSupported: row(31, 400, 'Операция "{0}" не поддерживается'),
  incomingValidationException: row(32, 400, 'Ошибка валидации входного чека. Ошибочные поля : {0}', 'fail'),
  incomingExternalIdAlreadyExists: row(
    33,
    400,
    'В системе существует чек с external_id : {0} и group_code: {1}',
    'wait',
  ),
  stateCheckNotFound: row(34, 200, 'Состояние чека не найдено. Попробуйте позднее', 'wait'),
  badRequest: row(40, 400, 'Некорректный запрос'),
  unsupportedMediaType: row(41, 415, 'Некорректный Content-Type: {0}'),
  errorServerConfiguration: row(50, 500, 'Ошибка сервера. Обратитесь к Администратору.'),
} as const satisfies Record<string, AtolErrorRow>;

export type AtolErrorName = keyof typeof atolErrors;

/** The error object of a table row. `fill` goes into the places `{0}`, `{1}` of its text. */
export function atolError(name: AtolErrorName, errorId: string, ...fill: readonly string[]): AtolError {
  const { code, type, text } = atolErrors[name];
  return {
    error_id: errorId,
    code,
    text: text.replace(/\{(\d)\}/g, (_, index: string) => fill[Number(index)] ?? ''),
    type,
  };
}

const types: readonly string[] = ['none', 'unknown', 'system', 'driver', 'timeout', 'agent'];

/** A stored error type as the protocol's; what the protocol does not know becomes `unknown`. */
export const toAtolErrorType = (type: string | null): AtolErrorType =>
  type !== null && types.includes(type) ? (type as AtolErrorType) : 'unknown';
