import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { METRICS } from '@kkt/readings';
import type { LastReadings } from '@kkt/storage';
import { discoveryOf, valuesOf } from './feed';
import { decodePacket, encodePacket, readAnswer, sendValues } from './sender';
import { readingKey, TEMPLATE, zabbixTemplate } from './template';

const file = join(__dirname, '..', '..', '..', 'docker', 'zabbix', 'kkt-farm-template.yaml');

interface Item {
  uuid: string;
  key: string;
  type: string;
  value_type: string;
  master_item?: { key: string };
  preprocessing?: { type: string; parameters: string[] }[];
  valuemap?: { name: string };
}
interface Template {
  uuid: string;
  discovery_rules: {
    uuid: string;
    key: string;
    item_prototypes: Item[];
    trigger_prototypes: { uuid: string; expression: string; priority: string }[];
  }[];
  macros: { macro: string; value: string }[];
  valuemaps: { uuid: string; name: string; mappings: { value: string; newvalue: string }[] }[];
}

describe('the template', () => {
  const { zabbix_export } = parse(zabbixTemplate()) as {
    zabbix_export: { version: string; groups: { uuid: string }[]; templates: Template[] };
  };
  const [template] = zabbix_export.templates;
  const rule = template?.discovery_rules[0];
  const items = rule?.item_prototypes ?? [];

  it('is the file in docker/zabbix (UPDATE_DOCUMENTS=1 rewrites it)', () => {
    if (process.env.UPDATE_DOCUMENTS) writeFileSync(file, zabbixTemplate());
    expect(readFileSync(file, 'utf8')).toBe(zabbixTemplate());
  });

  it('has every reading of the table, each from the one master item', () => {
    expect(items.filter(({ type }) => type === 'DEPENDENT').map(({ key }) => key)).toEqual(
      METRICS.map(({ key }) => readingKey(key, '{#SERIAL}')),
    );
    for (const item of items.filter(({ type }) => type === 'DEPENDENT')) {
      expect(items.find(({ key }) => key === item.master_item?.key)).toMatchObject({
        type: 'TRAP',
        value_type: 'TEXT',
      });
      expect(item.preprocessing?.[0]).toMatchObject({ type: 'JSONPATH' });
      expect(['FLOAT', 'UNSIGNED', 'CHAR']).toContain(item.value_type);
      if (item.valuemap) expect(template?.valuemaps.map(({ name }) => name)).toContain(item.valuemap.name);
    }
  });

  it('has ids of 32 hexadecimal digits, none twice', () => {
    const ids = [...zabbixTemplate().matchAll(/uuid: "?([0-9a-f]+)"?/g)].map((match) => match[1] ?? '');
    expect(ids.length).toBeGreaterThan(120);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has triggers that name only its own items and macros', () => {
    const keys = new Set(items.map(({ key }) => key));
    const macros = new Set(template?.macros.map(({ macro }) => macro));
    for (const { expression, priority } of rule?.trigger_prototypes ?? []) {
      const used = [...expression.matchAll(/\/KKT Farm assembly\/(farm\.kkt\.[a-z0-9.]+\[\{#SERIAL\}\])/g)];
      expect(used.length).toBeGreaterThan(0);
      for (const [, key = ''] of used) expect(keys).toContain(key);
      for (const [macro] of expression.matchAll(/\{\$[A-Z.]+\}/g)) expect(macros).toContain(macro);
      expect(['WARNING', 'AVERAGE', 'HIGH', 'DISASTER']).toContain(priority);
      expect(expression).toContain(TEMPLATE);
    }
  });
});

describe('the feed', () => {
  const one: LastReadings = {
    registerId: 1,
    serial: '00106000000001',
    dc: 'dc1',
    rack: '1',
    assembly: '2',
    slot: '7',
    group: 'shop-1',
    rnm: '0000000001012345',
    readings: { up: true, fn_number: '9999078900000001', fn_documents: 5, cashier: null },
    readAt: new Date(0),
  };

  it('sends one JSON per register to the host of its assembly, with at least fifty values when it is well read', () => {
    const full = { ...one, readings: Object.fromEntries(METRICS.map(({ key }) => [key, 1])) };
    const [value] = valuesOf([full], 100, false);
    expect(value).toMatchObject({ host: 'kkt-dc1-r1-a2', key: 'farm.kkt.raw[00106000000001]', clock: 100 });
    expect(Object.keys(JSON.parse(value?.value ?? '{}') as object).length).toBeGreaterThanOrEqual(50);
    expect(JSON.parse(valuesOf([one], 1, false)[0]?.value ?? '')).toEqual({
      up: 1,
      fn_number: '9999078900000001',
      fn_documents: 5,
    });
  });

  it('tells Zabbix which registers there are', () => {
    expect(discoveryOf([one])).toEqual([
      {
        '{#SLOT}': '07',
        '{#SERIAL}': '00106000000001',
        '{#RNM}': '0000000001012345',
        '{#FN}': '9999078900000001',
        '{#GROUP}': 'shop-1',
      },
    ]);
    expect(valuesOf([one], 1, true).map(({ key }) => key)).toEqual([
      'farm.discovery',
      'farm.kkt.raw[00106000000001]',
    ]);
  });
});

/** A server that answers every packet with these bytes. */
async function server(answer: (request: unknown) => Buffer[]) {
  const requests: unknown[] = [];
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const request = decodePacket(received);
      if (request === undefined) return;
      requests.push(request);
      void (async () => {
        for (const part of answer(request)) {
          socket.write(part);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        socket.end();
      })();
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  return {
    at: { host: '127.0.0.1', port: (tcp.address() as AddressInfo).port, timeoutMs: 5_000 },
    requests,
    stop: () => {
      sockets.forEach((socket) => socket.destroy());
      tcp.close();
    },
  };
}

const value = { host: 'h', key: 'k', value: 'касса', clock: 1 };
const info = (processed: number, failed: number) =>
  encodePacket({
    response: 'success',
    info: `processed: ${processed}; failed: ${failed}; total: ${processed + failed}; seconds spent: 0.06`,
  });

describe('the sender protocol', () => {
  it('writes the header as it is published', () => {
    const packet = encodePacket({ a: 1 });
    expect(packet.toString('latin1', 0, 4)).toBe('ZBXD');
    expect([...packet.subarray(4, 13)]).toEqual([1, 7, 0, 0, 0, 0, 0, 0, 0]);
    expect(packet.toString('utf8', 13)).toBe('{"a":1}');
  });

  it('sends values and reads how many failed, though the server says success; also when it answers in pieces', async () => {
    const answer = info(1, 2);
    const there = await server(() => [answer.subarray(0, 6), answer.subarray(6, 20), answer.subarray(20)]);
    expect(await sendValues(there.at, [value, value, value], 7)).toEqual({
      processed: 1,
      failed: 2,
      total: 3,
    });
    there.stop();
    expect(there.requests).toMatchObject([
      { request: 'sender data', clock: 7, data: [{ host: 'h', key: 'k', value: 'касса', clock: 1 }, {}, {}] },
    ]);
  });

  it.each([
    ['no header', Buffer.from('HTTP/1.1 400 Bad Request')],
    ['compressed', Buffer.concat([Buffer.from('ZBXD\x03'), Buffer.alloc(8)])],
    ['no JSON', Buffer.concat([Buffer.from('ZBXD\x01\x02\0\0\0\0\0\0\0'), Buffer.from('{x')])],
    ['a refusal', encodePacket({ response: 'failed', info: 'no' })],
    ['no numbers', encodePacket({ response: 'success', info: '' })],
  ])('says what is wrong with an answer: %s', async (_, bytes) => {
    const there = await server(() => [bytes]);
    await expect(sendValues(there.at, [value], 1)).rejects.toMatchObject({ code: 'SYS-ZABBIX-ANSWER' });
    there.stop();
  });

  it('gives up on a server that is away or hangs up', async () => {
    await expect(sendValues({ host: '127.0.0.1', port: 1 }, [value], 1)).rejects.toMatchObject({
      code: 'SYS-ZABBIX',
    });
    const there = await server(() => [info(1, 0).subarray(0, 15)]);
    await expect(sendValues(there.at, [value], 1)).rejects.toMatchObject({ code: 'SYS-ZABBIX' });
    there.stop();
  });

  it('reads the numbers of an answer', () => {
    expect(
      readAnswer({
        response: 'success',
        info: 'processed: 10; failed: 0; total: 10; seconds spent: 0.000123',
      }),
    ).toEqual({
      processed: 10,
      failed: 0,
      total: 10,
    });
  });
});
