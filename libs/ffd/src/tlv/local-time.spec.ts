import * as fc from 'fast-check';
import { localTimeToSeconds, secondsToLocalTime } from './local-time';

describe('local time', () => {
  it.each([
    // yandex/ofd dump of receipt 1488541080, printed 11:38.
    ['2017-03-03T11:38:00', 1488541080],
    // yandex/ofd, tests/unit/test_protocol.py, TestUnix.
    ['2015-07-09T05:11:38', 1436418698],
    ['1970-01-01T00:00:00', 0],
    ['2024-02-29T23:59:59', 1709251199],
    ['2106-02-07T06:28:15', 0xffffffff],
  ])('%s is %d', (text, seconds) => {
    expect(localTimeToSeconds(text)).toBe(seconds);
    expect(secondsToLocalTime(seconds)).toBe(text);
  });

  it('takes dates and minutes', () => {
    expect(localTimeToSeconds('2026-01-05')).toBe(localTimeToSeconds('2026-01-05T00:00:00'));
    expect(localTimeToSeconds('2026-01-05T10:20')).toBe(localTimeToSeconds('2026-01-05T10:20:00'));
  });

  it.each([
    '',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-05T10:00:00',
    '2026-01-05 10:00:00',
    '2026-01-05T24:00:00',
    '2026-01-05T10:60:00',
    '2026-01-05T10:00:0x',
    '1969-12-31',
    '2106-02-07T06:28:16',
    '05.01.2026',
    '2026-01-05T10:00:00Z',
  ])('refuses %j', (text) => expect(localTimeToSeconds(text)).toBeNaN());

  it('agrees with the calendar of the platform, there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seconds) => {
        const expected = new Date(seconds * 1000).toISOString().slice(0, 19);
        expect(secondsToLocalTime(seconds)).toBe(expected);
        expect(localTimeToSeconds(expected)).toBe(seconds);
      }),
    );
  });
});
