import { createConnection } from 'node:net';
import { silentLog } from '@kkt/contracts';
import { freePort } from '@kkt/embedded';
import { buildDocument, receiptDocumentFields, receiptRequisites } from '@kkt/ffd';
import { buildContainer } from '@kkt/ofd-protocol';
import { BullWakeBus } from '@kkt/queue';
import type { Database } from '@kkt/storage';
import { type AddedRegister, addClients, addRegisters, clientId, content } from '../farm-rows';
import { type Figure, median, row } from '../row';
import { startProgram, untilReady, wait, withServers } from '../servers';

/** As many connections as the relay opens to one operator. */
const connections = 128;
/** The standard (500/s an operator) is a courtesy, not a limit of the relay. */
const unlimitedPerS = 100_000;

function containerOf(register: AddedRegister, fdNumber: number): Buffer {
  const facts = {
    ffd: 4 as const,
    rnm: register.rnm,
    inn: content.company.inn,
    userName: 'ООО «Пример»',
    place: 'https://shop.example',
    address: 'Москва',
    fnsSite: 'www.nalog.gov.ru',
    sellerEmail: 'check@shop.example',
  };
  const tlv = buildDocument(
    3,
    receiptDocumentFields(receiptRequisites(content, facts), facts, {
      fnNumber: register.fnNumber,
      fdNumber,
      at: '2026-11-23T12:00:00',
      fiscalSign: 1_000_000 + fdNumber,
      shiftNumber: 1,
      receiptNumber: fdNumber,
    }),
  );
  return buildContainer({
    fnNumber: register.fnNumber,
    fdNumber,
    documentCode: 3,
    tlv,
    messageSign: Buffer.alloc(8, 1),
  });
}

/** Every FN hands out its next document; those before are confirmed. */
async function handOut(
  database: Database,
  registers: readonly AddedRegister[],
  fdNumber: number,
): Promise<void> {
  await database.query(`update ofd_messages set state = 'confirmed' where state <> 'confirmed'`);
  await database.query(
    `insert into ofd_messages (fn_number, fd_number, register_id, container)
     select fn, $3, id, container from unnest($1::text[], $2::integer[], $4::bytea[]) as x(fn, id, container)`,
    [
      registers.map(({ fnNumber }) => fnNumber),
      registers.map(({ id }) => id),
      fdNumber,
      registers.map((register) => containerOf(register, fdNumber)),
    ],
  );
}

/** Round trips a second of the same bytes over as many sockets. */
async function echoPerS(port: number, bytes: Buffer, trips: number): Promise<number> {
  const since = performance.now();
  let left = trips;
  const line = (): Promise<void> =>
    new Promise((done, fail) => {
      const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
      let came = 0;
      const next = (): void => {
        if (left <= 0) return void socket.end(done);
        left -= 1;
        came = 0;
        socket.write(bytes);
      };
      socket.once('connect', next);
      socket.once('error', fail);
      socket.on('data', (chunk) => {
        came += chunk.length;
        if (came >= bytes.length) next();
      });
    });
  await Promise.all(Array.from({ length: connections }, line));
  return (trips * 1_000) / (performance.now() - since);
}

/** Documents a second through one relay process to the reference operator, both with their database. */
export const relay: Figure = {
  name: 'relay',
  quickS: 16,
  about: 'documents/s through one relay process to the reference operator, beside a socket echo',
  run: ({ quick, repeats, say }) =>
    withServers(async ({ database, databaseUrl, redisUrl }) => {
      const [tcp, portal, health] = [await freePort(), await freePort(), await freePort()];
      const common = {
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        LOG_LEVEL: 'error',
        SECRET_KEY: '11'.repeat(32),
      };
      const operator = startProgram('apps/ofd/src/main', {
        ...common,
        OFD_TCP_PORT: String(tcp),
        OFD_PORTAL_PORT: String(portal),
      });
      const echo = startProgram('tools/bench/socket-echo', {});
      const started = [operator, echo];
      const wakeBus = new BullWakeBus({ redisUrl, log: silentLog });
      try {
        const count = quick ? 200 : 3_000;
        await addClients(database, 10, tcp);
        const registers = await addRegisters(database, count, 10, () => clientId(1));
        await untilReady(portal);
        for (const register of registers) {
          const answer = await fetch(`http://127.0.0.1:${portal}/api/kkts`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              rnm: register.rnm,
              fnNumber: register.fnNumber,
              inn: content.company.inn,
              enterpriseName: 'ООО «Пример»',
              serial: register.serial,
              model: 'АТОЛ 42ФС',
              place: 'https://shop.example',
              address: 'Москва',
              state: 'active',
            }),
          });
          if (answer.status >= 300)
            throw new Error(`the operator refused a register: ${await answer.text()}`);
          await answer.arrayBuffer();
        }
        started.push(
          startProgram('apps/ofd-relay/src/main', {
            ...common,
            RELAY_PORT: String(health),
            OFD_MESSAGES_PER_S: String(unlimitedPerS),
          }),
        );
        await untilReady(health);
        const bytes = registers[0] ? containerOf(registers[0], 1) : Buffer.alloc(0);
        const echoPort = Number(await echo.line());
        const perS: number[] = [];
        const besides: number[] = [];
        for (let turn = 0; turn <= repeats; turn += 1) {
          const since = performance.now();
          await handOut(database, registers, turn + 1);
          // As a driver does that has stored a message: else the relay's next look may be a second away.
          await wakeBus.wake('relay', 'due');
          for (let left = count; left > 0; await wait(10)) {
            const [waiting] = await database.query<{ n: number }>(
              `select count(*)::int as n from ofd_messages where state = 'ready'`,
            );
            left = waiting?.n ?? 0;
            if (performance.now() - since > 60_000)
              throw new Error(`${left} documents are not delivered in a minute`);
          }
          // The first round opens connections and compiles.
          if (turn === 0) continue;
          perS.push(await betweenAnswers(database, count));
          besides.push(await echoPerS(echoPort, bytes, quick ? 5_000 : 20_000));
        }
        say(`relay ${perS.map(Math.round).join(' ')}, echo ${besides.map(Math.round).join(' ')}`);
        return [
          row({
            what: 'documents/s through one relay process to the reference operator',
            value: median(perS),
            unit: '/s',
            beside: median(besides),
            besideWhat: `socket echo of the same ${bytes.length} bytes, ${connections} sockets`,
            goal: 0.5,
            note: 'relay, operator and PostgreSQL store each document and its answer durably; OFD_MESSAGES_PER_S is lifted here (as delivered 500/s an operator, so as not to be a flood; a rack makes 5/s on average)',
          }),
        ];
      } finally {
        await wakeBus.close();
        for (const program of started.reverse()) await program.stop();
      }
    }),
};

/** Answers a second from the first to the last of the round that is stored now. */
async function betweenAnswers(database: Database, count: number): Promise<number> {
  const [span] = await database.query<{ s: number }>(
    `select extract(epoch from max(answered_at) - min(created_at))::float8 as s from ofd_messages where state = 'answered'`,
  );
  return count / Math.max(0.001, span?.s ?? NaN);
}
