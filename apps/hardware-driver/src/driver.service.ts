import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { systemClock, systemIds, systemRandom, type Log } from '@kkt/contracts';
import { defaultDispatchSettings, DriverEngine, type EngineSnapshot, ffdComparer } from '@kkt/dispatch';
import { METRICS } from '@kkt/observability';
import { WAKE_BUS, type WakeBus } from '@kkt/queue';
import {
  AlertStore,
  ArchiveReadStore,
  type Database,
  DispatchStore,
  DocumentTextStore,
  LeaseStore,
  PlanningStore,
  ReadingStore,
  OperatorStore,
  RegisterCommandStore,
  RegisterStore,
  RegisterTaskStore,
  RelayStore,
  WireTraceStore,
} from '@kkt/storage';

import { deviceFactory } from './devices';
import { knownModels } from './known-models';
import { markingPort } from './marking';
import { isCertainlyDead, thisProcess } from './process-record';
import { countingStore } from './receipt-metrics';
import { DATABASE, DRIVER_SETTINGS, type DriverSettings, LOG } from './tokens';

/** Holds the engine for the life of the process: starts it, wakes it, stops it with receipts in hand finished. */
@Injectable()
export class DriverService {
  private readonly engine: DriverEngine;
  private readonly process;
  private stopListening: (() => Promise<void>) | undefined;
  private started = false;

  constructor(
    @Inject(DRIVER_SETTINGS) private readonly settings: DriverSettings,
    @Inject(DATABASE) database: Database,
    @Inject(LOG) private readonly log: Log,
    @Inject(WAKE_BUS) private readonly wake: WakeBus,
    @Inject(METRICS) registry: Registry,
  ) {
    this.process = thisProcess(settings.driverId, systemIds);
    this.engine = new DriverEngine(
      {
        clock: systemClock,
        random: systemRandom,
        log,
        owner: this.process.owner,
        settings: defaultDispatchSettings,
        store: countingStore(new DispatchStore(database), registry, systemClock),
        leases: new LeaseStore(database),
        registers: new RegisterStore(database),
        alerts: new AlertStore(database),
        messages: new RelayStore(database),
        marking: markingPort(systemClock, log),
        archive: new ArchiveReadStore(database),
        ...(settings.readings && { readings: new ReadingStore(database) }),
        tasks: new RegisterTaskStore(database),
        commands: new RegisterCommandStore(database),
        traces: new WireTraceStore(database),
        operators: new OperatorStore(database),
        planning: new PlanningStore(database),
        texts: new DocumentTextStore(database),
        wake,
        compare: ffdComparer,
        models: knownModels(),
        device: deviceFactory(systemClock, systemRandom, systemIds, log),
      },
      { process: this.process, isDead: isCertainlyDead },
    );
  }

  async start(): Promise<void> {
    await this.engine.start();
    this.started = true;
    this.stopListening = await this.wake.onWake(`driver:${this.settings.driverId}`, (key) =>
      this.engine.onWake(key),
    );
    this.log.info({ driverId: this.settings.driverId, owner: this.process.owner }, 'driver works');
  }

  /** Finishes receipts in hand for at most `graceMs`, then gives the leases back. */
  async stop(graceMs: number): Promise<void> {
    await this.stopListening?.();
    if (this.started) await this.engine.stop(graceMs);
  }

  get isStarted(): boolean {
    return this.started;
  }

  snapshot(): EngineSnapshot {
    return this.engine.snapshot();
  }
}
