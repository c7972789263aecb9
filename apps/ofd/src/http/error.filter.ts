import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  ValidationPipe,
} from '@nestjs/common';
import { FarmError, isClientFault, type Log } from '@kkt/contracts';
import { isDatabaseAway } from '@kkt/storage';
import type { ValidationError } from 'class-validator';
import type { HttpReply } from './request';

interface Answer {
  status: number;
  code: string;
  message: string;
  /** What is wrong, by field. */
  fields?: Record<string, string[]>;
}

/** Fields that did not pass, by their path. */
class InvalidFields extends HttpException {
  constructor(readonly fields: Record<string, string[]>) {
    super('Some fields are wrong', 400);
  }
}

const collect = (errors: readonly ValidationError[], prefix = ''): Record<string, string[]> =>
  Object.fromEntries(
    errors.flatMap((error) => {
      const path = `${prefix}${error.property}`;
      const own = Object.values(error.constraints ?? {});
      return [
        ...(own.length > 0 ? [[path, own]] : []),
        ...Object.entries(collect(error.children ?? [], `${path}.`)),
      ];
    }),
  ) as Record<string, string[]>;

/** Checks bodies, queries and paths; an unknown field is an error, not a surprise. */
export const validation = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => new InvalidFields(collect(errors)),
  });

const STATUS_BY_CODE = new Map<string, number>([
  ['CLIENT-KKT-UNKNOWN', 404],
  ['CLIENT-DOCUMENT-UNKNOWN', 404],
  ['CLIENT-KKT-TAKEN', 409],
  ['CLIENT-FN-TAKEN', 409],
  ['CLIENT-FAULTS-OFF', 404],
]);

/** Every error of the JSON API as `{ error: { code, message, fields? } }`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { status, ...body } = this.answerTo(error);
    host.switchToHttp().getResponse<HttpReply>().status(status).send({ error: body });
  }

  private answerTo(error: unknown): Answer {
    if (error instanceof InvalidFields) {
      return { status: 400, code: 'CLIENT-FIELDS', message: error.message, fields: error.fields };
    }
    if (error instanceof HttpException) {
      const status = error.getStatus();
      return { status, code: `CLIENT-HTTP-${status}`, message: error.message };
    }
    if (error instanceof FarmError && isClientFault(error)) {
      return { status: STATUS_BY_CODE.get(error.code) ?? 400, code: error.code, message: error.message };
    }
    const framework = error as { statusCode?: number; message?: string };
    if (framework.statusCode !== undefined && framework.statusCode < 500) {
      return {
        status: framework.statusCode,
        code: 'CLIENT-HTTP',
        message: framework.message ?? 'Bad request',
      };
    }
    this.log.error({ err: error }, 'a request failed');
    if (isDatabaseAway(error)) {
      return { status: 503, code: 'SYS-DATABASE', message: 'The database is away, try later' };
    }
    return { status: 500, code: 'SYS-HTTP', message: 'The request could not be served' };
  }
}
