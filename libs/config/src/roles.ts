import type { ValueOf, VariableName } from './variables';

/** A setting of a role: the variable it comes from, and whether the role can live without it. */
interface Setting<N extends VariableName, O extends boolean> {
  readonly variable: N;
  readonly optional: O;
  /** Read when `variable` is unset. */
  readonly orElse?: VariableName;
}

const needs = <N extends VariableName>(variable: N): Setting<N, false> => ({ variable, optional: false });
const mayHave = <N extends VariableName>(variable: N): Setting<N, true> => ({ variable, optional: true });

const common = {
  logLevel: needs('LOG_LEVEL'),
  shutdownTimeoutMs: needs('SHUTDOWN_TIMEOUT_MS'),
};
const database = { databaseUrl: needs('DATABASE_URL'), databasePoolSize: needs('DATABASE_POOL_SIZE') };
const queue = { redisUrl: needs('REDIS_URL') };
const host = { host: needs('BIND_HOST') };
const secret = { secretKey: needs('SECRET_KEY') };
const callbackPolicy = { callbackAllowPrivate: needs('CALLBACK_ALLOW_PRIVATE') };
/** Only the processes that a receipt passes through. */
const failing = { failPoint: mayHave('FAIL_POINT') };
/** Where the reference operator's JSON API is, and which operator it is. */
const operatorApi = {
  ofdInn: needs('OFD_INN'),
  ofdApiKey: mayHave('OFD_API_KEY'),
  ofdPortalPort: needs('OFD_PORTAL_PORT'),
};
const payments = { paymentEmulatorUrl: mayHave('PAYMENT_EMULATOR_URL') };
/** The bank that takes cards for the farm itself. */
const acquirer = {
  acquirerUrl: mayHave('ACQUIRER_URL'),
  acquirerUser: mayHave('ACQUIRER_USER'),
  acquirerPassword: mayHave('ACQUIRER_PASSWORD'),
};
/** Gateways of notifications; a channel without one goes to the mailbox page. */
const gateways = {
  smtpUrl: mayHave('SMTP_URL'),
  mailFrom: needs('MAIL_FROM'),
  smsGatewayUrl: mayHave('SMS_GATEWAY_URL'),
  smsGatewayKey: mayHave('SMS_GATEWAY_KEY'),
  telegramBotToken: mayHave('TELEGRAM_BOT_TOKEN'),
  telegramApiUrl: needs('TELEGRAM_API_URL'),
  voiceGatewayUrl: mayHave('VOICE_GATEWAY_URL'),
  voiceGatewayKey: mayHave('VOICE_GATEWAY_KEY'),
};
const proxies = { trustedProxies: needs('TRUSTED_PROXIES') };
const publicAddress = { publicBaseUrl: needs('PUBLIC_BASE_URL') };

