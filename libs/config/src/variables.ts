import { parseFailSetting } from '@kkt/contracts';
import { z } from 'zod';

/** One environment variable: what it is for, its default, what it may hold. */
export interface Variable<T> {
  /** One or two lines for `.env.example`. */
  readonly doc: string;
  /** As it would be written in the environment. Without one the variable must be set by whoever needs it. */
  readonly standard?: string;
  /** Never echoed in messages; may also be given by file: `<NAME>_FILE` (Docker secrets). */
  readonly secret?: true;
  readonly schema: z.ZodType<T, string>;
}

const variable = <T>(definition: Variable<T>): Variable<T> => definition;

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

const port = wholeNumber(1, 65_535);

const urlOf = (...protocols: string[]) =>
  z.string().refine(
    (text) => {
      try {
        const url = new URL(text);
        return protocols.includes(url.protocol) && url.hostname !== '';
      } catch {
        return false;
      }
    },
    `must be a URL of the form ${protocols.map((protocol) => `${protocol}//…`).join(' or ')}`,
  );

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens');

const secretKey = z
  .string()
  .transform((text) => Buffer.from(text, /^[0-9a-fA-F]{64}$/.test(text) ? 'hex' : 'base64'))
  .refine((bytes) => bytes.length === 32, 'must be 32 bytes: 64 hexadecimal digits, or base64');

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

const networks = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
  .refine(
    (list) => list.every((one) => network.safeParse(one).success),
    'must be addresses or networks (10.0.0.0/8), separated by commas',
  );

/** Average requests a second; a caller may send three seconds of them at once. */
const perSecond = (doc: string, standard: number) =>
  variable({ doc, standard: String(standard), schema: wholeNumber(1, 1_000_000) });

const onOff = z.enum(['on', 'off'], 'must be on or off').transform((text) => text === 'on');

const failSetting = z.string().transform((text, context) => {
  try {
    return parseFailSetting(text);
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'must be <step>[:<hit>]:<kill|stop|throw|pause@file> or @<file>',
    });
    return z.NEVER;
  }
});

const portVariable = (doc: string, standard: number) =>
  variable({ doc, standard: String(standard), schema: port });

