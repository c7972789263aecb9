import {
  buildContainer,
  buildMessage,
  decodeContainer,
  decodeSessionHeader,
  encodeSessionHeader,
  isSessionCrcRight,
  OfdStreamParser,
  orThrow,
  readPlainBody,
  type CrcMode,
} from '../index';
import { receipt35, registration10, registration105 } from './published-messages';

describe('published messages', () => {
  it('registration report with FFD 1.05: header, container and body are read', () => {
    const header = orThrow(decodeSessionHeader(registration105.message));
    expect(header).toMatchObject({
      channel: 'documents',
      ffd: 1,
      ffdOnWire: 0x0001,
      fnNumber: registration105.fnNumber,
      bodyBytes: registration105.containerBytes,
      crcMode: 'none',
      answerWanted: true,
      crc: 0,
    });
    const container = orThrow(decodeContainer(registration105.message.subarray(30)));
    expect(container).toMatchObject({ documentCode: 11, fdNumber: 1, fnNumber: registration105.fnNumber });
    expect(container.bytes.readUInt16LE(2)).toBe(registration105.containerCrc);
    expect(container.service1.toString('hex')).toBe('1009');
    const body = orThrow(readPlainBody(container));
    expect(body.tlv.readUInt16LE(0)).toBe(11);
    expect(container.service2.readUInt16BE(10)).toBe(body.tlv.length);
    expect(body.messageSign?.toString('hex')).toBe('8106a55ae10c4d75');
  });

  it.each([
    ['FFD 1.05', registration105.message.subarray(30), registration105],
    ['FFD 1.0', registration10.container, registration10],
  ])('the container of the %s registration is rebuilt byte for byte', (_name, bytes, facts) => {
    const read = orThrow(decodeContainer(bytes));
    expect(read).toMatchObject({
      fnNumber: facts.fnNumber,
      fdNumber: facts.fdNumber,
      documentCode: facts.documentCode,
    });
    expect(bytes.length).toBe(facts.containerBytes);
    const body = orThrow(readPlainBody(read));
    const rebuilt = buildContainer({
      fnNumber: facts.fnNumber,
      fdNumber: facts.fdNumber,
      documentCode: facts.documentCode,
      tlv: body.tlv,
      messageSign: body.messageSign ?? Buffer.alloc(0),
      service: { data1: read.service1, data2: read.service2 },
      zeroTail: true,
    });
    expect(rebuilt.equals(bytes)).toBe(true);
    expect(rebuilt.readUInt16LE(2)).toBe(facts.containerCrc);
  });

  it.each(['none', 'header', 'full'] as CrcMode[])('receipt 35 in CRC mode %s', (crcMode) => {
    const message = buildMessage({
      fnNumber: receipt35.fnNumber,
      fdNumber: receipt35.fdNumber,
      documentCode: receipt35.documentCode,
      tlv: receipt35.tlv,
      messageSign: receipt35.messageSign,
      service: { data2: Buffer.alloc(12) },
      ffd: 2,
      crcMode,
    });
    const expected = receipt35.sessionHeaders[crcMode as keyof typeof receipt35.sessionHeaders];
    expect(message.subarray(0, 30).toString('hex')).toBe(expected.toString('hex'));
    expect(message.subarray(30, 62).toString('hex')).toBe(receipt35.containerHeader.toString('hex'));
    const header = orThrow(decodeSessionHeader(expected));
    expect(header).toMatchObject({ crcMode, ffd: 2, bodyBytes: 428 });
    expect(isSessionCrcRight(header, expected, message.subarray(30))).toBe(true);

    const events = new OfdStreamParser().push(message);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: 'message',
      message: { container: { fdNumber: 35, documentCode: 3 } },
    });
  });

  it('a header-only message is a link check', () => {
    const header = encodeSessionHeader({ ffd: 4, fnNumber: '9999078900005488', crcMode: 'header' });
    expect(header).toHaveLength(30);
    expect(orThrow(decodeSessionHeader(header))).toMatchObject({ bodyBytes: 0, hasContainer: false, ffd: 4 });
    const [event] = new OfdStreamParser().push(header);
    expect(event?.kind === 'message' && event.message.container).toBeUndefined();
    expect(event?.kind).toBe('message');
  });
});
