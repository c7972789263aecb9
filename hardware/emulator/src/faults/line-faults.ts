import type { FaultBox } from './fault-box';

type Direction = 'in' | 'out';

const goes = (fault: { direction: Direction | 'both' }, direction: Direction): boolean =>
  fault.direction === 'both' || fault.direction === direction;

/** What the line does to bytes on their way. Returns the same buffer when no fault is in force. */
export function spoil(faults: FaultBox, bytes: Buffer, direction: Direction): Buffer {
  if (faults.isEmpty) return bytes;
  let spoiled = bytes;
  const flip = faults.find('bitFlip');
  if (flip && goes(flip, direction)) spoiled = flipBits(faults, spoiled, flip.rate);
  const drop = faults.find('dropBytes');
  if (drop && goes(drop, direction)) spoiled = dropSome(faults, spoiled, drop.rate);
  const double = faults.find('duplicateBytes');
  if (double && goes(double, direction)) spoiled = doubleSome(faults, spoiled, double.rate);
  const noise = faults.find('noise');
  if (noise && goes(noise, direction) && faults.chance(noise.rate)) {
    faults.take('noise');
    const junk = Buffer.from(Array.from({ length: noise.bytes }, () => faults.randomByte()));
    spoiled = Buffer.concat([junk, spoiled]);
  }
  return spoiled;
}

function flipBits(faults: FaultBox, bytes: Buffer, rate: number): Buffer {
  let changed: Buffer | undefined;
  for (let at = 0; at < bytes.length; at += 1) {
    if (!faults.chance(rate) || !faults.take('bitFlip')) continue;
    changed ??= Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << (faults.randomByte() & 7));
  }
  return changed ?? bytes;
}

function dropSome(faults: FaultBox, bytes: Buffer, rate: number): Buffer {
  return bytes.filter(() => !(faults.chance(rate) && faults.take('dropBytes'))) as Buffer;
}

function doubleSome(faults: FaultBox, bytes: Buffer, rate: number): Buffer {
  const out: number[] = [];
  for (const byte of bytes) {
    out.push(byte);
    if (faults.chance(rate) && faults.take('duplicateBytes')) out.push(byte);
  }
  return Buffer.from(out);
}
