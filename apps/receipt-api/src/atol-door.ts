import { hash } from 'node:crypto';
import { toAtolReport, type AtolErrorName } from '@kkt/atol-online';
import { type Clock, FarmError, type Ids, type Log } from '@kkt/contracts';
import { acceptReceipt } from '@kkt/domain';
import { checkCallbackUrl } from '@kkt/security';
import {
  isDatabaseAway,
  type ApiToken,
  type NewReceipt,
  type ReceiptReport,
  type ReceiptStore,
  type RegisterStateStore,
} from '@kkt/storage';
import type { Directory, KnownGroup } from './access/directory';
import { type FloodGate, fullRetryS } from './access/flood-gate';
import { Limits } from './access/limits';
import { Polls } from './access/polls';
import type { TokenIssuer } from './access/token-issuer';
import { BodySchemas, readCredentials } from './atol/body-schema';
import { matchesCallbackMask } from './atol/callback-mask';
import { operationOf, type Operation, type ProtocolVersion } from './atol/operations';
import { readBody } from './atol/read-body';
import { answerRefusals } from './atol/refusal-policy';
import { describeViolations, type Violation } from './atol/violation';
import type { WireBody } from './atol/wire-body';
import { refusal, type Answer, type RefusalDetails } from './http/answer';
import type { BodyText } from './http/body-text';
import { WallClock } from './http/wall-clock';
import type { ReceiptIntake } from './intake/receipt-intake';
import type { RefusalBook } from './intake/refusal-book';
import type { ReceiptApiMetrics } from './metrics';
import { RegisterStates, type StatePage } from './register-states';
import type { ReceiptApiSettings } from './settings';
import { priorityOf } from './v1/receipts/priority';
import { lastingObstacle } from './v1/receipts/wait-texts';

/** A request as the door needs it: where to, who asks, and the body as it came. */
export interface DoorRequest {
  version: ProtocolVersion;
  /** `Token` header or query; undefined when none was sent. */
  token: string | undefined;
  contentType: string | undefined;
  /** Read when it is asked for: a request that is turned away is not unpacked. */
  readonly body: BodyText;
  /** Where the request came from. */
  address: string;
  /** What the gate knows the request by. */
  raw: object;
}

export interface AtolDoorParts {
  directory: Directory;
  issuer: TokenIssuer;
  intake: ReceiptIntake;
  gate: Pick<FloodGate, 'beforeRefusal'>;
  receipts: Pick<ReceiptStore, 'report'>;
  registers: Pick<RegisterStateStore, 'page' | 'bySerial'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  metrics: ReceiptApiMetrics;
  /** Counts refusals by group, for support. */
  refusals?: Pick<RefusalBook, 'note'>;
  settings: ReceiptApiSettings;
  /** Why a receipt waits; null when it does not. */
  explain?: (report: ReceiptReport) => Promise<Waiting | null>;
}

interface Waiting {
  reason: string;
  place: number | null;
  estimate_s: number | null;
}

/** A receipt that waits longer than this is explained; before that most polls find it done, and need not pay for it. */
const explainAfterMs = 5_000;

/** Pause asked of a shop when we cannot take its receipt right now. */
const busyRetryS = 2;

/** Form of a group's code; anything else in its place is no code at all. */
const groupCodeForm = /^[A-Za-z0-9_.-]{1,64}$/;

/** Longest token by the protocol's document. */
const maxTokenLength = 1000;

const dayMs = 86_400_000;

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Characters PostgreSQL cannot keep in a text: NUL and halves of surrogate pairs. */
const unstorable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * The same in JSON text, where they stand escaped; an even number of backslashes before is a text that only looks so.
 * Texts are cleaned field by field before; this catches what no rule has thought of (telephones, unrecognised codes).
 */
const unstorableJson = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** The warning that shops know for an address outside the mask. */
const maskWarning = 'callback_url не соответствует маске';

/** PostgreSQL's classes of errors that lie in the data: not storable text, a broken rule. */
const dataFaults = /^2[23]/;

/** The receipt could not be stored for what it holds, not for our trouble. */
const isReceiptAtFault = (error: unknown): boolean =>
  error instanceof FarmError &&
  error.code === 'SYS-NOT-STORED' &&
  dataFaults.test((error.cause as { code?: string } | undefined)?.code ?? '');

class Refused extends Error {
  constructor(readonly answer: Answer) {
    super('refused');
  }
}

/** The compatible receipt protocol, free of HTTP: each method turns a request into an answer. */
export class AtolDoor {
  private readonly schemas = new BodySchemas();
  private readonly wall: WallClock;
  private readonly states: RegisterStates;
  private readonly limits: Limits;
  private readonly polls: Polls;

