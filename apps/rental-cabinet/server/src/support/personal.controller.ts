import { Body, Controller, Get, HttpCode, Inject, Post, Put, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsString, Length, ValidateNested } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { verifyPassword } from '@kkt/security';
import {
  AccountStore,
  AuditStore,
  type ChoiceChannel,
  choiceChannels,
  type ChoiceEvent,
  choiceEvents,
  PersonalStore,
} from '@kkt/storage';
import type { NotificationChoicesView } from '@kkt/web-contract';
import { type HttpReply, notFound, SessionCookie } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, type Person, PersonOf } from '../session/session.guard';

class ChoiceDto {
  @IsIn(choiceEvents)
  event!: ChoiceEvent;

  @IsIn(choiceChannels)
  channel!: ChoiceChannel;

  @IsBoolean()
  enabled!: boolean;
}

class ChoicesDto {
  @IsArray()
  @ArrayMaxSize(choiceEvents.length * choiceChannels.length)
  @ValidateNested({ each: true })
  @Type(() => ChoiceDto)
  choices!: ChoiceDto[];
}

class EraseDto {
  @IsString()
  @Length(1, 512)
  password!: string;
}

/** Mail is what everybody gets who said nothing else. */
const standard = (channel: ChoiceChannel): boolean => channel === 'email';

/** What a person hears of, everything we hold about him, and the end of it (152-FZ). */
@Controller('api/profile')
export class PersonalController {
  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(AccountStore) private readonly accounts: AccountStore,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
  ) {}

  @Get('notifications')
  async choices(@CallerOf() { clientId, personId }: Caller): Promise<NotificationChoicesView> {
    const chosen = await new PersonalStore(this.parts.database).choices(clientId, personId);
    return {
      choices: choiceEvents.flatMap((event) =>
        choiceChannels.map((channel) => ({
          event,
          channel,
          enabled:
            chosen.find((one) => one.event === event && one.channel === channel)?.enabled ??
            standard(channel),
        })),
      ),
    };
  }

  @Put('notifications')
  @HttpCode(204)
  async choose(@CallerOf() { clientId, personId }: Caller, @Body() { choices }: ChoicesDto): Promise<void> {
    await new PersonalStore(this.parts.database).choose(clientId, personId, choices);
  }

  @Get('data.json')
  async data(@PersonOf() person: Person, @Res({ passthrough: true }) reply: HttpReply): Promise<string> {
    const found = await new PersonalStore(this.parts.database).everything(person.personId);
    reply.type('application/json').header('content-disposition', 'attachment; filename="my-data.json"');
    return JSON.stringify(found, null, 2);
  }

  /** Ends the account. Receipts and the journal of actions are kept as the law asks, without the person's name. */
  @Post('erase')
  @HttpCode(204)
  async erase(
    @PersonOf() person: Person,
    @Body() { password }: EraseDto,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<void> {
    const account = await this.accounts.byId(person.personId);
    if (!account) throw notFound('account');
    if (!(await verifyPassword(account.passwordHash, password)))
      throw new FarmError('CLIENT-PASSWORD', 'Пароль не подходит', { field: 'password' });
    await this.parts.database.transaction(async (sql) => {
      await new PersonalStore(sql).erase(person.personId);
      await AuditStore.write(sql, {
        actorKind: 'person',
        actorId: person.personId,
        actorName: 'Удалённый пользователь',
        clientId: null,
        action: 'person.erase',
        objectKind: 'person',
        objectId: person.personId,
      });
    });
    reply.header('set-cookie', this.cookie.take());
  }
}
