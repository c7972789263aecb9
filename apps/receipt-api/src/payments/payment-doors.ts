import type { FastifyInstance } from 'fastify';
import type { Log } from '@kkt/contracts';
import type { Payments } from '@kkt/payments';
import { type Database, PaymentConnectionStore } from '@kkt/storage';
import { CallbackDoor } from './callback-door';
import { callbackRoutes } from './callback-routes';

/** Both doors of payments: the providers' and the shops'. */
export class PaymentDoors {
  readonly callbacks: CallbackDoor;

  constructor(
    readonly payments: Payments,
    /** How providers reach us. */
    readonly publicBaseUrl: string,
    database: Database,
    log: Log,
  ) {
    this.callbacks = new CallbackDoor(payments.desk, new PaymentConnectionStore(database), log);
  }

  async mount(server: FastifyInstance): Promise<void> {
    await server.register(callbackRoutes, { prefix: '/cb', door: this.callbacks });
  }
}