/** Every variable the farm reads. The order is that of `.env.example`. */
export const variables = {
  DATABASE_URL: variable({
    doc: 'PostgreSQL 14 or newer, the truth of the farm. Unset: npm start runs the one inside the npm package.',
    secret: true,
    schema: urlOf('postgres:', 'postgresql:'),
  }),
  DATABASE_POOL_SIZE: variable({
    doc: 'Connections each process may hold.',
    standard: '10',
    schema: wholeNumber(1, 500),
  }),
  OFD_DATABASE_URL: variable({
    doc: 'Database of the reference operator. Unset: DATABASE_URL. Its tables are in the schema ofd.',
    secret: true,
    schema: urlOf('postgres:', 'postgresql:'),
  }),
  OFD_INN: variable({
    doc: 'INN (tag 1017) of the reference operator.',
    standard: '7799999997',
    schema: z.string().regex(/^\d{10}$/, 'must be 10 digits'),
  }),
  OFD_NAME: variable({
    doc: 'Name of the reference operator, shown on its portal.',
    standard: 'ПК ОФД',
    schema: z.string().min(1, 'must not be empty'),
  }),
  OFD_API_KEY: variable({
    doc: 'Key of the operator’s JSON API (header X-Api-Key). Unset: the API answers only this machine.',
    secret: true,
    schema: z.string().min(16, 'must be at least 16 characters'),
  }),
  OFD_OPEN_PORTAL: variable({
    doc: 'on: the portal shows the latest documents to everybody; for demonstrations. off: by FN, FD and FP only.',
    standard: 'on',
    schema: onOff,
  }),
  OFD_FAULTS: variable({
    doc: 'on: the operator can be told to misbehave (/internal/faults); for tests and demonstrations.',
    standard: 'off',
    schema: onOff,
  }),
  REDIS_URL: variable({
    doc: 'Redis 6.2 or newer, or Valkey: wake-ups and timers only. Unset: npm start runs an engine of its own.',
    secret: true,
    schema: urlOf('redis:', 'rediss:'),
  }),
  SECRET_KEY: variable({
    doc: 'Seals secrets at rest and signs sessions: 32 bytes as hex or base64. Unset: npm start makes one and keeps it in the data folder.',
    secret: true,
    schema: secretKey,
  }),
  PUBLIC_BASE_URL: variable({
    doc: 'How clients reach the receipt API; used in links we hand out.',
    standard: 'http://127.0.0.1:8080',
    schema: urlOf('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
  }),
  CONSOLE_BASE_URL: variable({
    doc: 'How engineers reach the console; used in links of alerts.',
    standard: 'http://127.0.0.1:8082',
    schema: urlOf('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
  }),
  CABINET_BASE_URL: variable({
    doc: 'How people reach the rental cabinet; used in links of messages. With https its cookies are Secure.',
    standard: 'http://127.0.0.1:8081',
    schema: urlOf('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
  }),
  LOG_LEVEL: variable({
    doc: 'fatal, error, warn, info, debug or trace.',
    standard: 'info',
    schema: z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
      'must be one of fatal, error, warn, info, debug, trace',
    ),
  }),
  BIND_HOST: variable({
    doc: 'Address every door listens on. 0.0.0.0 only behind a reverse proxy or inside a container.',
    standard: '127.0.0.1',
    schema: z.union([z.ipv4(), z.ipv6(), z.literal('localhost')], 'must be an IP address or localhost'),
  }),
  TRUSTED_PROXIES: variable({
    doc: 'Addresses or networks of your own reverse proxies, by commas: only their X-Forwarded-For tells who asks. Unset: the caller is who holds the connection.',
    standard: '',
    schema: networks,
  }),
  ATOL_REQUESTS_PER_S: perSecond(
    'Requests a second of one token at /possystem and /api, on average; three seconds of them at once. More is answered 429.',
    1_000,
  ),
  ATOL_CLIENT_REQUESTS_PER_S: perSecond('The same of all tokens of one client together.', 2_000),
  ATOL_REPORT_POLLS_PER_S: variable({
    doc: 'Requests for reports a second, for each register of the group; five minutes of them at once. 0: no limit.',
    standard: '1',
    schema: wholeNumber(0, 10_000),
  }),
  API_REQUESTS_PER_S: perSecond(
    'Requests a second of one key at /v1, on average; three seconds of them at once. More is answered 429.',
    100,
  ),
  API_CLIENT_REQUESTS_PER_S: perSecond('The same of all keys of one client together.', 300),
  RECEIPT_API_PORT: portVariable('Receipt API (HTTP).', 8080),
  CABINET_PORT: portVariable('Rental cabinet of clients (HTTP).', 8081),
  CONSOLE_PORT: portVariable('Console of engineers (HTTP).', 8082),
  OFD_PORTAL_PORT: portVariable('Portal of the reference operator (HTTP).', 8083),
  OFD_TCP_PORT: portVariable('Reference operator: KKT–OFD protocol (TCP).', 8084),
  DRIVER_PORT: portVariable('Hardware driver: health and metrics (HTTP).', 8086),
  RELAY_PORT: portVariable('OFD relay: health and metrics (HTTP).', 8087),
  WORKER_PORT: portVariable('Worker: health and metrics (HTTP).', 8088),
  EMULATOR_CONTROL_PORT: portVariable('Emulator of fiscal registers: control, faults, health (HTTP).', 8090),
  EMULATOR_TCP_BASE_PORT: portVariable(
    'Emulated registers listen here and on the ports that follow (TCP).',
    9100,
  ),
  EMBEDDED_POSTGRES_PORT: portVariable('PostgreSQL of npm start, when DATABASE_URL is unset.', 5454),
  EMBEDDED_REDIS_PORT: portVariable('Redis-compatible engine of npm start, when REDIS_URL is unset.', 6390),
  DRIVER_ID: variable({
    doc: 'Name of this driver; each host with registers has its own.',
    standard: 'driver-1',
    schema: name,
  }),
  DATA_DIR: variable({
    doc: 'Folder of npm start: embedded servers, emulator memory, logs.',
    standard: '.data',
    schema: z.string().min(1, 'must name a folder'),
  }),
  SEED_DEMO: variable({
    doc: 'on: an empty database gets demo clients, registers and logins at npm start.',
    standard: 'on',
    schema: onOff,
  }),
  CALLBACK_ALLOW_PRIVATE: variable({
    doc: 'on: shops may be called back at local and private addresses, over http and on any port. For a desk only.',
    standard: 'off',
    schema: onOff,
  }),
  OFD_ANSWER_TIMEOUT_MS: variable({
    doc: 'How long the relay waits for an operator’s answer; 300 s by the KKT–OFD protocol.',
    standard: '300000',
    schema: wholeNumber(1_000, 600_000),
  }),
  RECEIPTS_KEPT_DAYS: variable({
    doc: 'Days that receipts are kept with their documents after their end; at least three years, so longer than any FN works.',
    standard: '1830',
    schema: wholeNumber(1_100, 36_500),
  }),
  OFD_MESSAGES_PER_S: variable({
    doc: 'Messages the relay begins a second to one operator at most: catching up after an outage must not look like an attack.',
    standard: '500',
    schema: wholeNumber(1, 100_000),
  }),
  PAYMENT_EMULATOR_URL: variable({
    doc: 'Payment providers are asked here instead of at their own hosts. For demonstrations; never set where shops are served.',
    schema: urlOf('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
  }),
  ACQUIRER_URL: variable({
    doc: 'Payment gateway (RBS, as Sber and other banks run it) for payments by card to the farm itself, up to /payment/rest. Unset: clients pay by invoice only. npm start leads it to an emulated bank.',
    schema: urlOf('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
  }),
  ACQUIRER_USER: variable({
    doc: 'Our login at the payment gateway.',
    schema: z.string().min(1, 'must not be empty'),
  }),
  ACQUIRER_PASSWORD: variable({
    doc: 'Our password at the payment gateway.',
    secret: true,
    schema: z.string().min(1, 'must not be empty'),
  }),
  SMTP_URL: variable({
    doc: 'Mail server for notifications: smtp://user:password@host:587 or smtps://…:465. Unset: mail goes to the local mailbox page.',
    secret: true,
    schema: urlOf('smtp:', 'smtps:'),
  }),
  MAIL_FROM: variable({
    doc: 'Sender of notifications.',
    standard: 'KKT Farm <noreply@localhost>',
    schema: z.string().regex(/^[^\r\n]{0,100}[^\s@]+@[^\s@]+$/, 'must be an address or: Name <address>'),
  }),
  SMS_GATEWAY_URL: variable({
    doc: 'SMS provider or adapter: POST { id, to, text }, any 2xx is taken. Unset: SMS go to the local mailbox page.',
    schema: urlOf('http:', 'https:'),
  }),
  SMS_GATEWAY_KEY: variable({
    doc: 'Sent to the SMS provider as Authorization: Bearer.',
    secret: true,
    schema: z.string().min(1, 'must not be empty'),
  }),
  TELEGRAM_BOT_TOKEN: variable({
    doc: 'Token of the bot that tells engineers. Unset: its messages go to the local mailbox page.',
    secret: true,
    schema: z.string().regex(/^[0-9]+:[A-Za-z0-9_-]{20,}$/, 'must be a bot token: digits, a colon, a secret'),
  }),
  TELEGRAM_API_URL: variable({
    doc: 'Telegram Bot API, or a proxy of it.',
    standard: 'https://api.telegram.org',
    schema: urlOf('http:', 'https:').transform((text) => text.replace(/\/+$/, '')),
  }),
  VOICE_GATEWAY_URL: variable({
    doc: 'Provider or adapter that calls and reads a text aloud: POST { id, to, text, repeat }. Unset: calls go to the local mailbox page.',
    schema: urlOf('http:', 'https:'),
  }),
  VOICE_GATEWAY_KEY: variable({
    doc: 'Sent to the provider of calls as Authorization: Bearer.',
    secret: true,
    schema: z.string().min(1, 'must not be empty'),
  }),
  MAILBOX_OPEN: variable({
    doc: 'on: the mailbox page of the console (messages of channels without a gateway) needs no log-in. npm start turns it on for a demonstration on one machine.',
    standard: 'off',
    schema: onOff,
  }),
  PLANT_MONITOR_URL: variable({
    doc: 'Monitor of switches and power, asked twice a second: JSON as in docs/operating/monitoring.md. Unset: faults of switches are known only by the registers behind them.',
    schema: urlOf('http:', 'https:'),
  }),
  ZABBIX_SERVER: variable({
    doc: 'host:port of a Zabbix server or proxy (10051 by custom) that gets all readings once a minute. Unset: nothing is sent.',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,253}:[0-9]{1,5}$/, 'must be host:port')
      .transform((text) => ({ host: text.split(':')[0] ?? '', port: Number(text.split(':')[1]) }))
      .refine(({ port: number }) => number >= 1 && number <= 65_535, 'must have a port from 1 to 65535'),
  }),
  SYNTHETIC_EVERY_S: variable({
    doc: 'Seconds between test receipts on the registers of the group test-receipts; 0 sends none.',
    standard: '60',
    schema: wholeNumber(0, 86_400),
  }),
  READINGS: variable({
    doc: 'off: the driver takes no readings of registers. For measuring what they cost.',
    standard: 'on',
    schema: onOff,
  }),
  EMULATOR_PANEL: variable({
    doc: 'on: the console has a panel that breaks the emulated hall. npm start turns it on for a demonstration on one machine.',
    standard: 'off',
    schema: onOff,
  }),
  FAIL_POINT: variable({
    doc: 'Kills this process at a named step: <step>[:<hit>]:<kill|stop|throw|pause@file>, or @<file> that is read at SIGUSR2. For tests; never set where shops are served.',
    schema: failSetting,
  }),
  SHUTDOWN_TIMEOUT_MS: variable({
    doc: 'How long a process may finish its work after SIGTERM.',
    standard: '8000',
    schema: wholeNumber(100, 600_000),
  }),
} as const;

export type VariableName = keyof typeof variables;

/** The type a variable has once read. */
export type ValueOf<N extends VariableName> = (typeof variables)[N] extends Variable<infer T> ? T : never;
