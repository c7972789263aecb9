import { Controller, type DynamicModule, Get, Header, Inject, Module, Res } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { HealthChecks } from './health';

/** Nest injection token of the process's metrics registry. */
export const METRICS = Symbol('Metrics');

/** The part of a Fastify reply used here. */
interface StatusReply {
  status(code: number): unknown;
}

@Controller('health')
class HealthController {
  constructor(@Inject(HealthChecks) private readonly health: HealthChecks) {}

  @Get('live')
  live(): object {
    return this.health.live();
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: StatusReply): Promise<object> {
    const readiness = await this.health.ready();
    reply.status(readiness.ok ? 200 : 503);
    return readiness;
  }
}

@Controller('metrics')
class MetricsController {
  constructor(@Inject(METRICS) private readonly registry: Registry) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}

/** `GET /health/live` and `GET /health/ready`; gives {@link HealthChecks} to the whole application. */
@Module({})
export class HealthModule {
  static forRoot(health: HealthChecks = new HealthChecks()): DynamicModule {
    return {
      module: HealthModule,
      global: true,
      controllers: [HealthController],
      providers: [{ provide: HealthChecks, useValue: health }],
      exports: [HealthChecks],
    };
  }
}

/** `GET /metrics` in Prometheus text; gives the registry to the whole application as {@link METRICS}. */
@Module({})
export class MetricsModule {
  static forRoot(registry: Registry): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [{ provide: METRICS, useValue: registry }],
      exports: [METRICS],
    };
  }
}
