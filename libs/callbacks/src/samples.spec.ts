import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { clientCallbackSecret, showCallbackSecret, signCallback } from './signature';

const folder = join(__dirname, '..', '..', '..', 'docs', 'api', 'examples', 'verify-callback');

const programs: [name: string, program: string, file: string][] = [
  ['JavaScript', process.execPath, 'verify.mjs'],
  ['Python', 'python3', 'verify.py'],
  ['PHP', 'php', 'verify.php'],
];

const body = '{"uuid":"2ea26f17-0884-4f08-b120-306fc096a58f","status":"done","text":"Чек «№ 1»"}';
const key = Buffer.alloc(32, 3);
const [current, previous, foreign] = [
  clientCallbackSecret(key, 'shop', 2),
  clientCallbackSecret(key, 'shop', 1),
  clientCallbackSecret(key, 'other'),
];

/** The samples of the documentation, run as they stand there. */
for (const [name, program, file] of programs) {
  const isThere = spawnSync(program, ['--version']).status === 0;
  const title = `verifying a signature in ${name}${isThere ? '' : ` (skipped: no ${program} on this machine)`}`;
  (isThere ? describe : describe.skip)(title, () => {
    const verify = (
      changes: {
        body?: string;
        secrets?: Buffer[];
        headers?: object;
        nowMs?: number;
        signedBy?: Buffer[];
      } = {},
    ): number | null => {
      const message = { id: 'receipt_1', body, nowMs: changes.nowMs ?? Date.now() };
      const headers: Record<string, string | undefined> = {
        ...signCallback(message, changes.signedBy ?? [current]),
        ...changes.headers,
      };
      const entries = Object.entries(headers).map(([header, value]) => [
        header.toUpperCase().replaceAll('-', '_'),
        value,
      ]);
      const shown = (changes.secrets ?? [current]).map(showCallbackSecret).join(' ');
      return spawnSync(program, [join(folder, file)], {
        input: changes.body ?? body,
        env: { PATH: process.env.PATH, ...Object.fromEntries(entries), SECRETS: shown },
      }).status;
    };

    it('takes what is ours, also while a secret is changed', () => {
      expect(verify()).toBe(0);
      expect(verify({ signedBy: [current, previous], secrets: [previous] })).toBe(0);
      expect(verify({ signedBy: [current], secrets: [previous, current] })).toBe(0);
    });

    it('refuses what is changed, old, foreign or unsigned', () => {
      expect(verify({ body: body.replace('done', 'fail') })).toBe(1);
      expect(verify({ nowMs: Date.now() - 600_000 })).toBe(1);
      expect(verify({ secrets: [foreign] })).toBe(1);
      expect(verify({ headers: { 'webhook-id': 'receipt_2' } })).toBe(1);
      expect(verify({ signedBy: [] })).toBe(1);
      expect(verify({ headers: { 'webhook-signature': 'v1,' } })).toBe(1);
    });
  });
}
