import { fnCommand, register } from '@kkt/atol-protocol';
import { checkDocument, parseDocument } from '@kkt/ffd';
import {
  buildConfirmation,
  decodeContainer,
  encodeContainer,
  readPlainBody,
  REFERENCE_OPERATOR_KEY,
} from '@kkt/ofd-protocol';
import { instantPace, memoryPort, planModules, serialOf, World } from './index';
import { TestHost } from './testing/test-host';

function start(): { world: World; host: TestHost } {
  const world = new World({ plan: planModules(1, 'tcp'), pace: instantPace });
  const port = memoryPort(world.at(0));
  if (!port) throw new Error('module is not reachable');
  return { world, host: new TestHost(port) };
}

const today = (): string => new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 16);

/** What an operator answers to a message. */
function confirm(message: Buffer): Buffer {
  const read = decodeContainer(message);
  if (!read.ok) throw read.error;
  const container = read.value;
  const body = readPlainBody(container);
  if (!body.ok) throw body.error;
  const { fiscalSign } = parseDocument(body.value.tlv);
  const tlv = buildConfirmation(
    {
      ffd: 4,
      ofdInn: '7704358518',
      fnNumber: container.fnNumber,
      fdNumber: container.fdNumber,
      at: `${today()}:00`,
      code: 0,
    },
    { key: REFERENCE_OPERATOR_KEY, fiscalSign: fiscalSign ?? 0 },
  );
  return encodeContainer({
    documentCode: 7,
    fnNumber: container.fnNumber,
    fdNumber: container.fdNumber,
    body: tlv,
  });
}

describe.each([2, 3, 4] as const)('the main road, FFD code %i', (ffd) => {
  it('registers, opens a shift, makes a receipt, reads it back, sends it, closes', async () => {
    const { world, host } = start();
    await host.abort();
    await host.register(today(), serialOf(0), ffd);
    await host.openShift();
    await host.receipt(12_345, { items: 3 });
    await host.receipt(12_345, { type: 2 });
    expect(await host.lastFd()).toBe(4);
    const { form, length } = await host.call(fnCommand('openDocumentTlv'), { fdNumber: 3 });
    expect(form).toBe(3);
    const parts: Buffer[] = [];
    for (;;) {
      const next = await host.try(fnCommand('readDocumentTlv'), {});
      if (!next.ok) {
        expect(next.error).toBe(0xda);
        break;
      }
      parts.push(next.data.tlv);
    }
    expect(Buffer.concat(parts)).toHaveLength(length);
    const document = parseDocument(Buffer.concat(parts), 3);
    expect(document).toMatchObject({
      fdNumber: 3,
      totalKop: 37_035,
      sign: 1,
      receiptNumber: 1,
      shiftNumber: 1,
    });
    const last = register('lastReceipt').decodeAnswer(
      await host.run(register('lastReceipt').encodeRequest()),
    );
    expect(last).toMatchObject({ ok: true, data: { fdNumber: 4, type: 2, sumKop: 12_345 } });
    await host.closeShift();
    for (let fd = 1; fd <= 5; fd += 1) {
      const message = await host.readMessage();
      await host.call(fnCommand('putConfirmation'), { confirmation: confirm(message) });
    }
    expect(await host.call(fnCommand('exchangeStatus'), {})).toMatchObject({ queued: 0, firstFdNumber: 0 });
    const drive = world.at(0).fn;
    for (let fd = 1; fd <= 5; fd += 1) {
      const archived = drive?.document(fd);
      expect(archived?.confirmed).toBe(true);
      expect({ fd, problems: checkDocument(archived?.tlv ?? Buffer.alloc(0), ffd) }).toEqual({
        fd,
        problems: [],
      });
    }
  });
});
