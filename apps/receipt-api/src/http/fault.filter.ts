import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Ids } from '@kkt/contracts';
import { refusal } from './answer';
import type { WallClock } from './wall-clock';

/** The part of a Fastify reply used here. */
interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: string): void;
}

/** Paths outside every door are answered in the protocol's shape too: clients read whatever comes as JSON of that shape. */
@Catch()
export class FaultFilter implements ExceptionFilter {
  constructor(
    private readonly ids: Ids,
    private readonly wall: WallClock,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = error instanceof HttpException ? error.getStatus() : 500;
    const answer = refusal(http >= 500 ? 'errorServerConfiguration' : 'badRequest', {
      errorId: this.ids.uuid(),
      stamp: this.wall.stamp(),
      http,
    });
    host
      .switchToHttp()
      .getResponse<Reply>()
      .status(answer.http)
      .header('content-type', 'application/json; charset=utf-8')
      .send(answer.body);
  }
}