  constructor(private readonly parts: AtolDoorParts) {
    this.wall = new WallClock(parts.clock);
    this.limits = new Limits(parts.clock, parts.settings.limits);
    this.polls = new Polls(parts.clock, parts.settings.polls);
    this.states = new RegisterStates(parts.registers, parts.clock);
  }

  /** An error in the protocol's shape, counted. */
  refuse(name: AtolErrorName, details: Partial<RefusalDetails> = {}): Answer {
    const answer = refusal(name, { errorId: this.parts.ids.uuid(), stamp: this.wall.stamp(), ...details });
    this.parts.metrics.refusedOne(answer.http, answer.code ?? 0);
    return answer;
  }

  private stop(name: AtolErrorName, details: Partial<RefusalDetails> = {}): never {
    throw new Refused(this.refuse(name, details));
  }

  private stopInvalid(violations: readonly Violation[], groupId?: number): never {
    const fill = [describeViolations(violations)];
    if (groupId !== undefined)
      this.parts.refusals?.note({
        groupId,
        clientId: null,
        code: 32,
        field: violations[0]?.path ?? '',
        text: fill[0] ?? '',
      });
    return this.stop('incomingValidationException', { fill });
  }

  /** What a fault that nobody foresaw looks like outside: never its own words, but the id under which it is logged. */
  answerFault(error: unknown): Answer {
    if (error instanceof Refused) return error.answer;
    const errorId = this.parts.ids.uuid();
    const isBusy =
      error instanceof FarmError && (error.code === 'SYS-BUSY' || error.code === 'SYS-DATABASE-AWAY');
    if (isBusy || isDatabaseAway(error)) {
      this.parts.log.warn({ err: error, errorId }, 'request turned away for now');
      return this.refuse('errorServerConfiguration', {
        errorId,
        http: 503,
        text: 'Сервер перегружен, повторите запрос позднее.',
        retryAfterS: busyRetryS,
      });
    }
    this.parts.log.error({ err: error, errorId }, 'request failed');
    if (isReceiptAtFault(error)) return this.refuse('incomingChequeProcessingFailed', { errorId });
    return this.refuse('errorServerConfiguration', { errorId });
  }

  async getToken(credentials: unknown, address: string): Promise<Answer> {
    try {
      const read = readCredentials(credentials);
      if (!read.ok) this.stopInvalid(read.violations);
      const { login, pass, source } = read.credentials;
      const answer = await this.parts.issuer.issue(login, pass, source || undefined, address);
      switch (answer.kind) {
        case 'issued':
          return {
            http: 200,
            body: JSON.stringify({ error: null, token: answer.token, timestamp: this.wall.stamp() }),
          };
        case 'wrong':
          this.parts.log.warn({ event: 'login-refused', address }, 'wrong login or password');
          return this.refuse('wrongLoginOrPassword');
        case 'blocked':
          this.parts.log.warn({ event: 'login-blocked', address }, 'blocked login asked for a token');
          return this.refuse('userBlocked');
        case 'slow-down':
          return this.refuse('badRequest', {
            http: 429,
            text: 'Слишком много неудачных попыток входа, повторите позднее.',
            retryAfterS: answer.retryAfterS,
          });
      }
    } catch (error) {
      return this.answerFault(error);
    }
  }

  async postToken(request: DoorRequest): Promise<Answer> {
    try {
      return await this.getToken(this.parse(request), request.address);
    } catch (error) {
      return this.answerFault(error);
    }
  }

  async register(request: DoorRequest, groupCode: string, operationName: string): Promise<Answer> {
    try {
      const { group, token } = await this.enter(request, groupCode);
      const operation = operationOf(operationName, request.version);
      if (!operation) this.stop('incomingOperationNotSupported', { fill: [operationName.slice(0, 100)] });
      const receipt = this.decide(this.parse(request), operation, request.version, group, token);
      return await this.take(receipt, groupCode);
    } catch (error) {
      return this.answerFault(error);
    }
  }

  async report(request: DoorRequest, groupCode: string, uuid: string): Promise<Answer> {
    try {
      const { group } = await this.enter(request, groupCode);
      await this.allowPoll(group.group.id, request);
      const report = uuidForm.test(uuid) ? await this.parts.receipts.report(uuid.toLowerCase()) : undefined;
      const oldestMs = this.parts.clock.nowMs() - this.parts.settings.reportDays * dayMs;
      if (!report || report.groupCode !== group.group.code || report.acceptedAt.getTime() < oldestMs)
        this.stop('missingUuid', { fill: [uuid.slice(0, 128)] });
      const body = toAtolReport(report, {
        now: new Date(this.parts.clock.nowMs()),
        waitText: lastingObstacle,
      });
      const waiting = await this.waitingOf(report);
      return { http: 200, body: JSON.stringify(body), ...(waiting && { waiting }) };
    } catch (error) {
      return this.answerFault(error);
    }
  }

