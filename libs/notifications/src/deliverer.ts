import { type Clock, FarmError, type Log, type Random } from '@kkt/contracts';
import type { DueNotification, NotificationOutcome, NotificationStore } from '@kkt/storage';
import { type FileGenerators, loadFiles } from './files';
import type { Gateways, OutwardChannel } from './gateways/from-settings';
import { isFinal } from './gateways/gateway';
import { isAddress } from './notify';

/** How much of a channel is used. Calls and SMS cost money and nerves, so a fault of ours must not send thousands. */
export interface ChannelLimits {
  parallel: number;
  perMinute: number;
  /** To one address. */
  perAddressHour: number;
}

export const standardLimits: Readonly<Record<OutwardChannel, ChannelLimits>> = {
  email: { parallel: 6, perMinute: 600, perAddressHour: 200 },
  sms: { parallel: 4, perMinute: 60, perAddressHour: 20 },
  telegram: { parallel: 4, perMinute: 60, perAddressHour: 60 },
  voice: { parallel: 2, perMinute: 10, perAddressHour: 6 },
};

/** Waits before the 2nd, 3rd… attempt, seconds; the last one repeats until the message expires. */
const delaysS = [5, 20, 60, 180, 600, 1_800, 3_600] as const;
const leaseS = 90;
const heldBackS = 60;

export interface NotificationDelivererPorts {
  clock: Clock;
  random: Random;
  log: Log;
  store: Pick<NotificationStore, 'claimDue' | 'record' | 'file' | 'addressOf'>;
  gateways: Gateways;
  generators?: FileGenerators;
  limits?: Readonly<Record<OutwardChannel, ChannelLimits>>;
}

export interface NotificationStats {
  sent: number;
  failed: number;
  gaveUp: number;
  heldBack: number;
}

/**
 * Sends what is in the outbox: at least once, with the same message id at each repeat, until it is taken or of no use any
 * more. Several workers may run it: each message is claimed by one.
 */
export class NotificationDeliverer {
  private readonly counts: NotificationStats = { sent: 0, failed: 0, gaveUp: 0, heldBack: 0 };
  private readonly begun = new Map<OutwardChannel, number[]>();
  private readonly aborting = new AbortController();

  constructor(private readonly ports: NotificationDelivererPorts) {}

  stats(): NotificationStats {
    return { ...this.counts };
  }

  /** One turn over all channels, each for itself. True when more is due at once. */
  async turn(): Promise<boolean> {
    const channels = Object.keys(this.ports.gateways) as OutwardChannel[];
    const more = await Promise.all(channels.map((channel) => this.turnOf(channel)));
    return more.includes(true);
  }

  /** Running attempts end; their messages are due again when the lease ends. */
  stop(): void {
    this.aborting.abort();
  }

  private async turnOf(channel: OutwardChannel): Promise<boolean> {
    const limits = (this.ports.limits ?? standardLimits)[channel];
    const room = Math.min(limits.parallel, limits.perMinute - this.sentLastMinute(channel).length);
    if (room <= 0 || this.aborting.signal.aborted) return false;
    const rows = await this.ports.store.claimDue(channel, room, leaseS);
    await Promise.all(rows.map((row) => this.deliver(row, channel, limits)));
    return rows.length === room;
  }

  private async deliver(row: DueNotification, channel: OutwardChannel, limits: ChannelLimits): Promise<void> {
    const outcome = await this.attempt(row, channel, limits);
    if (outcome) await this.ports.store.record(outcome);
    if (outcome) this.tell(row, outcome);
  }

  private async attempt(
    row: DueNotification,
    channel: OutwardChannel,
    limits: ChannelLimits,
  ): Promise<NotificationOutcome | undefined> {
    const { id } = row;
    if (row.leftS <= 0) return { id, state: 'failed', error: 'it came too late to be of use' };
    if (row.sentLastHour >= limits.perAddressHour)
      return {
        id,
        state: 'pending',
        error: 'too many to this address',
        retryInS: heldBackS,
        isAttempt: false,
      };
    const gateway = this.ports.gateways[channel];
    try {
      const address = row.address ?? (await this.addressOf(row, channel));
      // The mailbox takes also what has no address: then nobody was entered for the role yet, and that is to be seen.
      if (gateway.name === 'mailbox')
        return { id, state: 'sent', gateway: 'mailbox', address: address ?? null };
      if (address === undefined) return this.again(row, 'no address is known');
      if (!isAddress(channel, address)) return { id, state: 'failed', error: `no address for ${channel}` };
      const files = await loadFiles(row.attachments, this.ports.store, this.ports.generators ?? {});
      this.sentLastMinute(channel).push(this.ports.clock.monotonicMs());
      const { subject, body } = row;
      await gateway.send({ id, address, subject, body, files }, this.aborting.signal);
      return { id, state: 'sent', gateway: gateway.name, address };
    } catch (error) {
      if (this.aborting.signal.aborted) return undefined;
      if (!(error instanceof FarmError)) return this.again(row, (error as Error).message);
      if (isFinal(error)) return { id, state: 'failed', error: error.message };
      return this.again(row, error.message, Number(error.context.retryAfterS ?? 0));
    }
  }

  private again(row: DueNotification, error: string, notBeforeS = 0): NotificationOutcome {
    const delayS = delaysS[Math.min(row.attempts, delaysS.length - 1)] ?? 3_600;
    const retryInS = Math.max(notBeforeS, delayS * (0.9 + 0.2 * this.ports.random.next()));
    if (retryInS >= row.leftS) return { id: row.id, state: 'failed', error };
    return { id: row.id, state: 'pending', error, retryInS, isAttempt: true };
  }

  private addressOf(row: DueNotification, channel: OutwardChannel): Promise<string | undefined> {
    return this.ports.store.addressOf({ kind: row.recipientKind, id: row.recipientId }, channel);
  }

  /** Moments of the last minute's attempts; what is older is forgotten. */
  private sentLastMinute(channel: OutwardChannel): number[] {
    const since = this.ports.clock.monotonicMs() - 60_000;
    const kept = (this.begun.get(channel) ?? []).filter((atMs) => atMs > since);
    this.begun.set(channel, kept);
    return kept;
  }

  private tell(row: DueNotification, outcome: NotificationOutcome): void {
    const fields = { notificationId: row.id, kind: row.kind, channel: row.channel };
    if (outcome.state === 'sent') {
      this.counts.sent++;
      return this.ports.log.debug({ ...fields, gateway: outcome.gateway }, 'notification sent');
    }
    if (outcome.state === 'failed') {
      this.counts.gaveUp++;
      return this.ports.log.warn({ ...fields, error: outcome.error }, 'notification given up');
    }
    if (outcome.isAttempt) this.counts.failed++;
    else this.counts.heldBack++;
    this.ports.log.info({ ...fields, error: outcome.error }, 'notification will be tried again');
  }
}
