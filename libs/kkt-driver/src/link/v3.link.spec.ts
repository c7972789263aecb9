import { encodeFrame, FrameParser, type Frame } from '@kkt/atol-protocol';
import type { FarmError } from '@kkt/contracts';
import { ManualClock } from '../test/manual-clock';
import { MemoryWire } from '../transports/memory.wire';
import { newLinkCounters } from './counters';
import { V3Link } from './v3.link';

interface Ended {
  reply?: string;
  code?: string;
  message?: string;
  sends: number;
}

function world(options: { firstId?: number; windowFrames?: number; delayMs?: number } = {}) {
  const clock = new ManualClock();
  const wire = new MemoryWire({ clock, delayMs: options.delayMs ?? 0 });
  const counters = newLinkCounters();
  const seen: Frame[] = [];
  const parser = new FrameParser();
  wire.attach({
    onOpen: () => undefined,
    onClose: () => undefined,
    onData: (bytes) => {
      for (const event of parser.push(bytes)) if (event.type === 'frame') seen.push(event);
    },
  });
  const link = new V3Link({
    wire,
    clock,
    counters,
    firstId: options.firstId,
    windowFrames: options.windowFrames,
  });
  const ended: Ended[] = [];
  const ask = (hex: string, what = `ask ${hex}`): number => {
    const at = ended.length;
    ended.push({ sends: -1 });
    link.request(Buffer.from(hex, 'hex'), what, (reply, error, sends) => {
      ended[at] = { reply: reply?.toString('hex'), code: error?.code, message: error?.message, sends };
    });
    return at;
  };
  const say = (id: number, hex: string): void => wire.deliver(encodeFrame(id, Buffer.from(hex, 'hex')));
  return {
    clock,
    wire,
    counters,
    seen,
    link,
    ended,
    ask,
    say,
    open: () => link.open(new AbortController().signal),
  };
}

