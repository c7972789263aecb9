import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsString, Length, Matches, Min } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import type { DoubtView, GroupRegisterView } from '@kkt/web-contract';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { DoubtDesk } from './doubt-desk';
import { GroupDesk } from './group-desk';
import { VerdictDesk } from './verdict-desk';

class GroupParams {
  @IsString()
  @Length(1, 64)
  code!: string;
}

class GroupBody {
  /** The group's code once more: proves that this group is meant. */
  @IsString()
  @Length(1, 64)
  word!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

class ReconcileBody {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsInt({ each: true })
  @Min(1, { each: true })
  registerIds!: number[];

  @IsString()
  @Length(3, 500)
  reason!: string;
}

class IntentParams {
  @Matches(/^[0-9]{1,15}$/)
  intent!: string;
}

class LostBody {
  /** The FN's number once more: proves that this FN is meant. */
  @IsString()
  @Length(1, 32)
  fnNumber!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

/** Dispatch by hand: groups, and what is not decided yet. */
@Controller('api')
export class QueuesController {
  constructor(
    @Inject(DoubtDesk) private readonly doubt: DoubtDesk,
    @Inject(GroupDesk) private readonly groups: GroupDesk,
    @Inject(VerdictDesk) private readonly verdicts: VerdictDesk,
  ) {}

  @Get('doubt')
  async undecided(): Promise<{ rows: DoubtView[] }> {
    return { rows: await this.doubt.list() };
  }

  /** Asks the FNs of these registers again what became of their documents. */
  @Post('doubt/reconcile')
  @Roles('engineer', 'lead')
  @HttpCode(200)
  reconcile(
    @CallerOf() caller: Caller,
    @Body() body: ReconcileBody,
  ): Promise<{ ordered: number[]; refused: { registerId: number; code: string }[] }> {
    return this.doubt.reconcile(caller, body.registerIds, body.reason);
  }

  /** The FN of an undecided attempt is gone for good: the attempt ends as refused, its shop is told. */
  @Post('doubt/:intent/fn-lost')
  @Roles('lead')
  @HttpCode(204)
  fnLost(
    @CallerOf() caller: Caller,
    @Param() { intent }: IntentParams,
    @Body() body: LostBody,
  ): Promise<void> {
    return this.verdicts.recordLost(caller, { intentId: intent, ...body });
  }

  @Get('groups/:code/registers')
  async registers(@Param() { code }: GroupParams): Promise<{ rows: GroupRegisterView[] }> {
    return { rows: await this.groups.registers(code) };
  }

  @Post('groups/:code/pause')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  pause(@CallerOf() caller: Caller, @Param() { code }: GroupParams, @Body() body: GroupBody): Promise<void> {
    return this.groups.setPaused(caller, { code: named(code, body), isPaused: true, reason: body.reason });
  }

  @Post('groups/:code/resume')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  resume(@CallerOf() caller: Caller, @Param() { code }: GroupParams, @Body() body: GroupBody): Promise<void> {
    return this.groups.setPaused(caller, { code: named(code, body), isPaused: false, reason: body.reason });
  }
}

function named(code: string, { word }: GroupBody): string {
  if (word.trim() !== code) throw new FarmError('CLIENT-FIELDS', 'word: the code of another group');
  return code;
}
