import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import {
  type NotificationChannel,
  type NotificationRow,
  NotificationStore,
  SessionStore,
} from '@kkt/storage';
import {
  consoleSession,
  type HttpReply,
  type HttpRequest,
  notFound,
  oneHeader,
  pageLanguage,
  pagesCss,
  SessionCookie,
} from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { Open } from '../session/session.guard';
import { mailboxPage } from './mailbox-page';

const channels = ['email', 'sms', 'telegram', 'voice'] as const;

class MailboxQuery {
  @IsOptional()
  @IsIn([...channels, ''])
  channel?: NotificationChannel | '';

  @IsOptional()
  @IsString()
  @Length(0, 100)
  search?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  before?: number;

  @IsOptional()
  @IsString()
  lang?: string;
}

class FileParams {
  @Matches(/^[0-9]{1,18}$/)
  id!: string;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(100)
  index!: number;
}

const pageSize = 50;

/** What the local mailbox took instead of the world: a page for people, the same as JSON for scripts. */
@Controller()
export class MailboxController {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(NotificationStore) private readonly notifications: NotificationStore,
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
  ) {}

  @Get('pages.css')
  @Open()
  css(@Res() reply: HttpReply): void {
    reply.header('cache-control', 'public, max-age=300').type('text/css; charset=utf-8').send(pagesCss);
  }

  @Get('mailbox')
  @Open()
  async page(
    @Req() request: HttpRequest,
    @Query() query: MailboxQuery,
    @Res() reply: HttpReply,
  ): Promise<void> {
    if (!(await this.isAdmitted(request))) {
      reply.status(302).header('location', '/').send('');
      return;
    }
    const { rows, isMore } = await this.read(query);
    reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(
        mailboxPage({
          language: pageLanguage(query.lang, oneHeader(request, 'accept-language')),
          channel: query.channel || undefined,
          search: query.search || undefined,
          rows,
          isMore,
        }),
      );
  }

  /** `{ messages, next }`, the newest first; `next` is the `before` of the following page. */
  @Get('api/mailbox')
  @Open()
  async list(
    @Req() request: HttpRequest,
    @Query() query: MailboxQuery,
  ): Promise<{ messages: object[]; next: string | null }> {
    await this.admit(request);
    const { rows, isMore } = await this.read(query);
    return {
      messages: rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        severity: row.severity,
        channel: row.channel,
        to: row.address,
        recipient: { kind: row.recipientKind, id: row.recipientId },
        subject: row.subject,
        body: row.body,
        files: row.attachments.map(({ name, contentType }) => ({ name, contentType })),
        at: row.createdAt.toISOString(),
      })),
      next: isMore ? (rows.at(-1)?.id ?? null) : null,
    };
  }

  @Get('mailbox/:id/files/:index')
  @Open()
  async file(
    @Req() request: HttpRequest,
    @Param() params: FileParams,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await this.admit(request);
    const row = await this.notifications.find(params.id);
    const ref = row?.gateway === 'mailbox' ? row.attachments[params.index] : undefined;
    const file = ref && 'fileId' in ref ? await this.notifications.file(ref.fileId) : undefined;
    if (!ref || !file) throw notFound('file');
    reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(ref.name)}`)
      .send(file.bytes);
  }

  private async read(query: MailboxQuery): Promise<{ rows: NotificationRow[]; isMore: boolean }> {
    const rows = await this.notifications.list({
      gateway: 'mailbox',
      channel: query.channel || undefined,
      search: query.search || undefined,
      beforeId: query.before,
      limit: pageSize + 1,
    });
    return { rows: rows.slice(0, pageSize), isMore: rows.length > pageSize };
  }

  private async admit(request: HttpRequest): Promise<void> {
    if (!(await this.isAdmitted(request))) throw new FarmError('CLIENT-SESSION', 'Log in first');
  }

  private async isAdmitted(request: HttpRequest): Promise<boolean> {
    if (this.parts.mailboxOpen) return true;
    const idHash = this.cookie.idHash(request);
    return (
      idHash !== undefined &&
      (await this.sessions.staffSession(idHash, consoleSession.idleS))?.isWall === false
    );
  }
}
