import {
  COMMANDS,
  encodeTask,
  encodeV2Control,
  encodeV2Frame,
  stepV2,
  V2_IDLE,
  V2Parser,
  type V2Input,
  type V2State,
} from '@kkt/atol-protocol';
import { ModuleBench } from '../testing/module-bench';
import { realisticPace } from './pace';

/** A host of transport v2 on the bench's wire. */
class V2Host {
  private state: V2State = V2_IDLE;
  private readonly parser = new V2Parser();
  answers: string[] = [];
  naks = 0;

  constructor(private readonly bench: ModuleBench) {
    bench.port.onData((bytes) => {
      for (const event of this.parser.push(bytes)) {
        if (event.type === 'control' && event.control === 'nak') this.naks += 1;
        if (event.type !== 'discarded') this.step(event);
      }
    });
  }

  ask(body: Buffer): void {
    this.step({ type: 'send', payload: encodeTask(body) });
  }

  private step(input: V2Input): void {
    const next = stepV2('host', this.state, input);
    if (!next) throw new Error('host is busy');
    this.state = next.state;
    for (const effect of next.effects) {
      if (effect.type === 'sendControl') this.bench.port.write(encodeV2Control(effect.control));
      if (effect.type === 'sendFrame') this.bench.port.write(encodeV2Frame(effect.payload));
      if (effect.type === 'deliver') this.answers.push(effect.data.toString('hex'));
    }
  }
}

describe('transport v2', () => {
  it('answers commands one at a time', async () => {
    const bench = new ModuleBench(undefined, { protocol: 'v2' });
    const host = new V2Host(bench);
    host.ask(COMMANDS.stateCode.encodeRequest());
    await bench.clock.run(100);
    host.ask(COMMANDS.enterMode.encodeRequest({ mode: 3, password: 30 }));
    await bench.clock.run(100);
    host.ask(COMMANDS.stateCode.encodeRequest());
    await bench.clock.run(100);
    expect(host.answers).toEqual(['550000', '550000', '550300']);
  });

  it('says NAK when there is no time for a host', async () => {
    const bench = new ModuleBench(realisticPace(100), { protocol: 'v2' });
    const host = new V2Host(bench);
    bench.module.inject({ name: 'busy', times: 1 });
    host.ask(COMMANDS.stateCode.encodeRequest());
    await bench.clock.run(100);
    expect(host.naks).toBe(1);
    expect(host.answers).toEqual([]);
  });
});
