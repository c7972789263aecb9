import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { audited, OperatorPauseStore } from '@kkt/storage';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

export interface RelayingRequest {
  host: string;
  port: number;
  /** Typed by the engineer: proves that he means this operator. */
  inn: string;
  reason: string;
  isPaused: boolean;
}

/** Stops and resumes the carrying of documents to one operator. The row is durable: a relay that starts anew obeys it too. */
@Injectable()
export class RelayingDesk {
  constructor(@Inject(PARTS) private readonly parts: ConsoleParts) {}

  async set(caller: Caller, { host, port, inn, reason, isPaused }: RelayingRequest): Promise<void> {
    await audited(this.parts.database, async (sql) => {
      const store = new OperatorPauseStore(sql);
      const address = { host, port };
      const inns = await store.innsAt(address);
      if (inns.length === 0) throw notFound('operator');
      if (!inns.includes(inn.trim()))
        throw new FarmError('CLIENT-FIELDS', 'inn: the INN of another operator');
      const hasChanged = isPaused
        ? await store.pause(address, caller.name, reason)
        : await store.resume(address);
      if (!hasChanged)
        throw new FarmError('CLIENT-STATE', isPaused ? 'It is paused already' : 'It is not paused');
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: null,
          action: isPaused ? 'operator.pause' : 'operator.resume',
          objectKind: 'operator',
          objectId: `${host}:${port}`,
          before: { isPaused: !isPaused },
          after: { isPaused, inn: inn.trim() },
          reason,
          requestId: correlationId(),
        },
      };
    });
    this.parts.log.warn(
      { operator: `${host}:${port}`, isPaused, staffId: caller.staffId },
      'relaying set by hand',
    );
  }
}