  /** `reason=in_line; place=3; estimate=4`. An explanation that cannot be had withholds no report. */
  private async waitingOf(report: ReceiptReport): Promise<string | undefined> {
    const { explain, clock, log } = this.parts;
    const hasEnded = report.state === 'done' || report.state === 'failed';
    if (!explain || hasEnded || clock.nowMs() - report.acceptedAt.getTime() < explainAfterMs)
      return undefined;
    try {
      const why = await explain(report);
      if (!why) return undefined;
      const { reason, place, estimate_s: estimateS } = why;
      return [
        `reason=${reason}`,
        ...(place === null ? [] : [`place=${place}`]),
        ...(estimateS === null ? [] : [`estimate=${estimateS}`]),
      ].join('; ');
    } catch (error) {
      log.warn({ err: error, receiptId: report.id }, 'a waiting receipt was not explained');
      return undefined;
    }
  }

  /** Registers of the token's client, in the side API's words. */
  async registers(request: DoorRequest, page: StatePage): Promise<Answer> {
    try {
      const token = await this.tokenOf(request);
      const found = await this.states.page(token.clientId, page);
      if (!found) return this.refuse('validationException', { fill: ['IntegerExpected: #/limit, #/offset'] });
      return { http: 200, body: JSON.stringify({ data: found }) };
    } catch (error) {
      return this.answerFault(error);
    }
  }

  async oneRegister(request: DoorRequest, serial: string): Promise<Answer> {
    try {
      const token = await this.tokenOf(request);
      const found = await this.states.bySerial(token.clientId, serial.slice(0, 64));
      if (!found) return this.refuse('badRequest', { http: 404 });
      return { http: 200, body: JSON.stringify({ data: found }) };
    } catch (error) {
      return this.answerFault(error);
    }
  }

  /** Whose the token is: errors 10, 11, 13, 14. */
  private async tokenOf(request: DoorRequest): Promise<ApiToken> {
    const { directory, clock } = this.parts;
    if (request.token === undefined) this.stop('missingToken');
    if (request.token.length > maxTokenLength)
      this.stop('validationException', { fill: ['StringTooLong: #/token'] });
    const found = directory.token(request.token);
    const token = found instanceof Promise ? await found : found;
    if (!token) this.stop('missingToken');
    if (token.blocked) this.stop('userBlocked');
    if (token.expiresAt.getTime() <= clock.nowMs()) this.stop('expiredToken');
    const limited = await this.limits.take(request.token, token.clientId);
    if (limited) {
      await this.parts.gate.beforeRefusal(request.token, request.raw);
      this.stopForNow('Слишком много запросов, повторите позднее.', limited.retryAfterS);
    }
    return token;
  }

  /** The protocol's documents know no 429; it is told in the shape of its other errors. */
  private stopForNow(text: string, retryAfterS: number): never {
    return this.stop('badRequest', { http: 429, text, retryAfterS });
  }

  /** To a request that is one too many at once of its token. */
  tooManyAtOnce(): Answer {
    const text = 'Слишком много запросов одновременно, повторите позднее.';
    return this.refuse('badRequest', { http: 429, text, retryAfterS: fullRetryS });
  }

  private async allowPoll(groupId: number, request: DoorRequest): Promise<void> {
    const found = this.parts.directory.registersOf(groupId);
    const retryAfterS = this.polls.take(groupId, found instanceof Promise ? await found : found);
    if (retryAfterS === 0) return;
    await this.parts.gate.beforeRefusal(request.token ?? '', request.raw);
    this.stopForNow(
      'Отчёты запрашиваются чаще раза в секунду на кассу группы, повторите позднее.',
      retryAfterS,
    );
  }

  /** Who asks and for which group: also errors 20, 21. An unknown group answers as a foreign one. */
  private async enter(
    request: DoorRequest,
    groupCode: string,
  ): Promise<{ group: KnownGroup; token: ApiToken }> {
    const { directory, log } = this.parts;
    const token = await this.tokenOf(request);
    if (!groupCodeForm.test(groupCode))
      this.stop('validationException', { fill: ['PatternMismatch: #/group_code'] });
    const foundGroup = directory.group(groupCode);
    const group = foundGroup instanceof Promise ? await foundGroup : foundGroup;
    if (!group || group.group.clientId !== token.clientId) {
      if (group)
        log.warn(
          { event: 'foreign-group', loginId: token.loginId, address: request.address },
          'group of another client',
        );
      this.stop('groupCodeAndTokenDontMatch');
    }
    if (group.group.protocol !== request.version) this.stop('notSupportedGroupCodeForProtocol');
    return { group, token };
  }

