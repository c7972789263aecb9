import { join } from 'node:path';
import type { Settings } from '@kkt/config';

type FarmSettings = Settings<'farm'>;

/** A door for people or machines, shown in the table at the end of the start. */
export interface Door {
  readonly title: string;
  readonly address: string;
}

/** One process of the farm. */
export interface ProcessDefinition {
  readonly name: string;
  /** Compiled program below dist/, without `.js`. */
  readonly entry: string;
  /** Processes of one stage start together; the next stage waits for them. Stopped in reverse. */
  readonly stage: number;
  readonly args?: (settings: FarmSettings, dataDir: string) => readonly string[];
  readonly healthPort: (settings: FarmSettings) => number;
  /** The variables that move its ports, for the message when one is busy. */
  readonly ports: (settings: FarmSettings) => readonly { port: number; variable: string }[];
  readonly doors: (settings: FarmSettings, host: string) => readonly Door[];
}

const http = (host: string, port: number, path = '/'): string => `http://${host}:${port}${path}`;

/** The farm in the order of its start: hardware and operator, then the receipt's way, then people's doors. */
export const processes: readonly ProcessDefinition[] = [
  {
    name: 'emulator',
    entry: 'hardware/emulator/src/main',
    stage: 1,
    args: (s, dataDir) => [
      `--data=${join(dataDir, 'emulator')}`,
      '--fresh-fns',
      '--series=own',
      `--tcp-base-port=${s.emulatorTcpBasePort}`,
      `--control-port=${s.emulatorControlPort}`,
    ],
    healthPort: (s) => s.emulatorControlPort,
    ports: (s) => [
      { port: s.emulatorControlPort, variable: 'EMULATOR_CONTROL_PORT' },
      { port: s.emulatorTcpBasePort, variable: 'EMULATOR_TCP_BASE_PORT' },
    ],
    doors: (s, host) => [
      { title: 'Emulated registers: control', address: http(host, s.emulatorControlPort) },
    ],
  },
  {
    name: 'ofd',
    entry: 'apps/ofd/src/main',
    stage: 1,
    healthPort: (s) => s.ofdPortalPort,
    ports: (s) => [
      { port: s.ofdPortalPort, variable: 'OFD_PORTAL_PORT' },
      { port: s.ofdTcpPort, variable: 'OFD_TCP_PORT' },
    ],
    doors: (s, host) => [{ title: 'Operator’s receipt portal', address: http(host, s.ofdPortalPort) }],
  },
  {
    name: 'receipt-api',
    entry: 'apps/receipt-api/src/main',
    stage: 2,
    healthPort: (s) => s.receiptApiPort,
    ports: (s) => [{ port: s.receiptApiPort, variable: 'RECEIPT_API_PORT' }],
    doors: (s, host) => [
      { title: 'Receipt API (ATOL v4/v5, v1)', address: http(host, s.receiptApiPort) },
      { title: 'Service status', address: http(host, s.receiptApiPort, '/status') },
      { title: 'API reference (own API v1)', address: http(host, s.receiptApiPort, '/v1/docs') },
    ],
  },
  {
    name: 'hardware-driver',
    entry: 'apps/hardware-driver/src/main',
    stage: 2,
    healthPort: (s) => s.driverPort,
    ports: (s) => [{ port: s.driverPort, variable: 'DRIVER_PORT' }],
    doors: () => [],
  },
  {
    name: 'ofd-relay',
    entry: 'apps/ofd-relay/src/main',
    stage: 2,
    healthPort: (s) => s.relayPort,
    ports: (s) => [{ port: s.relayPort, variable: 'RELAY_PORT' }],
    doors: () => [],
  },
  {
    name: 'worker',
    entry: 'apps/worker/src/main',
    stage: 2,
    healthPort: (s) => s.workerPort,
    ports: (s) => [{ port: s.workerPort, variable: 'WORKER_PORT' }],
    doors: () => [],
  },
  {
    name: 'admin-console',
    entry: 'apps/admin-console/server/src/main',
    stage: 3,
    healthPort: (s) => s.consolePort,
    ports: (s) => [{ port: s.consolePort, variable: 'CONSOLE_PORT' }],
    doors: (s, host) => [
      { title: 'Console of engineers', address: http(host, s.consolePort) },
      { title: 'Mailbox (mail, SMS, calls of the demo)', address: http(host, s.consolePort, '/mailbox') },
    ],
  },
  {
    name: 'rental-cabinet',
    entry: 'apps/rental-cabinet/server/src/main',
    stage: 3,
    healthPort: (s) => s.cabinetPort,
    ports: (s) => [{ port: s.cabinetPort, variable: 'CABINET_PORT' }],
    doors: (s, host) => [{ title: 'Rental cabinet of clients', address: http(host, s.cabinetPort) }],
  },
];
