import { type ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { FarmError, type Ids, type Log } from '@kkt/contracts';
import { isDatabaseAway } from '@kkt/storage';
import { FaultFilter } from '../../http/fault.filter';
import type { WallClock } from '../../http/wall-clock';
import type { KnownRequest } from '../access/api-key.guard';
import { Problem, type ProblemKind } from './problem';
import type { RefusedRequests } from './refused-requests';
import type { HttpReply } from './types';

const byStatus: Readonly<Record<number, ProblemKind>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'body-too-large',
  415: 'media-type',
};

const busyRetryS = 2;

/** True for addresses of our own doors, whose clients read problems. */
export const isOwnPath = (url: string): boolean => /^\/v1(?:[/?]|$)/.test(url);

/** Faults below `/v1` as `application/problem+json`; everything else in the compatible protocol's shape. */
@Catch()
export class ProblemFilter extends FaultFilter {
  constructor(
    private readonly requestIds: Ids,
    wall: WallClock,
    private readonly log: Log,
    private readonly refused: RefusedRequests,
  ) {
    super(requestIds, wall);
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<KnownRequest>();
    if (!isOwnPath(request.url)) return super.catch(error, host);
    const requestId = this.requestIds.uuid();
    const problem = this.problemOf(error, requestId);
    this.refused.note(problem, request);
    sendProblem(http.getResponse<HttpReply>(), problem, requestId);
  }

  private problemOf(error: unknown, requestId: string): Problem {
    if (error instanceof Problem) return error;
    const isBusy =
      error instanceof FarmError && (error.code === 'SYS-BUSY' || error.code === 'SYS-DATABASE-AWAY');
    if (isBusy || isDatabaseAway(error)) {
      this.log.warn({ err: error, requestId }, 'request turned away for now');
      return new Problem('busy', { retryAfterS: busyRetryS });
    }
    const status =
      error instanceof HttpException
        ? error.getStatus()
        : ((error as { statusCode?: number }).statusCode ?? 500);
    if (status >= 400 && status < 500) return new Problem(byStatus[status] ?? 'bad-request');
    this.log.error({ err: error, requestId }, 'request failed');
    return new Problem('internal');
  }
}

/** Writes a problem. */
export function sendProblem(reply: HttpReply, problem: Problem, requestId: string): void {
  const { retryAfterS } = problem.details;
  if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="v1"');
  reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem.body(requestId)));
}
