// Is this result callback ours? Exit code 0: yes. Body on stdin, headers and secrets in the environment.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** @param {Buffer} rawBody the bytes as they came, before any JSON parser */
export function isGenuine(headers, rawBody, secrets, nowS = Date.now() / 1000) {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d+$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > 300) return false;
  const given = (headers['webhook-signature'] ?? '').split(' ').filter((one) => one.startsWith('v1,'));
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const right = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest();
    return given.some((one) => {
      const bytes = Buffer.from(one.slice(3), 'base64');
      return bytes.length === right.length && timingSafeEqual(bytes, right);
    });
  });
}

const headers = Object.fromEntries(
  ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
    name,
    process.env[name.toUpperCase().replaceAll('-', '_')],
  ]),
);
process.exit(isGenuine(headers, readFileSync(0), (process.env.SECRETS ?? '').split(' ')) ? 0 : 1);
