import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FarmError } from '@kkt/contracts';
import { z } from 'zod';
import { faultSpecSchema } from '../faults/fault-spec';
import type { KktModule } from '../module/kkt-module';
import { serveAcquirer } from '../acquirer/acquirer-routes';
import { EmulatedAcquirer } from '../acquirer/emulated-acquirer';
import { EmulatedPlant } from '../plant/emulated-plant';
import type { World } from '../rack/world';
import { brokenView, mendModule } from './broken';
import { metricsText } from './metrics';
import { documentView, moduleView } from './views';

const MAX_BODY_BYTES = 64 * 1024;
/** Documents in one answer at most. */
const MAX_DOCUMENTS = 1000;

interface Answer {
  status: number;
  body: unknown;
}

class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const powerSchema = z.strictObject({
  on: z.boolean(),
  taskMemory: z.enum(['lost', 'kept']).optional(),
  receipt: z.enum(['lost', 'kept']).optional(),
});

const fnSchema = z.strictObject({
  fnNumber: z.string().regex(/^[0-9]{16}$/, 'fnNumber: 16 digits'),
  /** A model of the catalogue, for an FN that was never seen; absent: as the slot's first one. */
  model: z.string().optional(),
});

const elementSchema = z.strictObject({
  kind: z.enum(['switch', 'link', 'port', 'feed']),
  code: z.string().min(1).max(64),
});

/** `after`: a version that was told; the answer comes when there is another one, or after `wait` milliseconds. */
const waitSchema = z.object({
  after: z.coerce.number().int().optional(),
  wait: z.coerce.number().int().min(0).max(10_000).default(0),
});

/**
 * The experimenter's door: state of modules, archives of FNs, faults, power. Listens on the loopback only and has no
 * rights of its own: whoever may run the emulator may break its modules.
 */
export class ControlServer {
  private readonly server: Server;
  private ready = false;
  private readonly plant: EmulatedPlant;

