import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigError,
  readEnvFile,
  readSettings,
  renderEnvExample,
  roles,
  variables,
  type Role,
  type VariableName,
} from './index';
import { mergeEnvironments } from './env-file';

const repository = join(__dirname, '..', '..', '..');
const key = 'ab'.repeat(32);

/** What a production process would be given. */
const full = {
  DATABASE_URL: 'postgres://kkt:secret@db.internal:5432/kkt',
  REDIS_URL: 'redis://redis.internal:6379',
  SECRET_KEY: key,
};

const faultsOf = (role: Role, environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(role, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe('defaults', () => {
  it('are enough for npm start with an empty environment', () => {
    expect(readSettings('farm', {})).toEqual({
      logLevel: 'info',
      shutdownTimeoutMs: 8000,
      host: '127.0.0.1',
      publicBaseUrl: 'http://127.0.0.1:8080',
      databaseUrl: undefined,
      redisUrl: undefined,
      secretKey: undefined,
      dataDir: '.data',
      seedDemo: true,
      receiptApiPort: 8080,
      cabinetPort: 8081,
      consolePort: 8082,
      ofdPortalPort: 8083,
      ofdTcpPort: 8084,
      driverPort: 8086,
      relayPort: 8087,
      workerPort: 8088,
      emulatorControlPort: 8090,
      emulatorTcpBasePort: 9100,
      postgresPort: 5454,
      redisPort: 6390,
    });
  });

  it.each(Object.keys(roles) as Role[])('fill the settings of %s when servers and key are named', (role) => {
    const settings = readSettings(role, full);
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.keys(settings).sort()).toEqual(Object.keys(roles[role]).sort());
  });

  it.each(['receipt-api', 'hardware-driver', 'worker'] as const)(
    'never invent a database or a key for %s',
    (role) => {
      expect(faultsOf(role, {})).toEqual(
        ['DATABASE_URL', 'REDIS_URL', 'SECRET_KEY'].map(
          (name) => expect.stringContaining(`${name}: must be set`) as string,
        ),
      );
    },
  );

  it('of limits and proxies come from the environment, wrong ones are named', () => {
    expect(readSettings('receipt-api', full)).toMatchObject({ trustedProxies: [], atolReportPollsPerS: 1 });
    expect(
      readSettings('receipt-api', {
        ...full,
        TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,fd00::/8',
        API_REQUESTS_PER_S: '7',
        ATOL_REPORT_POLLS_PER_S: '0',
      }),
    ).toMatchObject({
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
      apiRequestsPerS: 7,
      atolReportPollsPerS: 0,
    });
    const faults = faultsOf('receipt-api', {
      ...full,
      TRUSTED_PROXIES: '10.0.0.0/33',
      ATOL_CLIENT_REQUESTS_PER_S: '0',
    });
    expect(faults).toEqual([
      expect.stringContaining('TRUSTED_PROXIES: must be addresses or networks'),
      expect.stringContaining('ATOL_CLIENT_REQUESTS_PER_S: must be from 1'),
    ]);
  });

  it('give the reference operator the common database unless it has its own', () => {
    expect(readSettings('ofd', full).databaseUrl).toBe(full.DATABASE_URL);
    const own = 'postgresql://ofd@other/ofd';
    expect(readSettings('ofd', { ...full, OFD_DATABASE_URL: own }).databaseUrl).toBe(own);
    expect(faultsOf('ofd', { ...full, OFD_DATABASE_URL: 'http://other' })).toEqual([
      expect.stringMatching(/^OFD_DATABASE_URL: must be a URL/) as string,
    ]);
    expect(faultsOf('ofd', {})).toEqual([expect.stringContaining('DATABASE_URL: must be set') as string]);
  });
});

const portCases: { legal: string[]; illegal: string[] } = {
  legal: ['1', '18080', '65535'],
  illegal: ['0', '65536', '-1', '80a', '8080.5', ' 80', '99999999999'],
};

const databaseUrlCases = {
  legal: ['postgres://a:b@h:5432/d', 'postgresql://h/d?sslmode=require'],
  illegal: ['mysql://h/d', 'h:5432/d', 'postgres://', 'postgres'],
};

const cases: Record<VariableName, { legal: string[]; illegal: string[] }> = {
  DATABASE_URL: databaseUrlCases,
  OFD_DATABASE_URL: databaseUrlCases,
  REDIS_URL: { legal: ['redis://h:6379', 'rediss://u:p@h/2'], illegal: ['http://h', 'h:6379', 'redis://'] },
  DATABASE_POOL_SIZE: { legal: ['1', '10', '500'], illegal: ['0', '501', 'ten', '1.5'] },
  OFD_INN: { legal: ['7799999997'], illegal: ['770936434', '77999999977', '77093643a6'] },
  OFD_NAME: { legal: ['ПК ОФД'], illegal: [] },
  OFD_API_KEY: { legal: ['0123456789abcdef'], illegal: ['short'] },
  OFD_OPEN_PORTAL: { legal: ['on', 'off'], illegal: ['yes', '1'] },
  OFD_FAULTS: { legal: ['on', 'off'], illegal: ['yes', '1'] },
  SECRET_KEY: {
    legal: [key, Buffer.alloc(32, 7).toString('base64'), Buffer.alloc(32, 255).toString('base64url')],
    illegal: ['changeme', 'ab'.repeat(31), Buffer.alloc(33).toString('base64')],
  },
  PUBLIC_BASE_URL: {
    legal: ['https://kkt.example', 'http://127.0.0.1:8080/'],
    illegal: ['kkt.example', 'ftp://a'],
  },
  LOG_LEVEL: { legal: ['trace', 'info', 'fatal'], illegal: ['INFO', 'verbose', '1'] },
  BIND_HOST: {
    legal: ['0.0.0.0', '127.0.0.1', '::', '::1', 'localhost'],
    illegal: ['*', 'example.org', '1.2.3'],
  },
  TRUSTED_PROXIES: {
    legal: ['127.0.0.1', '10.0.0.0/8, ::1', 'fd00::/8'],
    illegal: ['proxy.example', '10.0.0.0/33', '127.0.0.1;10.0.0.1'],
  },
  ATOL_REQUESTS_PER_S: { legal: ['1', '1000'], illegal: ['0', '-1', 'many'] },
  ATOL_CLIENT_REQUESTS_PER_S: { legal: ['2000'], illegal: ['0', '1.5'] },
  ATOL_REPORT_POLLS_PER_S: { legal: ['0', '1'], illegal: ['-1', 'off'] },
  API_REQUESTS_PER_S: { legal: ['100'], illegal: ['0'] },
  API_CLIENT_REQUESTS_PER_S: { legal: ['300'], illegal: ['0'] },
  RECEIPT_API_PORT: portCases,
  CABINET_PORT: portCases,
  CONSOLE_PORT: portCases,
  OFD_PORTAL_PORT: portCases,
  OFD_TCP_PORT: portCases,
  DRIVER_PORT: portCases,
  RELAY_PORT: portCases,
  WORKER_PORT: portCases,
  EMULATOR_CONTROL_PORT: portCases,
  EMULATOR_TCP_BASE_PORT: portCases,
  EMBEDDED_POSTGRES_PORT: portCases,
  EMBEDDED_REDIS_PORT: portCases,
  DRIVER_ID: { legal: ['driver-1', 'rack7', '0'], illegal: ['Driver', 'a b', '-a', 'x'.repeat(64)] },
  DATA_DIR: { legal: ['.data', '/var/lib/kkt'], illegal: [] },
  SEED_DEMO: { legal: ['on', 'off'], illegal: ['yes', 'true', 'ON'] },
  CALLBACK_ALLOW_PRIVATE: { legal: ['on', 'off'], illegal: ['yes', '1'] },
  OFD_ANSWER_TIMEOUT_MS: { legal: ['1000', '300000'], illegal: ['999', '5m'] },
  RECEIPTS_KEPT_DAYS: { legal: ['1100', '1830', '36500'], illegal: ['1099', '5y'] },
  OFD_MESSAGES_PER_S: { legal: ['1', '500', '100000'], illegal: ['0', '-1', 'much'] },
  PAYMENT_EMULATOR_URL: {
    legal: ['http://127.0.0.1:8099', 'https://pay.test/'],
    illegal: ['127.0.0.1:8099', 'ftp://x/'],
  },
  ACQUIRER_URL: {
    legal: ['https://bank.example', 'http://127.0.0.1:8090/acquirer/'],
    illegal: ['bank.example'],
  },
  ACQUIRER_USER: { legal: ['farm-api'], illegal: [] },
  ACQUIRER_PASSWORD: { legal: ['password'], illegal: [] },
  SMTP_URL: {
    legal: ['smtp://u:p@mail.example:587', 'smtps://mail.example'],
    illegal: ['mail.example', 'http://mail.example'],
  },
  MAIL_FROM: { legal: ['Farm <a@b.example>', 'a@b.example'], illegal: ['Farm', 'Farm\r\nBcc: x@y.example'] },
  SMS_GATEWAY_URL: { legal: ['https://sms.example/send'], illegal: ['sms.example'] },
  SMS_GATEWAY_KEY: { legal: ['key'], illegal: [] },
  TELEGRAM_BOT_TOKEN: { legal: ['123456:abcdefghijklmnopqrstuvwxyz'], illegal: ['123456', 'abc:def'] },
  TELEGRAM_API_URL: { legal: ['https://api.telegram.example'], illegal: ['api.telegram.example'] },
  VOICE_GATEWAY_URL: { legal: ['https://call.example/'], illegal: ['call'] },
  VOICE_GATEWAY_KEY: { legal: ['key'], illegal: [] },
  MAILBOX_OPEN: { legal: ['on', 'off'], illegal: ['yes'] },
  PLANT_MONITOR_URL: { legal: ['http://127.0.0.1:8090/plant'], illegal: ['127.0.0.1:8090'] },
  EMULATOR_PANEL: { legal: ['on', 'off'], illegal: ['yes'] },
  CONSOLE_BASE_URL: {
    legal: ['https://console.example', 'http://127.0.0.1:8082/'],
    illegal: ['console.example'],
  },
  CABINET_BASE_URL: { legal: ['https://cabinet.example'], illegal: ['ftp://cabinet.example'] },
  ZABBIX_SERVER: {
    legal: ['zabbix.example:10051', '127.0.0.1:10051'],
    illegal: ['zabbix.example', 'z:0', 'z:70000'],
  },
  SYNTHETIC_EVERY_S: { legal: ['0', '60'], illegal: ['-1', 'often'] },
  READINGS: { legal: ['on', 'off'], illegal: ['yes'] },
  FAIL_POINT: {
    legal: ['close-sent:kill', 'device-mid-frame:12:stop', 'proof-read:pause@/tmp/pause', '@/tmp/plan'],
    illegal: ['close-sent', 'nowhere:kill', 'close-sent:0:kill', 'close-sent:pause', '@'],
  },
  SHUTDOWN_TIMEOUT_MS: { legal: ['100', '8000', '600000'], illegal: ['99', '600001', '8s'] },
};

describe.each(Object.keys(variables) as VariableName[])('%s', (name) => {
  const users = (Object.keys(roles) as Role[]).filter((role) =>
    Object.values(roles[role]).some((setting) => setting.variable === name),
  );
  const role = users[0];
  const { legal, illegal } = cases[name];

  it('is used by a role', () => expect(users).not.toEqual([]));

  it('takes legal values', () => {
    if (!role) throw new Error('no role');
    for (const value of legal)
      expect({ value, faults: faultsOf(role, { ...full, [name]: value }) }).toEqual({ value, faults: [] });
  });

  it('names itself when the value is illegal, in every role that uses it', () => {
    for (const user of users)
      for (const value of illegal)
        expect({ value, faults: faultsOf(user, { ...full, [name]: value }) }).toEqual({
          value,
          faults: [expect.stringMatching(new RegExp(`^${name}: must `)) as string],
        });
  });

  it('counts as unset when empty', () => {
    for (const user of users) {
      const [empty, absent] = [
        { ...full, [name]: '' },
        { ...full, [name]: undefined },
      ].map((environment) => faultsOf(user, mergeEnvironments(environment) as Record<string, string>));
      expect(empty).toEqual(absent);
    }
  });
});

describe('reading', () => {
  it('names every wrong variable at once', () => {
    const faults = faultsOf('receipt-api', {
      ...full,
      RECEIPT_API_PORT: 'x',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'nope',
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'LOG_LEVEL',
      'REDIS_URL',
      'RECEIPT_API_PORT',
    ]);
  });

  it('shows wrong plain values and hides wrong secrets', () => {
    const faults = faultsOf('receipt-api', { ...full, SECRET_KEY: 'hunter2', LOG_LEVEL: 'loud' }).join('\n');
    expect(faults).toContain('"loud"');
    expect(faults).not.toContain('hunter2');
  });

  it('refuses two doors on one port', () => {
    expect(faultsOf('farm', { CABINET_PORT: '8080' })).toEqual([
      'CABINET_PORT: 8080 is the port of RECEIPT_API_PORT too',
    ]);
  });

  it('decodes the key and trims the public address', () => {
    const settings = readSettings('receipt-api', { ...full, PUBLIC_BASE_URL: 'https://kkt.example/' });
    expect(settings.secretKey).toEqual(Buffer.alloc(32, 0xab));
    expect(settings.publicBaseUrl).toBe('https://kkt.example');
  });

  it('takes secrets from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kkt-config-'));
    try {
      const file = join(folder, 'key');
      writeFileSync(file, `${key}\n`);
      const { SECRET_KEY: _, ...rest } = full;
      expect(readSettings('worker', { ...rest, SECRET_KEY_FILE: file }).secretKey).toEqual(
        Buffer.alloc(32, 0xab),
      );
      expect(faultsOf('worker', { ...rest, SECRET_KEY_FILE: join(folder, 'none') })).toEqual([
        expect.stringMatching(/^SECRET_KEY_FILE: .*ENOENT/) as string,
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('prefers the environment over files, and files in their order', () => {
    expect(mergeEnvironments({ A: '1', B: '' }, { A: '2', B: '2' }, { B: '3', C: '3' })).toEqual({
      A: '1',
      B: '2',
      C: '3',
    });
  });
});

describe('.env.example', () => {
  const file = join(repository, '.env.example');

  it('is what the table of variables says (UPDATE_ENV_EXAMPLE=1 rewrites it)', () => {
    if (process.env.UPDATE_ENV_EXAMPLE) writeFileSync(file, renderEnvExample());
    expect(readFileSync(file, 'utf8')).toBe(renderEnvExample());
  });

  it('changes nothing when copied to .env', () => {
    expect(readSettings('farm', readEnvFile(file))).toEqual(readSettings('farm', {}));
  });

  it('shows the defaults when its lines are uncommented', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kkt-config-'));
    try {
      const copy = join(folder, '.env');
      writeFileSync(copy, readFileSync(file, 'utf8').replace(/^#([A-Z_]+=)/gm, '$1'));
      expect(readSettings('farm', mergeEnvironments(readEnvFile(copy)))).toEqual(readSettings('farm', {}));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
