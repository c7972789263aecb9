import { farmActor, loadFnModels, moveDrive, WorkflowDesk } from '@kkt/fn-desk';
import type { OperatorRegistry } from '@kkt/operators';
import { RentalOrderStore } from '@kkt/storage';
import { todayOf } from './billing';
import type { RentalPorts } from './ports';

const atOnce = 50;

/**
 * Moves orders on after they are paid: tells operators of new registers, begins registrations that the client does
 * himself, and says that the FN is in when it is. Safe to repeat; whatever was not done is done the next time.
 */
export class OrderRun {
  private readonly workflows: WorkflowDesk;

  constructor(
    private readonly ports: RentalPorts,
    private readonly registry: OperatorRegistry,
  ) {
    this.workflows = new WorkflowDesk({ ...ports, models: loadFnModels() });
  }

  async turn(): Promise<void> {
    await this.announce();
    await this.install();
  }

  private async announce(): Promise<void> {
    const { database, log } = this.ports;
    const store = new RentalOrderStore(database);
    for (const { orderId, registerId, ...register } of await store.unannounced(atOnce)) {
      try {
        await this.registry.announce(register);
      } catch (error) {
        // Its silence stops nobody: documents wait in the FN.
        log.warn({ err: error, registerId }, 'the operator does not know an ordered register yet');
        return;
      }
      await store.announced(orderId, registerId);
    }
  }

  private async install(): Promise<void> {
    const { database, log } = this.ports;
    const store = new RentalOrderStore(database);
    for (const one of await store.toInstall(atOnce)) {
      try {
        if (one.workflowId === null) {
          await this.test(one.fnNumber, one.fnState);
          const id = await this.workflows.start(
            {
              kind: 'install',
              registerId: one.registerId,
              serial: one.serial,
              why: 'Заказ из кабинета',
              newFn: one.fnNumber,
              groupId: one.groupId,
            },
            farmActor,
          );
          await store.begun(one.orderId, one.registerId, id);
        } else await this.workflows.say(one.workflowId, 'put_in', { fnNumber: one.fnNumber }, farmActor);
      } catch (error) {
        log.warn({ err: error, registerId: one.registerId }, 'an ordered register could not be moved on');
      }
    }
  }

  /** An FN that came inside its module and has answered the driver needs no test by hand. */
  private async test(fnNumber: string, state: string): Promise<void> {
    if (state !== 'stock') return;
    await this.ports.database.transaction((sql) =>
      moveDrive(sql, todayOf(this.ports), fnNumber, { to: 'tested', reason: 'Пришёл в кассе' }, farmActor),
    );
  }
}
