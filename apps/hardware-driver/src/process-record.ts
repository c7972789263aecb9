import { hostname } from 'node:os';
import { FarmError, type Ids } from '@kkt/contracts';
import { identifyProcess } from '@kkt/embedded';
import type { DriverProcess } from '@kkt/storage';

/** `startedAt` of an identity is `<boot id>:<start tick>` on Linux. */
function split(startedAt: string): { bootId: string; startTicks: string } {
  const colon = startedAt.lastIndexOf(':');
  return colon < 0
    ? { bootId: '', startTicks: startedAt }
    : { bootId: startedAt.slice(0, colon), startTicks: startedAt.slice(colon + 1) };
}

/** Describes this process so that its successor can prove its death. */
export function thisProcess(driverId: string, ids: Ids): DriverProcess {
  const identity = identifyProcess(process.pid);
  if (!identity) throw new FarmError('SYS-PROCESS', 'Cannot tell the start time of this process');
  return { owner: ids.uuid(), driverId, host: hostname(), pid: process.pid, ...split(identity.startedAt) };
}

/**
 * True only when that process is certainly gone: it ran on this host in this boot (or in an earlier one) and the
 * kernel has no process with its number and start time. A process of another host is never called dead.
 */
export function isCertainlyDead(other: DriverProcess): boolean {
  const here = identifyProcess(process.pid);
  if (!here || other.host !== hostname()) return false;
  const own = split(here.startedAt);
  if (other.bootId !== own.bootId) return other.bootId !== '' && own.bootId !== '';
  const living = identifyProcess(other.pid);
  return !living || split(living.startedAt).startTicks !== other.startTicks;
}
