import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { FarmError, isClientFault, type Log } from '@kkt/contracts';
import { isDatabaseAway } from '@kkt/storage';
import type { ErrorBody } from '@kkt/web-contract';
import type { HttpReply } from './http';
import { InvalidFields } from './validation';

/** Client faults whose HTTP status is not 400. */
const statuses: Readonly<Record<string, number>> = {
  'CLIENT-LOGIN': 401,
  'CLIENT-SECOND-FACTOR': 401,
  'CLIENT-SESSION': 401,
  'CLIENT-RIGHTS': 403,
  'CLIENT-FORBIDDEN': 403,
  'CLIENT-COMPANY-NEEDED': 409,
  'CLIENT-ORIGIN': 403,
  'CLIENT-NOT-FOUND': 404,
  'CLIENT-STATE': 409,
  'CLIENT-UNDECIDED': 409,
  'CLIENT-FN-NOT-LOST': 409,
  'CLIENT-SANDBOX': 409,
  'CLIENT-NO-STOCK': 409,
  'CLIENT-SLOW-DOWN': 429,
};

/** The common answer for what does not exist and for what is not yours: they must look the same. */
export const notFound = (what: string): FarmError => new FarmError('CLIENT-NOT-FOUND', `No such ${what}`);

/** The sentence without the code that FarmError puts behind it: it stands beside a field. */
const plainText = (error: FarmError): string => error.message.replace(` (${error.code})`, '');

/** Tells errors in one shape and never more than a caller may know. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { status, ...body } = this.answerTo(error);
    const reply = host.switchToHttp().getResponse<HttpReply>();
    if (status === 429) reply.header('retry-after', '30');
    reply.status(status).header('cache-control', 'no-store').send({ error: body });
  }

  private answerTo(error: unknown): ErrorBody & { status: number } {
    if (error instanceof InvalidFields) {
      return { status: 400, code: 'CLIENT-FIELDS', message: error.message, fields: error.fields };
    }
    if (error instanceof FarmError && isClientFault(error)) {
      const { field } = error.context;
      const fields = typeof field === 'string' ? { [field]: [plainText(error)] } : undefined;
      const status = statuses[error.code] ?? 400;
      return { status, code: error.code, message: error.message, ...(fields && { fields }) };
    }
    if (error instanceof FarmError && error.code === 'SYS-BUSY') {
      return { status: 429, code: error.code, message: error.message };
    }
    if (error instanceof HttpException) {
      const status = error.getStatus();
      return { status, code: `CLIENT-HTTP-${status}`, message: error.message };
    }
    const framework = error as { statusCode?: number; message?: string };
    if (framework.statusCode !== undefined && framework.statusCode < 500) {
      return {
        status: framework.statusCode,
        code: `CLIENT-HTTP-${framework.statusCode}`,
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
