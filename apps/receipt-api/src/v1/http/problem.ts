/** What would make a wrong field right. */
export interface Suggestion {
  /** The very value to send, when it is known. */
  value?: string | number | boolean;
  ru: string;
  en: string;
}

/** One thing wrong with a request. */
export interface FieldProblem {
  /** JSON pointer (RFC 6901) into the body; `""` is the whole body. */
  pointer: string;
  /** Stable name of the rule. */
  rule: string;
  /** FFD tag of the requisite; null when the rule is not about one. */
  tag: number | null;
  /** Russian. */
  detail: string;
  /** English. */
  detail_en: string;
  suggestion?: Suggestion;
}

/** Kinds of problems: HTTP status, Russian and English title. The names are stable, programs branch on them. */
export const problemKinds = {
  'bad-request': [400, 'Запрос нельзя разобрать', 'The request cannot be understood'],
  'idempotency-key-required': [400, 'Нужен заголовок Idempotency-Key', 'Idempotency-Key is required'],
  'cursor-invalid': [400, 'Курсор не отсюда', 'The cursor is not one of ours'],
  'key-required': [401, 'Нужен ключ API', 'An API key is required'],
  'key-invalid': [401, 'Ключ API не подходит', 'The API key is not valid'],
  'scope-missing': [403, 'У ключа нет этого права', 'The key has no such right'],
  'address-not-allowed': [403, 'Ключ нельзя использовать с этого адреса', 'The key is not for this address'],
  'not-found': [404, 'Не найдено', 'Not found'],
  'method-not-allowed': [405, 'Метод не поддерживается', 'Method not allowed'],
  'not-acceptable': [406, 'Такого вида нет', 'Not available in this form'],
  'idempotency-conflict': [
    409,
    'Этот Idempotency-Key занят другим запросом',
    'This Idempotency-Key belongs to another request',
  ],
  'state-conflict': [409, 'Состояние не позволяет', 'The state does not allow it'],
  'keys-full': [409, 'Два ключа этого имени уже действуют', 'Two keys of this name are active'],
  'body-too-large': [413, 'Тело запроса слишком велико', 'The body is too large'],
  'media-type': [415, 'Нужен application/json', 'application/json is expected'],
  'request-invalid': [422, 'В запросе есть ошибки', 'The request has errors'],
  'receipt-refused': [422, 'Чек не может быть принят', 'The receipt cannot be accepted'],
  'too-many-requests': [429, 'Слишком много запросов', 'Too many requests'],
  internal: [500, 'Ошибка сервера', 'Server error'],
  busy: [503, 'Сервер перегружен, повторите позднее', 'The server is busy, try again later'],
} as const satisfies Record<string, readonly [number, string, string]>;

export type ProblemKind = keyof typeof problemKinds;

export interface ProblemDetails {
  detail?: string;
  detail_en?: string;
  errors?: readonly FieldProblem[];
  /** Pause to keep before a repeat. */
  retryAfterS?: number;
  /** The group it was about, where that is known; not told. */
  groupId?: number;
  /** Other members of the body. */
  more?: Readonly<Record<string, string | number>>;
}

/** A refusal in the shape of RFC 9457. */
export class Problem extends Error {
  readonly status: number;

  constructor(
    readonly kind: ProblemKind,
    readonly details: ProblemDetails = {},
  ) {
    super(problemKinds[kind][2]);
    this.status = problemKinds[kind][0];
  }

  /** @param requestId names the request in our log */
  body(requestId: string): Record<string, unknown> {
    const [status, title, titleEn] = problemKinds[this.kind];
    const { detail, detail_en, errors, more } = this.details;
    return {
      type: `/v1/docs#problem-${this.kind}`,
      title,
      title_en: titleEn,
      status,
      code: this.kind,
      ...(detail !== undefined && { detail }),
      ...(detail_en !== undefined && { detail_en }),
      instance: `urn:uuid:${requestId}`,
      ...more,
      ...(errors && { errors }),
    };
  }
}

/** Unknown and foreign things answer alike. */
export const notFound = (): Problem => new Problem('not-found');