  constructor(
    private readonly world: World,
    private readonly port: number,
    private readonly acquirer = new EmulatedAcquirer(),
  ) {
    this.plant = new EmulatedPlant(world);
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  setReady(): void {
    this.ready = true;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (cause) =>
        reject(
          new FarmError(
            'SYS-PORT-BUSY',
            `Port ${this.port} cannot be listened on: ${cause.message} (--control-port moves it)`,
            { port: this.port },
            { cause },
          ),
        ),
      );
      this.server.listen(this.port, '127.0.0.1', () => resolve());
    });
  }

  /** The port in use; differs from the one asked for when that was 0. */
  get address(): number {
    const address = this.server.address();
    return address && typeof address === 'object' ? address.port : this.port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (url.pathname === '/metrics') {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metricsText(this.world));
        return;
      }
      if (url.pathname.startsWith('/acquirer/')) {
        await serveAcquirer(this.acquirer, request, response, url);
        return;
      }
      const { status, body } = await this.route(request, url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    } catch (error) {
      const status = error instanceof HttpRefusal ? error.status : error instanceof z.ZodError ? 400 : 500;
      const message = error instanceof Error ? error.message : String(error);
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: message }));
    }
  }

  private async route(request: IncomingMessage, url: URL): Promise<Answer> {
    const [first, second, third] = url.pathname.split('/').filter(Boolean);
    const { method = 'GET' } = request;
    if (first === 'health') {
      const ok = second === 'live' || this.ready;
      return { status: ok ? 200 : 503, body: { status: ok ? 'ok' : 'starting' } };
    }
    if (first === 'faults') return { status: 200, body: z.toJSONSchema(faultSpecSchema, { io: 'input' }) };
    if (first === 'plant') return this.plantRoute(request, url, second);
    if (first === 'broken') return this.brokenRoute(method);
    if (first !== 'modules') throw new HttpRefusal(404, 'no such path');
    if (second === undefined) return { status: 200, body: { modules: this.list() } };
    const module = this.world.find(second);
    if (!module) throw new HttpRefusal(404, `no module ${second}`);
    switch (`${method} ${third ?? ''}`) {
      case 'GET ':
        return { status: 200, body: this.view(module) };
      case 'GET documents':
        return { status: 200, body: { documents: documentsOf(module, url.searchParams) } };
      case 'POST faults': {
        const spec = faultSpecSchema.parse(await readJson(request));
        return { status: 201, body: module.inject(spec) };
      }
      case 'GET faults':
        return { status: 200, body: { faults: module.faults.list() } };
      case 'DELETE faults': {
        const id = url.searchParams.get('id');
        return { status: 200, body: { removed: module.heal(id === null ? undefined : Number(id)) } };
      }
      case 'POST power': {
        const { on, ...how } = powerSchema.parse(await readJson(request));
        if (on) module.powerOn();
        else module.powerOff(how);
        return { status: 200, body: this.view(module) };
      }
      case 'PUT fn': {
        const { fnNumber, model } = fnSchema.parse(await readJson(request));
        try {
          this.world.putFnIn(module, fnNumber, model);
        } catch (error) {
          throw new HttpRefusal(409, (error as Error).message);
        }
        return { status: 200, body: this.view(module) };
      }
      case 'DELETE fn': {
        const fnNumber = this.world.takeFnOut(module);
        if (fnNumber === undefined) throw new HttpRefusal(409, `the slot of ${module.serial} is empty`);
        return { status: 200, body: { fnNumber } };
      }
      case 'POST mend':
        mendModule(this.plant, module);
        return { status: 200, body: this.view(module) };
      case 'POST unplug':
        module.unplug();
        return { status: 200, body: this.view(module) };
      case 'POST replug':
        module.replug();
        return { status: 200, body: this.view(module) };
      default:
        throw new HttpRefusal(404, 'no such path');
    }
  }

  /** Everything that was broken by hand: listed, or mended. */
  private brokenRoute(method: string): Answer {
    if (method === 'DELETE') {
      this.plant.heal();
      for (const { serial } of brokenView(this.world, this.plant).modules) {
        const module = this.world.find(serial);
        if (module) mendModule(this.plant, module);
      }
    } else if (method !== 'GET') throw new HttpRefusal(404, 'no such path');
    return { status: 200, body: brokenView(this.world, this.plant) };
  }

  /** Switches and power: `GET /plant` is what a monitor of them says, faults are thrown and taken back below it. */
  private async plantRoute(request: IncomingMessage, url: URL, second: string | undefined): Promise<Answer> {
    const dc = url.searchParams.get('dc') ?? this.plant.plants[0]?.dc ?? '';
    switch (`${request.method ?? 'GET'} ${second ?? ''}`) {
      case 'GET ': {
        const { after, wait } = waitSchema.parse(Object.fromEntries(url.searchParams));
        if (after !== undefined) await this.plant.changedAfter(after, wait);
        break;
      }
      case 'POST faults':
        if (!this.plant.set(dc, elementSchema.parse(await readJson(request)), false))
          throw new HttpRefusal(404, 'no such element');
        break;
      case 'DELETE faults': {
        const { kind, code } = Object.fromEntries(url.searchParams);
        if (kind === undefined) this.plant.heal();
        else if (!this.plant.set(dc, elementSchema.parse({ kind, code }), true))
          throw new HttpRefusal(404, 'no such element');
        break;
      }
      default:
        throw new HttpRefusal(404, 'no such path');
    }
    const report = this.plant.report(dc);
    if (!report) throw new HttpRefusal(404, `no data centre ${dc}`);
    return { status: 200, body: { ...report, version: this.plant.version } };
  }

  private list() {
    return this.world.note.modules.map((line, index) => moduleView(line, this.world.at(index)));
  }

  private view(module: KktModule) {
    const index = this.world.modules.indexOf(module);
    const line = this.world.note.modules[index];
    if (!line) throw new HttpRefusal(404, 'no such module');
    return moduleView(line, module);
  }
}

function documentsOf(module: KktModule, query: URLSearchParams) {
  const drive = module.fn;
  if (!drive) return [];
  const from = Math.max(1, Number(query.get('from') ?? 1));
  const to = Math.min(
    Number(query.get('to') ?? drive.state.lastFd),
    drive.state.lastFd,
    from + MAX_DOCUMENTS - 1,
  );
  const documents = [];
  for (let fd = from; fd <= to; fd += 1) {
    const document = drive.document(fd);
    if (document) documents.push(documentView(document));
  }
  return documents;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new HttpRefusal(413, 'body is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  } catch {
    throw new HttpRefusal(400, 'body is no JSON');
  }
}
