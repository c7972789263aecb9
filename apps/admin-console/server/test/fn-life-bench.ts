import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { type DeskPorts, loadFnModels, WorkflowMachine } from '@kkt/fn-desk';
import { FnWorkflowStore, RegisterTaskStore, type TaskFacts } from '@kkt/storage';
import type { TestClient, TestGroup, TestRegister } from '@kkt/testing';
import type { FnWorkflowPage } from '@kkt/web-contract';
import type { TestConsole } from './test-console';

export type Agent = Awaited<ReturnType<TestConsole['loggedIn']>>;

/** A model of FN that the farm knows. */
export const fnModel = 'fn-1.2-15';

/** What a device tells of a report it has made. */
export const report = (fnNumber: string, fdNumber: number, form: number): TaskFacts => ({
  fnNumber,
  fdNumber,
  form,
  at: '2026-11-27T10:00:00',
  fiscalSign: 1_234_567_890,
});

export const swapOf = (register: TestRegister, more: object = {}): object => ({
  kind: 'swap',
  registerId: register.id,
  serial: register.serial,
  why: 'Плановая замена',
  ...more,
});

/** Posts a body and tells the refusal, if it was one. */
export async function refusal(
  agent: Agent,
  path: string,
  body: object,
): Promise<{ status: number; code: string; message: string }> {
  const answer = await agent.post(path).send(body);
  return { status: answer.status, code: answer.body?.error?.code, message: answer.body?.error?.message };
}

let numbers = 0;

/** A console with an engineer, a lead and a group of registers, whose devices answer as the test says. */
export class FnLifeBench {
  private constructor(
    readonly farm: TestConsole,
    readonly client: TestClient,
    readonly group: TestGroup,
    readonly engineer: Agent,
    readonly lead: Agent,
    readonly machine: WorkflowMachine,
  ) {}

  static async open(farm: TestConsole): Promise<FnLifeBench> {
    const client = await farm.rows.client();
    const ports: DeskPorts = {
      database: farm.database,
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
      models: loadFnModels(),
    };
    return new FnLifeBench(
      farm,
      client,
      await farm.rows.group(client, 'shop-v4'),
      await farm.loggedIn('engineer'),
      await farm.loggedIn('lead'),
      new WorkflowMachine(ports),
    );
  }

  freshFn(): string {
    return `99990789600${String((numbers += 1)).padStart(5, '0')}`;
  }

  /** An FN in stock, tested; reserved when a client is given. */
  async inStock(clientId?: string): Promise<string> {
    const { engineer } = this;
    const fnNumber = this.freshFn();
    await engineer.post('/api/fn/drives').send({ fnNumber, model: fnModel }).expect(201);
    await engineer.post(`/api/fn/drives/${fnNumber}/move`).send({ to: 'tested' }).expect(200);
    if (clientId)
      await engineer.post(`/api/fn/drives/${fnNumber}/move`).send({ to: 'reserved', clientId }).expect(200);
    return fnNumber;
  }

  async started(register: TestRegister, more: object = {}): Promise<string> {
    const answer = await this.engineer.post('/api/fn/workflows').send(swapOf(register, more)).expect(201);
    return answer.body.id as string;
  }

  async page(id: string): Promise<FnWorkflowPage> {
    return (await this.engineer.get(`/api/fn/workflows/${id}`).expect(200)).body as FnWorkflowPage;
  }

  /** The device answers the present step's task. */
  async deviceSays(id: string, facts: TaskFacts): Promise<void> {
    const row = await new FnWorkflowStore(this.farm.database).read(id);
    const tasks = new RegisterTaskStore(this.farm.database);
    const task = await tasks.ofStep(id, row?.step ?? '', row?.attempt ?? 0);
    if (task?.state !== 'waiting') throw new Error(`no task waits at ${row?.step}`);
    await tasks.finish(task.id, { facts });
    await this.machine.advance(id);
  }

  /** Out of dispatch, shift closed, everything delivered. */
  async toEmptied(id: string): Promise<void> {
    await this.deviceSays(id, { lastFd: 5, shiftOpen: true, unsent: 1 });
    await this.deviceSays(id, { lastFd: 6, wasOpen: true });
    await this.deviceSays(id, { unsent: 0, lastFd: 6, phase: 3 });
  }

  /** A second person agrees; the FN is closed, its last report delivered. */
  async toClosed(id: string, register: TestRegister): Promise<void> {
    await this.lead.post(`/api/fn/workflows/${id}/approve`).expect(204);
    await this.deviceSays(id, report(register.fnNumber, 7, 6));
    await this.deviceSays(id, { unsent: 0, lastFd: 7, phase: 15 });
  }

  /** The closed FN leaves its slot. */
  async takenOut(id: string, register: TestRegister): Promise<void> {
    await this.engineer
      .post(`/api/fn/workflows/${id}/say`)
      .send({ step: 'take_out', fnNumber: register.fnNumber })
      .expect(204);
    await this.deviceSays(id, { serial: register.serial, fnNumber: '' });
  }

  /** Takes a swap to the step of putting the new FN in. */
  async toPutIn(id: string, register: TestRegister): Promise<void> {
    await this.toEmptied(id);
    await this.toClosed(id, register);
    await this.takenOut(id, register);
  }
}
