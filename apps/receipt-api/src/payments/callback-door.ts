import { FarmError, type Log } from '@kkt/contracts';
import { type Ack, type CallbackRequest, type PaymentDesk, providerNames } from '@kkt/payments';
import { isDatabaseAway, type PaymentConnection, type PaymentConnectionStore } from '@kkt/storage';

/** A callback and where it was sent to. */
export interface Knock {
  provider: string;
  callbackKey: string;
  request: CallbackRequest;
}

const plain = (status: number): Ack => ({ status, contentType: 'text/plain; charset=utf-8', body: '' });

/** Kinds that stand behind our address for CloudPayments. */
const kinds = /^[a-z-]{1,20}$/;
const keyForm = /^[A-Za-z0-9_-]{16,64}$/;

/**
 * Takes providers' callbacks: stored, answered, and only then applied. What is not believed learns nothing from the
 * answer; a success is told only of what is durable.
 */
export class CallbackDoor {
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly desk: PaymentDesk,
    private readonly connections: Pick<PaymentConnectionStore, 'byKey'>,
    private readonly log: Log,
  ) {}

  async knock({ provider, callbackKey, request }: Knock): Promise<Ack> {
    const isKnown = (providerNames as readonly string[]).includes(provider) && keyForm.test(callbackKey);
    if (!isKnown || (request.kind !== undefined && !kinds.test(request.kind))) return plain(404);
    try {
      const connection = await this.connections.byKey(callbackKey);
      if (!connection || connection.provider !== provider) {
        this.log.warn(
          { event: 'payment-callback-lost', provider, address: request.address },
          'no such connection',
        );
        return plain(404);
      }
      return await this.take(connection, request);
    } catch (error) {
      const isAway = isDatabaseAway(error) || (error instanceof FarmError && error.code === 'WIRE-PROVIDER');
      this.log[isAway ? 'warn' : 'error']({ err: error, provider }, 'a payment callback could not be stored');
      return plain(isAway ? 503 : 500);
    }
  }

  /** Resolves when everything that was answered is applied, or left to the worker. */
  async drained(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async take(connection: PaymentConnection, request: CallbackRequest): Promise<Ack> {
    const { ack, eventId } = await this.desk.take(connection, request);
    if (eventId !== undefined) {
      const run = this.desk
        .applyDue(1, eventId)
        .catch((error: unknown) =>
          this.log.warn({ err: error, eventId }, 'a payment event is left to the worker'),
        )
        .finally(() => this.underWay.delete(run));
      this.underWay.add(run);
    }
    return ack;
  }
}
