import { encodeTlv } from '@kkt/ffd';
import {
  ANSWER_CODE,
  buildConfirmation,
  buildContainer,
  classifyAnswer,
  CONFIRMATION_CODE,
  decodeContainer,
  encodeContainer,
  isOperatorSignRight,
  OfdStreamParser,
  orThrow,
  parseConfirmation,
  REFERENCE_OPERATOR_KEY,
  signedPartOf,
  wrapContainer,
  type ConfirmationFields,
  type OfdContainer,
  type OfdMessage,
  type SessionFfd,
} from './index';

const signer = { key: REFERENCE_OPERATOR_KEY, fiscalSign: 2_573_726_889 };
const fields = (changes: Partial<ConfirmationFields> = {}): ConfirmationFields => ({
  ffd: 2,
  ofdInn: '7704358518',
  fnNumber: '9999078900005488',
  fdNumber: 35,
  at: '2026-11-23T12:30:00',
  code: ANSWER_CODE.accepted,
  ...changes,
});

const containerOf = (tlv: Buffer, fnNumber = '9999078900005488', fdNumber = 35): OfdContainer =>
  orThrow(
    decodeContainer(
      buildContainer({
        fnNumber,
        fdNumber,
        documentCode: CONFIRMATION_CODE,
        tlv,
        messageSign: Buffer.alloc(8),
      }),
    ),
  );

const messageOf = (container: Uint8Array): OfdMessage => {
  const [event] = new OfdStreamParser().push(
    wrapContainer(container, { ffd: 2, fnNumber: '9999078900005488' }),
  );
  if (event?.kind !== 'message') throw new Error('no message');
  return event.message;
};

const sent = { fnNumber: '9999078900005488', fdNumber: 35 };

describe('confirmation', () => {
  it('has the layout of document 7', () => {
    const tlv = buildConfirmation(fields(), signer);
    expect(tlv.toString('hex', 0, tlv.length - 16)).toBe(
      '07005100' +
        'f9030c00373730343335383531382020' +
        '1104100039393939303738393030303035343838' +
        '1004040023000000' +
        'f4030400c831046b' +
        '2c040500fe03010000' +
        '36041000',
    );
  });

  it.each([2, 3, 4] as SessionFfd[])('what is built is read, FFD code %d', (ffd) => {
    const tlv = buildConfirmation(fields({ ffd }), signer);
    const read = orThrow(parseConfirmation(containerOf(tlv)));
    expect(read).toMatchObject({
      ofdInn: '7704358518',
      fnNumber: '9999078900005488',
      fdNumber: 35,
      at: '2026-11-23T12:30:00',
      code: 0,
    });
    expect(read.operatorSign).toHaveLength(16);
  });

  it.each([2, 3, 4] as SessionFfd[])(
    'failed format-logic control is signed and readable, FFD code %d',
    (ffd) => {
      const tlv = buildConfirmation(fields({ ffd, code: ANSWER_CODE.formatLogicFailed }), signer);
      const read = orThrow(parseConfirmation(containerOf(tlv)));
      expect(read.code).toBe(14);
      expect(read.operatorMessage).toBe(ffd === 2 ? undefined : 2);
      expect(read.operatorSign).toBeDefined();
    },
  );

  it('the sign covers every requisite and the confirmed document', () => {
    const tlv = buildConfirmation(fields(), signer);
    const sign = orThrow(parseConfirmation(containerOf(tlv))).operatorSign ?? Buffer.alloc(0);
    const check = (bytes: Buffer, fiscalSign = signer.fiscalSign, key = signer.key): boolean =>
      isOperatorSignRight(sign, { key, fiscalSign, confirmation: signedPartOf(bytes) });
    expect(check(tlv)).toBe(true);
    expect(check(tlv, signer.fiscalSign + 1)).toBe(false);
    expect(check(tlv, signer.fiscalSign, 'another key')).toBe(false);
    for (const at of [10, 30, 44, 52, 61]) {
      const changed = Buffer.from(tlv);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(check(changed)).toBe(false);
    }
  });

  it('a confirmation without requisites is refused, not thrown', () => {
    const empty = encodeTlv([{ tag: CONFIRMATION_CODE, value: [] }]);
    expect(parseConfirmation(containerOf(empty))).toMatchObject({
      ok: false,
      error: { code: 'OFD-CONFIRMATION' },
    });
    const broken = Buffer.from('07000500f903ff0000', 'hex');
    expect(parseConfirmation(containerOf(broken))).toMatchObject({
      ok: false,
      error: { code: 'OFD-CONFIRMATION' },
    });
  });
});

describe('classifyAnswer', () => {
  it('a signed confirmation is for the FN', () => {
    const answer = classifyAnswer(sent, messageOf(containerOf(buildConfirmation(fields(), signer)).bytes));
    expect(answer).toMatchObject({ kind: 'confirmation', meaning: { name: 'accepted', remedy: 'none' } });
  });

  it('failed control is still a confirmation', () => {
    const tlv = buildConfirmation(fields({ code: ANSWER_CODE.formatLogicFailed }), signer);
    expect(classifyAnswer(sent, messageOf(containerOf(tlv).bytes))).toMatchObject({
      kind: 'confirmation',
      meaning: { name: 'formatLogicFailed' },
    });
  });

  it.each([
    ['unknownKkt', 'person'],
    ['unpaid', 'person'],
    ['outOfOrder', 'earlier-first'],
    ['tryLater', 'retry'],
    ['conflict', 'alarm'],
  ] as const)('%s is a refusal whose remedy is %s, in every FFD', (name, remedy) => {
    for (const ffd of [1, 2, 3, 4] as SessionFfd[]) {
      const tlv = buildConfirmation(fields({ ffd, code: ANSWER_CODE[name] }));
      expect(classifyAnswer(sent, messageOf(containerOf(tlv).bytes))).toMatchObject({
        kind: 'refusal',
        meaning: { name, remedy },
      });
    }
  });

  it('an encrypted confirmation is sorted by its open header', () => {
    const container = encodeContainer({ ...sent, documentCode: 7, body: Buffer.alloc(120, 0xc3) });
    const answer = classifyAnswer(sent, messageOf(container));
    expect(answer.kind).toBe('confirmation');
    expect(answer.kind === 'confirmation' && answer.confirmation).toBeUndefined();
    expect(classifyAnswer({ ...sent, fdNumber: 36 }, messageOf(container)).kind).toBe('foreign');
  });

  it('an answer about another document never reaches the FN', () => {
    const tlv = buildConfirmation(fields({ fdNumber: 36 }), signer);
    const outside = containerOf(tlv, '9999078900005488', 36);
    expect(classifyAnswer(sent, messageOf(outside.bytes)).kind).toBe('foreign');
    const inside = containerOf(tlv, '9999078900005488', 35);
    expect(classifyAnswer(sent, messageOf(inside.bytes)).kind).toBe('foreign');
  });

  it('another document code is unreadable, a bare header is a living link', () => {
    const receipt = encodeContainer({ ...sent, documentCode: 3, body: Buffer.alloc(40) });
    expect(classifyAnswer(sent, messageOf(receipt)).kind).toBe('unreadable');
    expect(classifyAnswer(sent, messageOf(Buffer.alloc(0))).kind).toBe('link-alive');
  });
});
