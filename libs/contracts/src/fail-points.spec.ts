import {
  armFailPoint,
  disarmFailPoint,
  failPoint,
  failSteps,
  parseFailPlan,
  parseFailSetting,
} from './fail-points';

describe('Fail points', () => {
  afterEach(disarmFailPoint);

  it('reads a plan', () => {
    expect(parseFailPlan('close-sent:kill')).toEqual({ step: 'close-sent', hit: 1, action: { do: 'kill' } });
    expect(parseFailPlan('device-mid-frame:12:stop')).toEqual({
      step: 'device-mid-frame',
      hit: 12,
      action: { do: 'stop' },
    });
    expect(parseFailPlan('proof-read:pause@/tmp/a:b')).toEqual({
      step: 'proof-read',
      hit: 1,
      action: { do: 'pause', file: '/tmp/a:b' },
    });
  });

  it.each([
    '',
    'close-sent',
    'no-such-step:kill',
    'close-sent:0:kill',
    'close-sent:pause',
    'close-sent:kill@/x',
  ])('refuses %j', (text) => {
    expect(() => parseFailPlan(text)).toThrow('SYS-FAIL-POINT');
  });

  it('reads where plans will come from', () => {
    expect(parseFailSetting('@/tmp/plan')).toEqual({ planFile: '/tmp/plan' });
    expect(parseFailSetting('close-sent:kill')).toEqual({ plan: parseFailPlan('close-sent:kill') });
    expect(() => parseFailSetting('@')).toThrow('SYS-FAIL-POINT');
  });

  it('acts at the planned pass of the planned step, once', () => {
    const done: string[] = [];
    armFailPoint({ step: 'proof-read', hit: 2, action: { do: 'kill' } }, () => done.push('act'));
    failPoint('proof-read', () => done.push('first'));
    failPoint('proof-stored');
    expect(done).toEqual([]);
    failPoint('proof-read', () => done.push('first'));
    failPoint('proof-read', () => done.push('first'));
    expect(done).toEqual(['first', 'act']);
  });

  it('counts a step of the wire only after a receipt began', () => {
    const done: string[] = [];
    armFailPoint({ step: 'device-mid-frame', hit: 1, action: { do: 'kill' } }, () => done.push('act'));
    failPoint('device-mid-frame');
    expect(done).toEqual([]);
    failPoint('receipt-begins');
    failPoint('device-mid-frame');
    expect(done).toEqual(['act']);
  });

  it('waits only for steps that exist', () => {
    for (const facts of Object.values(failSteps))
      if ('after' in facts) expect(Object.keys(failSteps)).toContain(facts.after);
  });
});
