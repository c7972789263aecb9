import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep, type Clock } from '@kkt/contracts';
import { ZodError } from 'zod';
import type { KktModule } from '../../emulator/src';
import type { Task } from './driver-call';
import { DoorFaults, type DoorFault, type DoorFaultSpec } from './faults';
import { OwnChannel } from './own-channel';
import { fits, RequestQueue } from './request-queue';
import { isTask } from './task-fields';

export interface WebDoorOptions {
  module: KktModule;
  clock: Clock;
  /** 0 = any free one. */
  port: number;
  host?: string;
  /** Documents are confirmed by the register's own channel this often; absent = they stay unsent. */
  confirmEveryMs?: number;
}

const REQUESTS = '/api/v2/requests';
/** The experimenter's own path, not the vendor's. */
const FAULTS = '/emulator/faults';
const STATE = '/emulator/state';
const MAX_BODY_BYTES = 4 * 1024 * 1024;

interface Answer {
  status: number;
  body: unknown;
}

const complaint = (status: number, description: string): Answer => ({
  status,
  body: { error: { code: 505, description } },
});

/**
 * A second door to a module: the vendor's web server with the driver behind it, over the same device and the same FN as
 * the doors that speak bytes.
 */
export class WebDoor {
  readonly faults = new DoorFaults();
  readonly queue: RequestQueue;
  private server: Server | undefined;
  private port: number;
  /** Answers are held until then. */
  private heldUntilMs = -Infinity;
  private closed = false;
  private readonly channel: OwnChannel | undefined;

  constructor(private readonly options: WebDoorOptions) {
    const { module, clock, confirmEveryMs } = options;
    this.port = options.port;
    this.queue = new RequestQueue(module, clock, this.faults, (at, task) => this.reach(at, task));
    this.channel = confirmEveryMs === undefined ? undefined : new OwnChannel(module, clock, confirmEveryMs);
  }

  get url(): string {
    return `http://${this.options.host ?? '127.0.0.1'}:${this.port}`;
  }

  async open(): Promise<void> {
    await this.listen();
    this.channel?.start();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.channel?.stop();
    await this.hangUp();
  }

  inject(spec: DoorFaultSpec): void {
    const fault = this.faults.add(spec);
    if (fault.name === 'hang' && this.faults.take('hang')) {
      this.heldUntilMs = this.options.clock.monotonicMs() + fault.forMs;
    }
  }

  private listen(): Promise<void> {
    if (this.closed) return Promise.resolve();
    const server = createServer((request, response) => void this.serve(request, response));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, this.options.host ?? '127.0.0.1', () => {
        this.port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  /** Connections break, new ones are refused. */
  private hangUp(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return Promise.resolve();
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  private reach(at: 'beforeCommit' | 'afterCommit', task: string): boolean {
    const meets = (fault: { at: string; task?: string }): boolean =>
      fault.at === at && fits(fault.task, task);
    const unplug = this.faults.take('unplug', meets);
    if (unplug) this.awayFor(unplug.forMs, () => undefined);
    const powerOff = this.faults.take('powerOff', meets);
    if (!powerOff) return true;
    this.queue.powerOff(powerOff.requests);
    this.options.module.powerOff();
    this.awayFor(powerOff.forMs, () => {
      this.options.module.powerOn();
      this.queue.powerOn();
    });
    return false;
  }

  private awayFor(forMs: number, back: () => void): void {
    void this.hangUp();
    this.options.clock.setTimer(forMs, () => {
      back();
      void this.listen();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return void response.destroy();
    const { clock } = this.options;
    const heldMs = this.heldUntilMs - clock.monotonicMs();
    if (heldMs > 0) await sleep(clock, heldMs);
    const answer = this.route(request.method ?? '', request.url ?? '', body);
    if (!answer || response.destroyed) return;
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(answer.body));
  }

  /** Undefined: nothing is ever answered. */
  private route(method: string, url: string, body: string): Answer | undefined {
    const path = url.split('?')[0] ?? '';
    const key = path.startsWith(`${REQUESTS}/`)
      ? decodeURIComponent(path.slice(REQUESTS.length + 1))
      : undefined;
    if (method === 'POST' && path === REQUESTS) return this.take(body);
    if (method === 'GET' && key !== undefined) {
      const views = this.queue.views(key);
      return views
        ? { status: 200, body: { results: views } }
        : complaint(404, `Задание с UUID [${key}] не найдено`);
    }
    if (method === 'DELETE' && key !== undefined) {
      const end = this.queue.cancel(key);
      if (end === 'done') return { status: 200, body: {} };
      return end === 'busy'
        ? complaint(409, 'Задание нельзя отменить')
        : complaint(404, 'Задание не найдено');
    }
    return this.experiment(method, path, body);
  }

  private take(body: string): Answer | undefined {
    const parsed = parse(body);
    const { uuid: key, request } = isTask(parsed) ? parsed : {};
    if (typeof key !== 'string' || key === '') return complaint(400, "Поле 'uuid' не задано");
    const tasks: unknown = isTask(request) ? [request] : request;
    if (!Array.isArray(tasks) || tasks.length === 0 || !tasks.every(isTask)) {
      return complaint(400, "Поле 'request' не задано или пустое");
    }
    return this.put(key, tasks);
  }

  private put(key: string, tasks: readonly Task[]): Answer | undefined {
    const type = String(tasks[0]?.type);
    const meets = (fault: { task?: string }): boolean => fits(fault.task, type);
    if (this.faults.take('loseAnswerBeforeCommit', meets)) return undefined;
    const late = this.faults.take('late', meets);
    if (late) {
      this.options.clock.setTimer(late.byMs, () => void this.queue.put(key, tasks));
      return undefined;
    }
    const silent = this.faults.take('loseAnswerAfterCommit', meets);
    if (!this.queue.put(key, tasks, silent?.result === 'lost')) {
      return complaint(409, `Задание с UUID [${key}] уже есть`);
    }
    return silent
      ? undefined
      : { status: 201, body: { number: this.queue.length, uuid: key, isBlocked: false } };
  }

  private experiment(method: string, path: string, body: string): Answer {
    if (path === STATE && method === 'GET') {
      const { serial, fn } = this.options.module;
      return {
        status: 200,
        body: { serial, fnNumber: fn?.fnNumber, lastFd: fn?.state.lastFd, unsent: fn?.state.unsent.length },
      };
    }
    if (path !== FAULTS) return complaint(404, 'Нет такого пути');
    if (method === 'GET') return { status: 200, body: this.faults.all() };
    if (method === 'DELETE') this.faults.clear();
    else if (method === 'POST') {
      try {
        this.inject(parse(body) as DoorFault);
      } catch (error) {
        if (error instanceof ZodError) return complaint(400, error.message);
        throw error;
      }
    }
    return { status: 201, body: this.faults.all() };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
