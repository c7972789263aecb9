import type { Socket } from 'node:net';
import { sleep, type Clock, type Random } from '@kkt/contracts';
import {
  decodeContainer,
  decodeSessionHeader,
  encodeContainer,
  orThrow,
  SESSION_HEADER_BYTES,
  wrapContainer,
} from '@kkt/ofd-protocol';
import type { Fault } from './faults';

interface World {
  clock: Clock;
  random: Random;
}

/** Writes the answer, damaged or delayed as the fault says; resolves when the bytes are handed to the system. */
export async function sendWithFault(
  socket: Socket,
  answer: Buffer,
  fault: Fault | undefined,
  world: World,
): Promise<void> {
  if (socket.destroyed) return;
  switch (fault?.mode) {
    case 'lose-answer':
      return;
    case 'cut-answer':
      await write(socket, answer.subarray(0, answer.length >> 1));
      socket.resetAndDestroy();
      return;
    case 'drip':
      for (const byte of answer) {
        if (socket.destroyed) return;
        await write(socket, Buffer.of(byte));
        await sleep(world.clock, fault.delayMs ?? 20);
      }
      return;
    case 'garbage':
      return write(socket, Buffer.from(answer.map(() => Math.floor(world.random.next() * 256))));
    case 'wrong-fd':
      return write(socket, aboutNextDocument(answer));
    case 'delay':
      await sleep(world.clock, fault.delayMs ?? 1000);
      return write(socket, answer);
    default:
      return write(socket, answer);
  }
}

/** The same answer, its container about the next FD number: right checksums, wrong document. */
function aboutNextDocument(answer: Buffer): Buffer {
  const header = orThrow(decodeSessionHeader(answer));
  if (!header.hasContainer) return answer;
  const container = orThrow(decodeContainer(answer.subarray(SESSION_HEADER_BYTES)));
  const moved = encodeContainer({
    ...container,
    fdNumber: container.fdNumber + 1,
    service: { data1: container.service1, data2: container.service2 },
  });
  return wrapContainer(moved, header);
}

const write = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed || socket.writableEnded) return resolve();
    socket.once('close', resolve);
    socket.write(bytes, () => {
      socket.off('close', resolve);
      resolve();
    });
  });
