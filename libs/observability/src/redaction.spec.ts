import { createLog } from './log';
import { withCorrelation } from './correlation';
import { scrubFields, scrubText } from './redaction';

function captured(): { lines: string[]; write(line: string): void } {
  const lines: string[] = [];
  return { lines, write: (line) => void lines.push(line) };
}

describe('what the log says', () => {
  it('is one JSON object a line with the application, the level, the time and the correlation id', () => {
    const output = captured();
    const log = createLog('worker', 'info', output).child({ part: 'callbacks' });
    withCorrelation('req-7', () => log.info({ receiptId: 'r1' }, 'callback delivered'));
    const line = JSON.parse(output.lines[0] ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({
      app: 'worker',
      level: 'info',
      part: 'callbacks',
      cid: 'req-7',
      receiptId: 'r1',
      msg: 'callback delivered',
    });
    expect(String(line.time)).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('keeps quiet below its level', () => {
    const output = captured();
    createLog('worker', 'warn', output).info({}, 'nobody wants this');
    expect(output.lines).toEqual([]);
  });

  it('keeps no secret and no contact, wherever they hide', () => {
    const output = captured();
    const log = createLog('receipt-api', 'debug', output);
    const canary = 'CANARY';
    const cause = new Error(`GET https://u:${canary}@host/x?token=${canary}&a=1`);
    log.error(
      {
        headers: { Token: canary, authorization: `Bearer ${canary}` },
        client: { email: `${canary}@mail.ru`, phone: `+7${canary}` },
        note: `write to ${canary.toLowerCase()}@mail.ru or +7 912 345-67-89`,
        url: `/possystem/v4/g/report/1?token=${canary}`,
        err: new Error('outer', { cause }),
        list: [{ password: canary }],
      },
      `asked /getToken?login=a&pass=${canary}`,
    );
    const line = output.lines.join('');
    expect(line).not.toMatch(/canary/i);
    expect(line).not.toContain('912');
    expect(line).toContain('a=1');
  });
});

describe('scrubbing', () => {
  it('leaves ordinary facts alone', () => {
    const fields = { fnNumber: '9999078900005488', fdNumber: 35, ok: true, none: null, inn: '7700000001' };
    expect(scrubFields(fields)).toEqual(fields);
    expect(scrubText('1 + 2 = 3')).toBe('1 + 2 = 3');
  });

  it('survives circles, bytes and big integers', () => {
    const circle: Record<string, unknown> = { big: 5n, bytes: Buffer.from('secret') };
    circle.self = circle;
    const text = JSON.stringify(scrubFields(circle));
    expect(text).toContain('[6 bytes]');
    expect(text).toContain('"big":"5"');
    expect(text).toContain('[deeper]');
  });

  it('takes linear time on hostile text', () => {
    const hostile = `${'a.'.repeat(100_000)}@${'b-'.repeat(100_000)}`;
    const since = performance.now();
    scrubText(hostile);
    // Quadratic time would be minutes.
    expect(performance.now() - since).toBeLessThan(20_000);
  });
});