/** Which settings each process gets, by the names code uses. A process sees no variable it has no use for. */
export const roles = {
  'receipt-api': {
    ...common,
    ...failing,
    ...database,
    ...queue,
    ...host,
    ...secret,
    ...publicAddress,
    ...callbackPolicy,
    ...payments,
    ...proxies,
    atolRequestsPerS: needs('ATOL_REQUESTS_PER_S'),
    atolClientRequestsPerS: needs('ATOL_CLIENT_REQUESTS_PER_S'),
    atolReportPollsPerS: needs('ATOL_REPORT_POLLS_PER_S'),
    apiRequestsPerS: needs('API_REQUESTS_PER_S'),
    apiClientRequestsPerS: needs('API_CLIENT_REQUESTS_PER_S'),
    port: needs('RECEIPT_API_PORT'),
  },
  'hardware-driver': {
    ...common,
    ...failing,
    ...database,
    ...queue,
    ...host,
    ...secret,
    port: needs('DRIVER_PORT'),
    driverId: needs('DRIVER_ID'),
    readings: needs('READINGS'),
  },
  'ofd-relay': {
    ...common,
    ...failing,
    ...database,
    ...queue,
    ...host,
    port: needs('RELAY_PORT'),
    answerTimeoutMs: needs('OFD_ANSWER_TIMEOUT_MS'),
    ratePerOperatorS: needs('OFD_MESSAGES_PER_S'),
  },
  worker: {
    ...common,
    ...failing,
    ...database,
    ...queue,
    ...host,
    ...secret,
    ...publicAddress,
    ...callbackPolicy,
    ...operatorApi,
    ...payments,
    ...acquirer,
    ...gateways,
    plantMonitorUrl: mayHave('PLANT_MONITOR_URL'),
    zabbixServer: mayHave('ZABBIX_SERVER'),
    syntheticEveryS: needs('SYNTHETIC_EVERY_S'),
    consoleBaseUrl: needs('CONSOLE_BASE_URL'),
    cabinetBaseUrl: needs('CABINET_BASE_URL'),
    receiptsKeptDays: needs('RECEIPTS_KEPT_DAYS'),
    port: needs('WORKER_PORT'),
  },
  ofd: {
    ...common,
    ...host,
    databasePoolSize: needs('DATABASE_POOL_SIZE'),
    databaseUrl: { ...needs('OFD_DATABASE_URL'), orElse: 'DATABASE_URL' },
    ...proxies,
    portalPort: needs('OFD_PORTAL_PORT'),
    tcpPort: needs('OFD_TCP_PORT'),
    operatorInn: needs('OFD_INN'),
    operatorName: needs('OFD_NAME'),
    apiKey: mayHave('OFD_API_KEY'),
    openPortal: needs('OFD_OPEN_PORTAL'),
    faults: needs('OFD_FAULTS'),
  },
  'admin-console': {
    ...common,
    ...database,
    ...queue,
    ...host,
    ...secret,
    ...publicAddress,
    ...proxies,
    port: needs('CONSOLE_PORT'),
    mailboxOpen: needs('MAILBOX_OPEN'),
    emulatorPanel: needs('EMULATOR_PANEL'),
    emulatorControlPort: needs('EMULATOR_CONTROL_PORT'),
    ofdPortalPort: needs('OFD_PORTAL_PORT'),
  },
  'rental-cabinet': {
    ...common,
    ...database,
    ...queue,
    ...host,
    ...secret,
    ...publicAddress,
    ...operatorApi,
    ...proxies,
    ...payments,
    ...acquirer,
    port: needs('CABINET_PORT'),
    cabinetBaseUrl: needs('CABINET_BASE_URL'),
  },
  emulator: {
    ...common,
    ...host,
    controlPort: needs('EMULATOR_CONTROL_PORT'),
    tcpBasePort: needs('EMULATOR_TCP_BASE_PORT'),
    dataDir: needs('DATA_DIR'),
  },
  /** Command-line tools beside a running farm: migrations, seed, demo receipt, reconciliation, bench. */
  tool: {
    ...common,
    ...database,
    ...queue,
    ...secret,
    ...host,
    ...publicAddress,
    seedDemo: needs('SEED_DEMO'),
    ...operatorApi,
    receiptApiPort: needs('RECEIPT_API_PORT'),
    ofdTcpPort: needs('OFD_TCP_PORT'),
    emulatorControlPort: needs('EMULATOR_CONTROL_PORT'),
    emulatorTcpBasePort: needs('EMULATOR_TCP_BASE_PORT'),
    driverId: needs('DRIVER_ID'),
    dataDir: needs('DATA_DIR'),
  },
  /** `npm start`: the supervisor, which makes what is missing and hands it to the others. */
  farm: {
    ...common,
    ...host,
    ...publicAddress,
    databaseUrl: mayHave('DATABASE_URL'),
    redisUrl: mayHave('REDIS_URL'),
    secretKey: mayHave('SECRET_KEY'),
    dataDir: needs('DATA_DIR'),
    seedDemo: needs('SEED_DEMO'),
    receiptApiPort: needs('RECEIPT_API_PORT'),
    cabinetPort: needs('CABINET_PORT'),
    consolePort: needs('CONSOLE_PORT'),
    ofdPortalPort: needs('OFD_PORTAL_PORT'),
    ofdTcpPort: needs('OFD_TCP_PORT'),
    driverPort: needs('DRIVER_PORT'),
    relayPort: needs('RELAY_PORT'),
    workerPort: needs('WORKER_PORT'),
    emulatorControlPort: needs('EMULATOR_CONTROL_PORT'),
    emulatorTcpBasePort: needs('EMULATOR_TCP_BASE_PORT'),
    postgresPort: needs('EMBEDDED_POSTGRES_PORT'),
    redisPort: needs('EMBEDDED_REDIS_PORT'),
  },
} as const;

export type Role = keyof typeof roles;

type SettingValue<S> =
  S extends Setting<infer N, infer O> ? (O extends true ? ValueOf<N> | undefined : ValueOf<N>) : never;

/** What the process of this role is given: read once, checked, frozen. */
export type Settings<R extends Role> = {
  readonly [K in keyof (typeof roles)[R]]: SettingValue<(typeof roles)[R][K]>;
};
