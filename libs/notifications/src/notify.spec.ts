import type { Sql } from '@kkt/storage';
import { isAddress, notify, render } from './notify';

function recordingSql(): Sql & { values: unknown[][] } {
  const values: unknown[][] = [];
  return {
    values,
    query: (_text, given) => {
      values.push([...(given ?? [])]);
      return Promise.resolve([{ id: '1' }] as never[]);
    },
  };
}

describe('notify', () => {
  it('lets no value add a line to a subject or a short message', () => {
    const { subject } = render({
      kind: 'message',
      channel: 'email',
      params: { subject: 'Hello\r\nBcc: all@shop.example\u2028x', text: 'one\r\ntwo' },
    });
    expect(subject).toBe('Hello Bcc: all@shop.example x');
    const sms = render({ kind: 'message', channel: 'sms', params: { subject: 'a\nb', text: '' } });
    expect(sms.body).toBe('a b');
  });

  it('keeps lines of a body and drops other control characters', () => {
    const { body } = render({
      kind: 'message',
      channel: 'email',
      params: { subject: 's', text: 'one\n\ttwo\u0000\u001b[31m' },
    });
    expect(body).toBe('one\n\ttwo[31m');
  });

  it.each([
    ['email', 'a@b.example', true],
    ['email', 'a@b.example, c@d.example', false],
    ['email', 'a@b.example\r\nBcc: c@d.example', false],
    ['email', 'Name <a@b.example>', false],
    ['email', 'a.example', false],
    ['sms', '+79161234567', true],
    ['sms', '89161234567', false],
    ['telegram', '-1001234567890', true],
    ['telegram', '@farm_duty', true],
    ['telegram', 'farm duty', false],
  ] as const)('%s: %s is an address: %s', (channel, address, isOne) => {
    expect(isAddress(channel, address)).toBe(isOne);
  });

  it('refuses a bare address that is none, before anything is stored', async () => {
    const sql = recordingSql();
    const sending = Promise.resolve().then(() =>
      notify(sql, {
        kind: 'message',
        params: { subject: 's', text: 't' },
        to: { kind: 'address', id: 'a@b.example\nBcc: c@d.example' },
        channel: 'email',
        event: 'e',
      }),
    );
    await expect(sending).rejects.toMatchObject({ code: 'CLIENT-ADDRESS' });
    expect(sql.values).toEqual([]);
  });

  it('names the message by event, recipient and channel', async () => {
    const sql = recordingSql();
    await notify(sql, {
      kind: 'message',
      params: { subject: 's', text: 't' },
      to: { kind: 'role', id: 'support' },
      channel: 'email',
      event: 'ticket:5',
    });
    expect(sql.values[0]?.[0]).toBe('ticket:5|role:support|email');
  });
});
