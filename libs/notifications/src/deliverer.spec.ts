import { FarmError, silentLog } from '@kkt/contracts';
import type { DueNotification, NotificationOutcome } from '@kkt/storage';
import { VirtualClock } from '@kkt/testing';
import { NotificationDeliverer, standardLimits } from './deliverer';
import type { Gateway, OutgoingMessage } from './gateways/gateway';
import { mailboxGateway } from './gateways/mailbox';

const due = (changes: Partial<DueNotification> = {}): DueNotification => ({
  id: '1',
  kind: 'message',
  channel: 'sms',
  recipientKind: 'address',
  recipientId: '+79161234567',
  address: '+79161234567',
  subject: 'Тема',
  body: 'Текст',
  attachments: [],
  attempts: 0,
  leftS: 3_600,
  sentLastHour: 0,
  ...changes,
});

function bench(rows: DueNotification[], sms: Gateway, contacts: Record<string, string> = {}) {
  const outcomes: NotificationOutcome[] = [];
  const clock = new VirtualClock();
  const deliverer = new NotificationDeliverer({
    clock,
    random: { next: () => 0.5 },
    log: silentLog,
    gateways: { email: mailboxGateway, sms, telegram: mailboxGateway, voice: mailboxGateway },
    generators: { pdf: () => Promise.resolve(Buffer.from('PDF')) },
    store: {
      claimDue: (channel, limit) => Promise.resolve(channel === 'sms' ? rows.splice(0, limit) : []),
      record: (outcome) => Promise.resolve(void outcomes.push(outcome)),
      file: () => Promise.resolve(undefined),
      addressOf: ({ id }) => Promise.resolve(contacts[id]),
    },
  });
  return { deliverer, outcomes, clock };
}

function gateway(answer: () => void = () => undefined): Gateway & { sent: OutgoingMessage[] } {
  const sent: OutgoingMessage[] = [];
  return {
    name: 'fake',
    sent,
    send: async (message) => {
      sent.push(message);
      answer();
    },
  };
}

const fails = (code: 'SYS-GATEWAY' | 'CLIENT-GATEWAY', context = {}) =>
  gateway(() => {
    throw new FarmError(code, 'no', context);
  });

describe('the deliverer of notifications', () => {
  it('sends what is due to the address it has', async () => {
    const sms = gateway();
    const { deliverer, outcomes } = bench([due()], sms);
    await deliverer.turn();
    expect(sms.sent.map(({ id, address, body }) => [id, address, body])).toEqual([
      ['1', '+79161234567', 'Текст'],
    ]);
    expect(outcomes).toEqual([{ id: '1', state: 'sent', gateway: 'fake', address: '+79161234567' }]);
  });

  it('looks up where a role is reached, and waits while nobody is entered for it', async () => {
    const role = due({ recipientKind: 'role', recipientId: 'support', address: null });
    const known = bench([{ ...role }], gateway(), { support: '+79990000001' });
    await known.deliverer.turn();
    expect(known.outcomes[0]).toMatchObject({ state: 'sent', address: '+79990000001' });
    const unknown = bench([{ ...role }], gateway());
    await unknown.deliverer.turn();
    expect(unknown.outcomes[0]).toMatchObject({ state: 'pending', error: 'no address is known' });
  });

  it('shows also what has no address in the mailbox', async () => {
    const { deliverer, outcomes } = bench([due({ recipientKind: 'role', address: null })], mailboxGateway);
    await deliverer.turn();
    expect(outcomes).toEqual([{ id: '1', state: 'sent', gateway: 'mailbox', address: null }]);
  });

  it('tries again later and later, not before the other side said, and ends when it is of no use', async () => {
    const retry = async (attempts: number, leftS = 1e6, retryAfterS?: number) => {
      const { deliverer, outcomes } = bench(
        [due({ attempts, leftS })],
        fails('SYS-GATEWAY', { retryAfterS }),
      );
      await deliverer.turn();
      return outcomes[0];
    };
    expect(await retry(0)).toMatchObject({ state: 'pending', retryInS: 5, isAttempt: true });
    expect(await retry(3)).toMatchObject({ retryInS: 180 });
    expect(await retry(99)).toMatchObject({ retryInS: 3_600 });
    expect(await retry(0, 1e6, 77)).toMatchObject({ retryInS: 77 });
    expect(await retry(3, 100)).toMatchObject({ state: 'failed' });
    expect(await retry(0, -1)).toMatchObject({ state: 'failed', error: expect.stringContaining('too late') });
  });

  it('ends at once when the other side will never take it', async () => {
    const { deliverer, outcomes } = bench([due()], fails('CLIENT-GATEWAY'));
    await deliverer.turn();
    expect(outcomes[0]).toMatchObject({ state: 'failed' });
  });

  it('holds back what is too much for one address', async () => {
    const sms = gateway();
    const { deliverer, outcomes } = bench([due({ sentLastHour: standardLimits.sms.perAddressHour })], sms);
    await deliverer.turn();
    expect(sms.sent).toEqual([]);
    expect(outcomes[0]).toMatchObject({ state: 'pending', isAttempt: false });
  });

  it('sends no more in a minute than the channel may', async () => {
    const sms = gateway();
    const { deliverer, clock } = bench(
      Array.from({ length: 100 }, (_, id) => due({ id: String(id) })),
      sms,
    );
    while (await deliverer.turn());
    expect(sms.sent).toHaveLength(standardLimits.sms.perMinute);
    await clock.advance(61_000);
    while (await deliverer.turn());
    expect(sms.sent).toHaveLength(100);
  });

  it('makes attachments when it sends, and gives up when nobody makes them', async () => {
    const sms = gateway();
    const file = { name: 'чек.pdf', contentType: 'application/pdf', args: { id: 'r' } };
    const { deliverer, outcomes } = bench(
      [
        due({ attachments: [{ ...file, generator: 'pdf' }] }),
        due({ id: '2', attachments: [{ ...file, generator: 'toString' }] }),
      ],
      sms,
    );
    await deliverer.turn();
    expect(sms.sent.map(({ files }) => files.map(({ bytes }) => bytes.toString()))).toEqual([['PDF']]);
    expect(outcomes.find(({ id }) => id === '2')).toMatchObject({ state: 'failed' });
  });
});
