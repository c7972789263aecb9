import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { IsIn, IsOptional, IsUrl, MaxLength } from 'class-validator';
import type { FirstStepsView, MadeApiKey, SandboxCredentials } from '@kkt/web-contract';
import { type Caller, CallerOf } from '../session/session.guard';
import { SandboxService } from './sandbox.service';

class SandboxDto {
  /** Version of the ATOL Online protocol that the shop speaks. */
  @IsIn([4, 5])
  protocol!: 4 | 5;

  /** Place of settlements (tag 1187). */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(256)
  site?: string;
}

/** First steps of a company without registers. */
@Controller('api/sandbox')
export class SandboxController {
  constructor(@Inject(SandboxService) private readonly sandbox: SandboxService) {}

  @Get()
  read(@CallerOf() caller: Caller): Promise<FirstStepsView> {
    if (!caller.access.canEverywhere('registers:read')) caller.access.must('registers:read');
    return this.sandbox.read(caller);
  }

  @Post()
  make(@CallerOf() caller: Caller, @Body() wish: SandboxDto): Promise<SandboxCredentials> {
    caller.access.must('registers:order');
    caller.access.must('integration:write');
    return this.sandbox.make(caller, wish);
  }

  /** A key of the own API for the sandbox's group; shown once. */
  @Post('key')
  newKey(@CallerOf() caller: Caller): Promise<MadeApiKey> {
    caller.access.must('integration:write');
    return this.sandbox.newKey(caller);
  }

  @Post('password')
  newPassword(@CallerOf() caller: Caller): Promise<SandboxCredentials> {
    caller.access.must('integration:write');
    return this.sandbox.newPassword(caller);
  }
}
