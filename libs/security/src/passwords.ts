import { hash, verify, type Options } from '@node-rs/argon2';
import { Limiter } from './limiter';

/** argon2id with OWASP's parameters: 46 MiB, one pass, one lane. (2 is argon2id; the library's enum is ambient.) */
const parameters: Options = { algorithm: 2, memoryCost: 47_104, timeCost: 1, parallelism: 1 };

/** Each run holds 46 MiB: two at a time, and a short queue behind them. */
const runs = new Limiter(2, 64);

/** Hash of nothing anybody knows: makes an unknown login as slow as a wrong password. */
let decoy: Promise<string> | undefined;

/** Encoded hash with its parameters and salt. Rejects with `SYS-BUSY` when too many wait. */
export const hashPassword = (password: string): Promise<string> => runs.run(() => hash(password, parameters));

/**
 * Checks a password; pass undefined as hash for an unknown login, the answer is then false and takes as long.
 * A hash that cannot be read counts as a wrong password. Rejects with `SYS-BUSY` when too many wait.
 */
export function verifyPassword(encodedHash: string | undefined, password: string): Promise<boolean> {
  return runs.run(async () => {
    decoy ??= hash(`decoy ${process.hrtime.bigint()}`, parameters);
    const isRight = await verify(encodedHash ?? (await decoy), password).catch(() => false);
    return isRight && encodedHash !== undefined;
  });
}

/** Whether the hash was made with weaker parameters than today's and should be renewed at the next login. */
export const needsRehash = (encodedHash: string): boolean =>
  !encodedHash.startsWith('$argon2id$v=19$m=47104,t=1,p=1$');
