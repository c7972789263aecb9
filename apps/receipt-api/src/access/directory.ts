import type { Clock } from '@kkt/contracts';
import type { GroupFacts } from '@kkt/domain';
import { isTokenShaped, tokenHash } from '@kkt/security';
import type { ApiToken, DirectoryStore, RegisterGroup } from '@kkt/storage';
import { TtlCache } from './ttl-cache';

/** A group of registers with what the domain needs of it. */
export interface KnownGroup {
  group: RegisterGroup;
  facts: GroupFacts;
}

const factsOf = (group: RegisterGroup): GroupFacts => ({
  inn: group.inn,
  ffd: group.ffd,
  taxSystems: group.taxSystems,
  defaultTaxSystem: group.defaultTaxSystem,
  place: group.paymentAddress,
  address: group.address,
  senderEmail: group.senderEmail,
});

const maxKeys = 20_000;
const maxCodeLength = 64;

/**
 * Tokens and groups as the hot path asks for them: from memory for a few seconds, then from the database. A blocked
 * login or a moved register is noticed within that time.
 */
export class Directory {
  private readonly tokens: TtlCache<ApiToken | undefined>;
  private readonly groups: TtlCache<KnownGroup | undefined>;
  private readonly drivers: TtlCache<string[]>;
  private readonly registers: TtlCache<number>;

  constructor(
    store: Pick<DirectoryStore, 'tokenByHash' | 'groupByCode' | 'driversOfGroup' | 'registersOfGroup'>,
    clock: Clock,
    ttlMs: number,
  ) {
    this.tokens = new TtlCache(clock, ttlMs, maxKeys, (hash) =>
      store.tokenByHash(Buffer.from(hash, 'base64')),
    );
    this.groups = new TtlCache(clock, ttlMs, maxKeys, async (code) => {
      const group = await store.groupByCode(code);
      return group && { group, facts: factsOf(group) };
    });
    this.drivers = new TtlCache(clock, ttlMs, maxKeys, (id) => store.driversOfGroup(Number(id)));
    this.registers = new TtlCache(clock, ttlMs, maxKeys, (id) => store.registersOfGroup(Number(id)));
  }

  /** Keys of the memory are hashes: the token itself is kept nowhere. */
  token(token: string): ApiToken | undefined | Promise<ApiToken | undefined> {
    if (!isTokenShaped(token)) return undefined;
    return this.tokens.get(tokenHash(token).toString('base64'));
  }

  group(code: string): KnownGroup | undefined | Promise<KnownGroup | undefined> {
    if (code.length > maxCodeLength) return undefined;
    return this.groups.get(code);
  }

  driversOf(groupId: number): string[] | Promise<string[]> {
    return this.drivers.get(String(groupId));
  }

  /** How many registers serve the group. */
  registersOf(groupId: number): number | Promise<number> {
    return this.registers.get(String(groupId));
  }
}