  /**
   * JSON of the body. A missing Content-Type is taken as JSON; so is a form's, when the body is JSON all the same
   * (an HTTP library's default that its users never changed). Any other type is error 41.
   */
  private parse(request: DoorRequest): unknown {
    const { contentType } = request;
    const read = request.body;
    if ('fault' in read) {
      if (read.fault === 'unsupported') this.stop('unsupportedMediaType', { fill: [read.what] });
      return this.stop('undefined');
    }
    const body = read.text;
    const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const isForm = type === 'application/x-www-form-urlencoded' && /^\s*\{/.test(body);
    if (
      type !== '' &&
      type !== 'application/json' &&
      type !== 'text/json' &&
      !type.endsWith('+json') &&
      !isForm
    )
      this.stop('unsupportedMediaType', { fill: [type.slice(0, 100)] });
    try {
      return JSON.parse(body) as unknown;
    } catch {
      return this.stop('undefined');
    }
  }

  /** Everything between the body and the commit: schema, mapping, rules. Pure apart from the id. */
  private decide(
    body: unknown,
    operation: Operation,
    version: ProtocolVersion,
    { group, facts }: KnownGroup,
    token: ApiToken,
  ): NewReceipt {
    const violations = this.schemas.check(body, operation.form, version);
    if (violations.length > 0) this.stopInvalid(violations, group.id);
    const read = readBody(body as WireBody, operation, violations);
    if (!read || violations.length > 0) this.stopInvalid(violations, group.id);
    if (unstorable.test(read.externalId))
      this.stopInvalid([{ kind: 'PatternMismatch', path: 'external_id' }], group.id);
    const decision = acceptReceipt(read.draft, facts, this.wall.today());
    const late = decision.ok ? undefined : answerRefusals(decision.refused, operation.form);
    if (late?.when === 'now') this.stopInvalid(late.violations, group.id);
    const { content } = decision;
    const callback = this.callbackOf(read.callbackUrl);
    const contentJson = JSON.stringify(content);
    // Looked for plainly first: the pattern tries every character, and next to no receipt has an escape.
    if (contentJson.includes('\\u') && unstorableJson.test(contentJson))
      this.stopInvalid([{ kind: 'PatternMismatch', path: operation.form }], group.id);
    return {
      id: this.parts.ids.uuid(),
      groupId: group.id,
      clientId: token.clientId,
      externalId: read.externalId,
      api: version === 4 ? 'v4' : 'v5',
      operation: operation.name,
      content,
      contentJson,
      bodyHash: hash('sha256', contentJson, 'hex'),
      totalKop: content.totalKop,
      ...callback,
      priority: priorityOf(content),
      queueLimitS: group.queueLimitS,
      ...(late && { refusal: late.refusal }),
    };
  }

  /** A bad address never refuses the receipt: no call is made, and the report says why. */
  private callbackOf(url: string | undefined): Pick<NewReceipt, 'callbackUrl' | 'callbackNote'> {
    if (url === undefined) return {};
    if (unstorable.test(url)) return { callbackUrl: '', callbackNote: maskWarning };
    if (!matchesCallbackMask(url)) return { callbackUrl: url, callbackNote: maskWarning };
    const decision = checkCallbackUrl(url, this.parts.settings.callbacks);
    return decision.ok
      ? { callbackUrl: url }
      : { callbackUrl: url, callbackNote: `callback_url не будет вызван: ${decision.reason}` };
  }

  private async take(receipt: NewReceipt, groupCode: string): Promise<Answer> {
    const { intake, metrics, log } = this.parts;
    const outcome = await intake.accept(receipt);
    if (outcome.accepted) {
      metrics.acceptedOne(receipt.api === 'v5' ? 'v5' : 'v4');
      if (receipt.refusal) metrics.failedAtOnce(receipt.refusal.errorCode);
      return {
        http: 200,
        body: `{"uuid":"${outcome.id}","status":"wait","error":null,"timestamp":"${this.wall.stamp()}"}`,
      };
    }
    metrics.repeatedOne(outcome.sameBody);
    if (!outcome.sameBody)
      log.warn(
        { event: 'external-id-reused', groupId: receipt.groupId, receiptId: outcome.id },
        'external id came again with another receipt',
      );
    return this.refuse('incomingExternalIdAlreadyExists', {
      fill: [receipt.externalId, groupCode],
      uuid: outcome.id,
    });
  }
}