describe('v3 link', () => {
  it('numbers packets from the first id and wraps DF to 00', async () => {
    const w = world({ firstId: 0xde });
    await w.open();
    w.ask('c400');
    w.ask('c401');
    w.ask('c402');
    await w.clock.pass(0);
    expect(w.seen.map(({ id }) => id)).toEqual([0xde, 0xdf, 0x00]);
  });

  it('sends packets of one turn in one write', async () => {
    const w = world();
    await w.open();
    const writes: number[] = [];
    w.wire.tamperToDevice = (bytes) => {
      writes.push(bytes.length);
      return [bytes];
    };
    w.ask('c301');
    w.ask('c302');
    await w.clock.pass(0);
    expect(writes).toHaveLength(1);
    expect(w.seen).toHaveLength(2);
  });

  it('finds replies by their id, in any order', async () => {
    const w = world();
    await w.open();
    const first = w.ask('c301');
    const second = w.ask('c302');
    await w.clock.pass(0);
    w.say(1, 'a2');
    w.say(0, 'a1');
    await w.clock.pass(0);
    expect(w.ended[first]).toMatchObject({ reply: 'a1', sends: 1 });
    expect(w.ended[second]).toMatchObject({ reply: 'a2', sends: 1 });
  });

  it('keeps no more under way than the window and goes on as replies come', async () => {
    const w = world({ windowFrames: 2 });
    await w.open();
    for (let n = 0; n < 4; n += 1) w.ask(`c30${n}`);
    await w.clock.pass(0);
    expect(w.seen).toHaveLength(2);
    w.say(0, 'a3');
    await w.clock.pass(0);
    expect(w.seen).toHaveLength(3);
  });

  it('sends the same bytes again under the same id after silence, then gives up and names the wait', async () => {
    const w = world();
    await w.open();
    const at = w.ask('c301', 'Req openShift');
    await w.clock.pass(10_000);
    expect(w.seen.map(({ id, data }) => [id, data.toString('hex')])).toEqual(Array(5).fill([0, 'c301']));
    expect(w.ended[at]).toMatchObject({ code: 'WIRE-SILENCE', sends: 5 });
    expect(w.ended[at]?.message).toContain('Req openShift');
    expect(w.counters.resends).toBe(4);
    expect(w.clock.pending).toBe(0);
  });

  it('asks again for a reply that came damaged', async () => {
    const w = world();
    await w.open();
    const at = w.ask('c301');
    await w.clock.pass(0);
    const bad = encodeFrame(0, Buffer.from('a3', 'hex'));
    bad[4] = 0xa4;
    w.wire.deliver(bad);
    await w.clock.pass(0);
    expect(w.seen.at(-1)).toMatchObject({ id: 0, data: Buffer.alloc(0) });
    w.say(0, 'a3');
    await w.clock.pass(0);
    expect(w.ended[at]).toMatchObject({ reply: 'a3', sends: 1 });
    expect(w.counters).toMatchObject({ crcErrors: 1, repeatsAsked: 1 });
  });

  it('does not ask for a damaged asynchronous packet, but tells that something was missed', async () => {
    const w = world();
    await w.open();
    let damages = 0;
    w.link.onDamage = () => void (damages += 1);
    w.ask('c301');
    await w.clock.pass(0);
    const bad = encodeFrame(0xf0, Buffer.from('a60155', 'hex'));
    bad[5] = 0x07;
    w.wire.deliver(bad);
    await w.clock.pass(0);
    expect(damages).toBe(1);
    expect(w.seen).toHaveLength(1);
    expect(w.counters).toMatchObject({ crcErrors: 1, repeatsAsked: 0 });
  });

  it('serves the device its request for a repeat', async () => {
    const w = world();
    await w.open();
    const at = w.ask('c10102000045');
    await w.clock.pass(0);
    w.say(0, '');
    await w.clock.pass(0);
    expect(w.seen).toHaveLength(2);
    w.say(0, 'a2');
    await w.clock.pass(0);
    expect(w.ended[at]).toMatchObject({ reply: 'a2', sends: 2 });
    expect(w.counters.repeatsServed).toBe(1);
  });

  it('hands asynchronous packets on and ignores replies nobody waits for', async () => {
    const w = world();
    await w.open();
    const heard: string[] = [];
    w.link.onAsync = (data) => void heard.push(data.toString('hex'));
    w.say(0xf0, 'a602550000');
    w.say(0x33, 'a3');
    await w.clock.pass(0);
    expect(heard).toEqual(['a602550000']);
    expect(w.counters.staleFrames).toBe(1);
  });

  it('takes a late second reply for no other packet', async () => {
    const w = world();
    await w.open();
    w.ask('c301');
    await w.clock.pass(800);
    w.say(0, 'a1');
    w.say(0, 'a1');
    const next = w.ask('c302');
    await w.clock.pass(0);
    expect(w.ended[next]?.sends).toBe(-1);
    expect(w.counters.staleFrames).toBe(1);
  });

  it('ends every wait when the wire is lost; what was never sent is told so', async () => {
    const w = world({ windowFrames: 1 });
    await w.open();
    const lost: FarmError[] = [];
    w.link.onLost = (error) => void lost.push(error);
    const sent = w.ask('c301');
    const waiting = w.ask('c302');
    await w.clock.pass(0);
    w.wire.cut();
    expect(w.ended[sent]).toMatchObject({ code: 'WIRE-LOST', sends: 1 });
    expect(w.ended[waiting]).toMatchObject({ code: 'WIRE-LOST', sends: 0 });
    expect(lost.map(({ code }) => code)).toEqual(['WIRE-LOST']);
    expect(w.clock.pending).toBe(0);
    const after = w.ask('c303');
    expect(w.ended[after]).toMatchObject({ code: 'WIRE-CLOSED', sends: 0 });
  });

  it('ends every wait when closed by us, and that is no loss', async () => {
    const w = world();
    await w.open();
    let isLost = false;
    w.link.onLost = () => void (isLost = true);
    const at = w.ask('c301');
    await w.link.close();
    expect(w.ended[at]).toMatchObject({ code: 'WIRE-CLOSED' });
    expect(isLost).toBe(false);
  });

  it('sends nothing again of requests that were dropped', async () => {
    const w = world({ windowFrames: 1 });
    await w.open();
    const first = w.ask('c301');
    const second = w.ask('c302');
    await w.clock.pass(0);
    w.link.dropRequests();
    await w.clock.pass(10_000);
    expect(w.seen).toHaveLength(1);
    expect([w.ended[first]?.sends, w.ended[second]?.sends]).toEqual([-1, -1]);
  });

  it('waits longer for a reply on a slow line', async () => {
    const clock = new ManualClock();
    const wire = new MemoryWire({ clock });
    Object.defineProperty(wire, 'bytesPerSecond', { value: 480 });
    wire.attach({ onOpen: () => undefined, onClose: () => undefined, onData: () => undefined });
    const counters = newLinkCounters();
    const link = new V3Link({ wire, clock, counters });
    await link.open(new AbortController().signal);
    link.request(Buffer.alloc(475), 'long', () => undefined);
    await clock.pass(2600);
    expect(counters.framesSent).toBe(1);
    await clock.pass(200);
    expect(counters.framesSent).toBe(2);
  });
});
