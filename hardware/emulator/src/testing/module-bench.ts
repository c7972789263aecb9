import type { KktModule } from '../module/kkt-module';
import { instantPace, type Pace } from '../module/pace';
import { memoryPort, type MemoryPort } from '../ports/memory-port';
import { planModules } from '../rack/plan';
import { World, type WorldOptions } from '../rack/world';
import { wallText } from '../wall-time';
import { BenchClock, seededRandom } from './bench-clock';
import { TestHost } from './test-host';

/** One module on a bench, on virtual time, and hosts that plug into it. */
export class ModuleBench {
  readonly clock = new BenchClock(Date.UTC(2026, 0, 12, 6, 0, 0));
  readonly world: World;
  readonly module: KktModule;
  port!: MemoryPort;
  host!: TestHost;

  constructor(pace: Pace = instantPace, over: Partial<WorldOptions> = {}) {
    const random = seededRandom(1);
    this.world = new World({ plan: planModules(1, 'tcp'), clock: this.clock, random, pace, ...over });
    this.module = this.world.at(0);
    this.plug();
  }

  /** A host on a new wire. */
  plug(): TestHost {
    const port = memoryPort(this.module);
    if (!port) throw new Error('module is not reachable');
    this.port = port;
    this.host = new TestHost(port, this.clock);
    return this.host;
  }

  /** The same host program on a new wire: what it had waited for is forgotten. */
  plugAgain(): TestHost {
    this.port.close();
    return this.plug();
  }

  get now(): string {
    return wallText(this.module.device.now());
  }

  get lastFd(): number {
    return this.module.fn?.state.lastFd ?? 0;
  }

  do<T>(promise: Promise<T>, limitMs?: number): Promise<T> {
    return this.clock.finish(promise, limitMs);
  }

  /** Registered, shift open: two documents. */
  async ready(): Promise<this> {
    await this.do(this.host.abort());
    await this.do(this.host.register(this.now, this.module.serial));
    await this.do(this.host.openShift());
    return this;
  }
}
