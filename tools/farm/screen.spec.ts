import { crashWords, errorPhrase } from './log-watch';
import { parseOptions } from './options';
import { processes } from './processes';
import { receiptLine, type FinishedReceipt } from './receipt-ticker';
import { columns } from './screen';
import { readSettings } from '@kkt/config';

describe('what the console says', () => {
  it('stands in columns', () => {
    expect(
      columns([
        ['a', 'long', 'x'],
        ['abc', 'b', 'yy'],
      ]),
    ).toEqual(['a    long  x', 'abc  b     yy']);
  });

  it.each([
    ['{"level":50,"msg":"port lost","err":{"message":"EIO"}}', 'port lost: EIO'],
    ['{"level":60,"err":"broken"}', 'broken'],
    ['{"level":50,"msg":"same","err":{"message":"same"}}', 'same'],
    ['{"level":"error","msg":"by label"}', 'by label'],
    ['{"level":"info","msg":"by label"}', undefined],
    ['{"level":40,"msg":"a warning"}', undefined],
    ['{"msg":"no level"}', undefined],
    ['{"level":50', undefined],
    ['plain text', undefined],
  ])('of the log line %s is %j', (line, phrase) => expect(errorPhrase(line)).toBe(phrase));

  it.each([
    [
      [
        'node:internal',
        '  throw err;',
        '',
        "Error: Cannot find module './x'",
        'Require stack:',
        '    at a (b)',
        'Node.js v20',
      ],
      ["Error: Cannot find module './x'", 'Require stack:'],
    ],
    [
      ['{"level":30}', 'FarmError: no such rack (SYS-RACK)', '    at a (b)'],
      ['FarmError: no such rack (SYS-RACK)'],
    ],
    [
      ['one', 'two', 'three', 'four'],
      ['two', 'three', 'four'],
    ],
    [[], []],
  ])('of a crash is its error (%#)', (lines, words) => expect(crashWords(lines)).toEqual(words));

  const receipt: FinishedReceipt = {
    id: '1',
    external_id: 'order-17',
    group_code: 'demo-v4',
    state: 'done',
    total_kop: '123456',
    fn_number: '9999078900001234',
    fd_number: 42,
    error_text: null,
    clock: '12:34:56',
  };

  it.each([
    [{}, '12:34:56 ✓ demo-v4  order-17  1234.56 ₽  FN 9999078900001234 FD 42'],
    [{ total_kop: '5' }, '12:34:56 ✓ demo-v4  order-17  0.05 ₽  FN 9999078900001234 FD 42'],
    [
      { state: 'failed', fn_number: null, fd_number: null, error_text: 'no free register' },
      '12:34:56 ✗ demo-v4  order-17  1234.56 ₽  no free register',
    ],
    [{ state: 'in_doubt' }, '12:34:56 ? demo-v4  order-17  1234.56 ₽  in_doubt'],
  ])('of a receipt with %j is one line', (change, line) =>
    expect(receiptLine({ ...receipt, ...change })).toBe(line),
  );
});

describe('the command line', () => {
  it('knows its options and no others', () => {
    expect(parseOptions([])).toEqual({ fresh: false, onceReady: false, help: false });
    expect(parseOptions(['--fresh', '--once-ready', '-h'])).toEqual({
      fresh: true,
      onceReady: true,
      help: true,
    });
    expect(() => parseOptions(['--frech'])).toThrow(/frech/);
  });
});

describe('the list of processes', () => {
  it('names each once, on a health port of its own, in the order of stages', () => {
    const settings = readSettings('farm', {});
    const health = processes.map((definition) => definition.healthPort(settings));
    expect(new Set(health).size).toBe(processes.length);
    expect(new Set(processes.map(({ name }) => name)).size).toBe(processes.length);
    const stages = processes.map(({ stage }) => stage);
    expect(stages).toEqual([...stages].sort());
  });

  it('checks the port that is asked for health before the start', () => {
    const settings = readSettings('farm', {});
    for (const { name, ports, healthPort } of processes)
      expect({ name, ports: ports(settings).map(({ port }) => port) }).toEqual({
        name,
        ports: expect.arrayContaining([healthPort(settings)]) as number[],
      });
  });
});
