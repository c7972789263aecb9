import { FINDING_KINDS, type FindingRow } from '@kkt/storage';
import { actionFor } from './actions';
import { findingsCsv } from './csv';
import { isLostSettlement } from './facts';

const row = (over: Partial<FindingRow> = {}): FindingRow => ({
  id: '1',
  serial: '00106000000001',
  fnNumber: '9999000000000001',
  fdNumber: 5,
  toFd: 5,
  kind: 'missing_in_database',
  form: 3,
  details: { seenIn: ['fn'] },
  action: 'Прочитать, найти',
  state: 'open',
  foundAt: new Date('2026-11-23T00:10:00Z'),
  ...over,
});

describe('findings for people', () => {
  it('have an action, whatever they are', () => {
    const actions = FINDING_KINDS.map((kind) => actionFor({ kind, fdNumber: 1, toFd: 1, details: {} }));
    expect(actions.every((text) => /^[А-Я].{30,}\.$/.test(text))).toBe(true);
    expect(new Set(actions).size).toBe(FINDING_KINDS.length);
  });

  it('tell a receipt from a report', () => {
    const lost = (form: number) => ({
      kind: 'missing_in_database' as const,
      fdNumber: 1,
      toFd: 1,
      form,
      details: {},
    });
    expect([3, 4, 31, 41].every((form) => isLostSettlement(lost(form)))).toBe(true);
    expect([1, 2, 5, 6, 11, 21].some((form) => isLostSettlement(lost(form)))).toBe(false);
    expect(isLostSettlement({ ...lost(3), kind: 'missing_in_fn' })).toBe(false);
    expect(actionFor(lost(3))).not.toBe(actionFor(lost(2)));
  });

  it('are lines of RFC 4180, unread registers among them', () => {
    const csv = findingsCsv(
      [row(), row({ serial: '=cmd', form: undefined, action: 'Сказал «а", и всё' })],
      [{ serial: '2', fnNumber: '9999000000000002', reason: 'OFD-SILENT' }],
    );
    expect(csv.split('\r\n')).toEqual([
      'serial,fn,fd,to_fd,kind,form,details,action,state,found_at',
      '00106000000001,9999000000000001,5,5,missing_in_database,3,"{""seenIn"":[""fn""]}","Прочитать, найти",open,2026-11-23T00:10:00.000Z',
      '\'=cmd,9999000000000001,5,5,missing_in_database,,"{""seenIn"":[""fn""]}","Сказал «а"", и всё",open,2026-11-23T00:10:00.000Z',
      '2,9999000000000002,,,not_read,,"{""reason"":""OFD-SILENT""}",Касса или оператор не ответили: устранить причину и повторить сверку этой кассы.,,',
      '',
    ]);
  });
});
