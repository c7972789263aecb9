import type { Clock, Log, Timer } from '@kkt/contracts';
import { apiKeyHash, apiKeyId, isInNetworks } from '@kkt/security';
import type { ApiKeyRow, ApiKeyStore, ApiKeyUse } from '@kkt/storage';
import { TtlCache } from '../../access/ttl-cache';
import type { Principal } from './scopes';

const maxKeys = 20_000;
/** How late the journal of uses may be. */
const noteEveryMs = 10_000;

/**
 * Keys as the doors ask for them: from memory for a few seconds, then from the database; a revoked key is refused
 * within that time. The last use of each is written now and then, not at every request.
 */
export class KeyRing {
  private readonly rows: TtlCache<ApiKeyRow | undefined>;
  private readonly uses = new Map<string, ApiKeyUse>();
  private timer: Timer | undefined;

  constructor(
    private readonly store: Pick<ApiKeyStore, 'byHash' | 'noteUses'>,
    private readonly clock: Clock,
    private readonly log: Log,
    ttlMs: number,
  ) {
    this.rows = new TtlCache(clock, ttlMs, maxKeys, (hash) => store.byHash(Buffer.from(hash, 'base64')));
  }

  /**
   * Who the key belongs to, and whether it may be used from there; undefined when it is none, or may not be used any
   * more.
   */
  async principal(text: string, from: string): Promise<(Principal & { isHere: boolean }) | undefined> {
    if (apiKeyId(text) === undefined) return undefined;
    const row = await this.rows.get(apiKeyHash(text).toString('base64'));
    if (!row || row.revokedAt) return undefined;
    if (row.expiresAt && row.expiresAt.getTime() <= this.clock.nowMs()) return undefined;
    const isHere = row.allowedFrom.length === 0 || isInNetworks(from, row.allowedFrom);
    // A use from elsewhere is none: the journal shows where the key was really used.
    if (isHere) this.note({ id: row.id, at: new Date(this.clock.nowMs()), from });
    return {
      keyId: row.id,
      keyName: row.name,
      clientId: row.clientId,
      scopes: row.scopes,
      groupCode: row.groupCode,
      allowedFrom: row.allowedFrom,
      isHere,
    };
  }

  private note(use: ApiKeyUse): void {
    this.uses.set(use.id, use);
    this.timer ??= this.clock.setTimer(noteEveryMs, () => void this.flush());
  }

  /** Writes what is not written yet. A failure costs the note, nothing else. */
  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    const uses = [...this.uses.values()];
    this.uses.clear();
    if (uses.length === 0) return;
    await this.store
      .noteUses(uses)
      .catch((error: unknown) => this.log.warn({ err: error }, 'uses of keys not noted'));
  }
}
