import { closeSync, constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';
import { FarmError } from '@kkt/contracts';

/** `struct termios` of Linux fits in this on every architecture Node runs on. */
const TERMIOS_BYTES = 128;
const NAME_BYTES = 128;
const TCSANOW = 0;

interface LibC {
  grantpt(fd: number): number;
  unlockpt(fd: number): number;
  ptsname_r(fd: number, name: Buffer, size: number): number;
  tcgetattr(fd: number, termios: Buffer): number;
  tcsetattr(fd: number, when: number, termios: Buffer): number;
  cfmakeraw(termios: Buffer): void;
}

let loaded: LibC | undefined;

function libc(): LibC {
  if (loaded) return loaded;
  const library = koffi.load('libc.so.6');
  loaded = {
    grantpt: library.func('int grantpt(int fd)') as LibC['grantpt'],
    unlockpt: library.func('int unlockpt(int fd)') as LibC['unlockpt'],
    ptsname_r: library.func('int ptsname_r(int fd, _Out_ uint8_t *name, size_t size)') as LibC['ptsname_r'],
    tcgetattr: library.func('int tcgetattr(int fd, _Out_ uint8_t *termios)') as LibC['tcgetattr'],
    tcsetattr: library.func('int tcsetattr(int fd, int when, _In_ uint8_t *termios)') as LibC['tcsetattr'],
    cfmakeraw: library.func('void cfmakeraw(_Inout_ uint8_t *termios)') as LibC['cfmakeraw'],
  };
  return loaded;
}

const need = (what: string, result: number): void => {
  if (result !== 0) throw new FarmError('SYS-PTY', 'The system refused a pseudo-terminal', { what, result });
};

/**
 * A pseudo-terminal pair in raw mode: the program holds the master, a host opens `path` like any serial port.
 * One descriptor of the slave is kept open, else the master would fail whenever no host has it open.
 */
export class Pty {
  readonly path: string;
  private readonly slave: number;
  private readonly stream: ReadStream;

  constructor(onData: (bytes: Buffer) => void) {
    const system = libc();
    const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      need('grantpt', system.grantpt(master));
      need('unlockpt', system.unlockpt(master));
      const name = Buffer.alloc(NAME_BYTES);
      need('ptsname_r', system.ptsname_r(master, name, name.length));
      this.path = name.toString('latin1', 0, name.indexOf(0));
      this.slave = openSync(this.path, constants.O_RDWR | constants.O_NOCTTY);
      const termios = Buffer.alloc(TERMIOS_BYTES);
      need('tcgetattr', system.tcgetattr(this.slave, termios));
      system.cfmakeraw(termios);
      need('tcsetattr', system.tcsetattr(this.slave, TCSANOW, termios));
    } catch (error) {
      closeSync(master);
      throw error;
    }
    this.stream = new ReadStream(master);
    this.stream.on('data', onData);
    // The master fails when the slave is gone: that is our own `close`.
    this.stream.on('error', () => undefined);
  }

  write(bytes: Buffer): void {
    if (!this.stream.destroyed) this.stream.write(bytes);
  }

  /** Hang-up: a host that has the port open sees it end. */
  close(): void {
    this.stream.destroy();
    closeSync(this.slave);
  }
}
