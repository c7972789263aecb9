import { Agent, request } from 'node:http';

/** Sends sales over connections that stay open, by the cheapest client there is: it shares the machine with the farm. */
export class Poster {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(
    private readonly port: number,
    private readonly token: string,
  ) {}

  /** Resolves when the sale is accepted. */
  sell(group: string, sale: object): Promise<void> {
    const body = JSON.stringify(sale);
    return new Promise((resolve, reject) => {
      const asked = request({
        agent: this.agent,
        host: '127.0.0.1',
        port: this.port,
        method: 'POST',
        path: `/possystem/${group.slice(-2)}/${group}/sell`,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          token: this.token,
        },
      });
      asked.once('response', (answer) => {
        answer.resume();
        answer.once('end', () =>
          answer.statusCode === 200
            ? resolve()
            : reject(new Error(`a sale was answered ${answer.statusCode}`)),
        );
      });
      asked.once('error', reject);
      asked.end(body);
    });
  }
}
