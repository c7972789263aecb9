import { createTransport } from 'nodemailer';
import { FarmError } from '@kkt/contracts';
import type { Gateway, OutgoingMessage } from './gateway';

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…:465`. */
  url: string;
  /** `Name <box@host>` */
  from: string;
  timeoutMs?: number;
}

/** Answers 5xx of the server (RFC 5321 4.2.1) are final, except those about the log-in: they are ours to mend. */
const isRefused = (error: { responseCode?: number; code?: string }): boolean =>
  (error.responseCode ?? 0) >= 500 && error.code !== 'EAUTH';

/** Mail by SMTP; no address or subject can add a header. */
export function smtpGateway(options: SmtpOptions): Gateway & { close(): void } {
  const timeoutMs = options.timeoutMs ?? 20_000;
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxConnections: 3,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(options.from)?.[1] ?? 'localhost';
  return {
    name: 'smtp',
    async send(message: OutgoingMessage): Promise<void> {
      try {
        await transport.sendMail({
          from: options.from,
          // As an object it is one address, whatever signs are in it.
          to: { name: '', address: message.address },
          subject: message.subject,
          text: message.body,
          // The same at a repeat: mail servers drop the second copy.
          messageId: `<kkt-${message.id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          attachments: message.files.map(({ name, contentType, bytes }) => ({
            filename: name,
            contentType,
            content: bytes,
          })),
        });
      } catch (error) {
        const fault = error as Error & { responseCode?: number; code?: string };
        throw new FarmError(isRefused(fault) ? 'CLIENT-GATEWAY' : 'SYS-GATEWAY', `Mail: ${fault.message}`, {
          status: fault.responseCode,
        });
      }
    },
    close: () => transport.close(),
  };
}
