import {
  encodeFrame,
  encodeReq,
  encodeV2Control,
  FrameParser,
  LAST_PACKET_ID,
  V2Parser,
} from '@kkt/atol-protocol';
import { FarmError, type Clock, type Log, type Random } from '@kkt/contracts';
import type { DeviceIdentity } from './device';
import type { KnownModel, ModelList } from './model-list';
import type { WireAddress } from './transports/address';
import { wireTo } from './transports/open-wire';
import { probe } from './transports/prober';
import { BAUD_RATES, type Wire } from './transports/wire';
import { AtolDevice } from './vendors/atol/atol.device';

export interface DiscoveryOptions {
  clock: Clock;
  random: Random;
  log: Log;
  signal: AbortSignal;
  /** Makes the wire to an address; the default opens real ports. */
  wire?: (address: WireAddress) => Wire;
  /** How long one speed is listened to. Default 400. */
  limitMs?: number;
  /** Names the models found; without it every model stays unnamed. */
  models?: ModelList;
}

/** What stands behind an address. */
export interface Discovered {
  /** With the speed at which it answers. */
  address: WireAddress;
  protocol: 'v3' | 'v2';
  identity: DeviceIdentity;
  /** Absent: no model of the list has this code. */
  model?: KnownModel;
}

/** Why nothing was found: the error of the last try, `WIRE-NO-DEVICE` when all stayed silent. */
export interface NotFound {
  reason: FarmError;
  /** Speeds tried; empty for TCP. */
  baudRates: number[];
}

/** More controls than this in a row are noise. */
const MAX_V2_CONTROLS = 3;

const isAnswer = (reply: Buffer, packetId: number): boolean =>
  new FrameParser()
    .push(reply)
    .some((event) => event.type === 'frame' && event.id === packetId && event.data.length > 0);

/** ACK, NAK or an ENQ of its own: all a v2 device can say to ENQ. */
function isV2Answer(reply: Buffer): boolean {
  const events = new V2Parser().push(reply);
  return (
    events.length > 0 &&
    events.length <= MAX_V2_CONTROLS &&
    events.every((event) => event.type === 'control' && event.control !== 'eot')
  );
}

/**
 * Which transport the device behind an open wire speaks. Both questions are harmless: ENQ (v2, taken back by EOT) and the
 * state of a task (v3); at a wrong speed they are noise to the device, and its answer is noise to us. ENQ goes first: to v3
 * it is a stray byte, while a v3 frame may leave a v2 device waiting for the end of a message that never comes.
 */
async function protocolOf(wire: Wire, options: DiscoveryOptions): Promise<'v3' | 'v2' | undefined> {
  const { clock, random, limitMs } = options;
  const ask = (bytes: Buffer): Promise<Buffer> => probe(wire, bytes, { clock, limitMs });
  if (isV2Answer(await ask(encodeV2Control('enq')))) {
    wire.write(encodeV2Control('eot'));
    return 'v2';
  }
  const packetId = Math.floor(random.next() * (LAST_PACKET_ID + 1));
  return isAnswer(await ask(encodeFrame(packetId, encodeReq(0))), packetId) ? 'v3' : undefined;
}

/** One address at one speed. */
async function tryAddress(address: WireAddress, options: DiscoveryOptions): Promise<Discovered | undefined> {
  const { clock, random, log, signal } = options;
  const makeWire = options.wire ?? ((to) => wireTo(to, clock));
  const wire = makeWire(address);
  await wire.open(signal);
  let protocol: 'v3' | 'v2' | undefined;
  try {
    protocol = await protocolOf(wire, options);
  } finally {
    await wire.close();
  }
  if (!protocol) return undefined;
  const device = new AtolDevice({ wire: makeWire(address), protocol, clock, random, log });
  try {
    await device.connect(signal);
    const identity = await device.identity();
    const model = options.models?.of(identity.modelCode);
    return { address, protocol, identity, ...(model ? { model } : {}) };
  } finally {
    await device.disconnect();
  }
}

/**
 * Finds out who is behind an address; on a serial port of unknown speed every usual one is tried, the likeliest first.
 * A port held by somebody else ends the search: its owner must not be disturbed.
 */
export async function discover(
  address: WireAddress,
  options: DiscoveryOptions,
): Promise<Discovered | NotFound> {
  const isSerial = address.kind === 'serial';
  const rates = isSerial ? (address.baudRate === undefined ? [...BAUD_RATES] : [address.baudRate]) : [];
  const tries: WireAddress[] = isSerial ? rates.map((baudRate) => ({ ...address, baudRate })) : [address];
  let reason = new FarmError('WIRE-NO-DEVICE', 'Nobody answers in a known protocol');
  for (const at of tries) {
    options.signal.throwIfAborted();
    try {
      const found = await tryAddress(at, options);
      if (found) return found;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof FarmError)) throw error;
      reason = error;
      if (error.code === 'WIRE-PORT-BUSY' || error.code === 'WIRE-OPEN') break;
    }
  }
  return { reason, baudRates: rates };
}
