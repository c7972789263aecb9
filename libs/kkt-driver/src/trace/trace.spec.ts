import { command, fnCommand } from '@kkt/atol-protocol';
import { encodeTlv, TAG } from '@kkt/ffd';
import { ManualClock } from '../test/manual-clock';
import { DeviceTrace } from './device-trace';
import { maskJson, maskTlv, showExchange } from './redact';

const contact = encodeTlv([{ tag: TAG.buyerContact, value: 'ivanov@mail.example' }]);
const name = encodeTlv([{ tag: TAG.itemName, value: 'Кофе' }]);

describe('the trace of a wire', () => {
  it('masks the buyer’s requisites and nothing else', () => {
    const text = maskTlv(Buffer.concat([name, contact]));
    expect(text).toBe(`${name.toString('hex')}${contact.toString('hex', 0, 4)}${'**'.repeat(19)}`);
  });

  it('masks everything from where requisites cannot be told apart', () => {
    const cut = contact.subarray(0, 10);
    expect(maskTlv(cut)).toBe('**'.repeat(10));
  });

  it('shows a written requisite by its number, its private bytes never', () => {
    const body = command('writeAttribute').encodeRequest({
      flags: 0,
      blockCount: 1,
      blockNumber: 0,
      data: contact,
    });
    const shown = showExchange(body, Buffer.from([0x55, 0, 0]));
    expect(shown.out).not.toContain(Buffer.from('ivanov').toString('hex'));
    expect(shown.words).toContain('1008');
  });

  it('hides the password with which a mode is entered', () => {
    const body = command('enterMode').encodeRequest({ mode: 1, password: 30 });
    expect(showExchange(body, null).out.endsWith('********')).toBe(true);
  });

  it('tells an answer of the FN in words', () => {
    const row = fnCommand('fnStatus');
    const shown = showExchange(row.encodeRequest(), null);
    expect(shown).toMatchObject({ out: row.encodeRequest().toString('hex'), in: null });
    expect(showExchange(Buffer.from([0x99, 1, 2, 3]), Buffer.from([0x55, 1, 2, 3])).out).toMatch(/^99\*+$/);
  });

  it('masks the buyer in the vendor’s JSON', () => {
    const text = JSON.stringify({ clientInfo: { emailOrPhone: 'a@b.c' }, items: [{ name: 'Кофе' }] });
    expect(maskJson(text)).toBe('{"clientInfo":{"emailOrPhone":"***"},"items":[{"name":"Кофе"}]}');
    expect(maskJson('no json')).toBe('*** [7]');
  });

  it('keeps lines only while it is on, the newest ones', async () => {
    const clock = new ManualClock();
    const trace = new DeviceTrace(clock);
    const line = { fiscal: false, out: '45', in: '5500', words: '', refused: false, tookMs: 1, error: null };
    trace.add({ ...line, name: 'before' });
    trace.keepFor(1_000);
    for (let n = 0; n < 510; n += 1) trace.add({ ...line, name: `command ${n}` });
    const { lines, lost } = trace.take();
    expect([lines.length, lost, lines[0]?.name]).toEqual([500, 10, 'command 10']);
    await clock.pass(1_001);
    trace.add({ ...line, name: 'after' });
    expect(trace.take()).toEqual({ lines: [], lost: 0 });
  });
});
