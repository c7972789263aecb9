import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { correlationId } from '@kkt/observability';
import { audited } from '@kkt/storage';
import type { Element } from '@kkt/topology';
import type { DemoCandidate, DemoView, ModuleFaultWord } from '@kkt/web-contract';
import { type ConsoleParts, PARTS } from '../parts';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { DemoService } from './demo.service';
import { EmulatedHall, moduleFaultWords } from './emulated-hall';

const kinds = ['switch', 'link', 'port', 'feed'];
const codePattern = /^[A-Za-z0-9._:>-]{1,64}$/;

class FaultBody {
  /** Absent: the first data centre. */
  @IsOptional()
  @Matches(codePattern)
  dc?: string;

  @IsIn(kinds)
  kind!: Element['kind'];

  @Matches(codePattern)
  code!: string;
}

class MendQuery {
  @IsOptional()
  @Matches(codePattern)
  dc?: string;

  @IsOptional()
  @IsIn(kinds)
  kind?: Element['kind'];

  @IsOptional()
  @Matches(codePattern)
  code?: string;
}

class ModuleFaultBody {
  @IsString()
  @Matches(/^[0-9]{8,20}$/)
  serial!: string;

  @IsIn([...moduleFaultWords, 'mend'])
  fault!: ModuleFaultWord | 'mend';
}

/** The panel that breaks the emulated hall; in a demonstration only. */
@Controller('api/demo')
export class DemoController {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(DemoService) private readonly demo: DemoService,
    @Inject(EmulatedHall) private readonly hall: EmulatedHall,
  ) {}

  /** What is broken now, since when, and what the farm made of it. */
  @Get()
  read(): Promise<DemoView> {
    return this.demo.read();
  }

  /** A few registers that are well, to break one of. */
  @Get('candidates')
  async candidates(): Promise<{ registers: DemoCandidate[] }> {
    return { registers: await this.demo.candidates() };
  }

  @Post('faults')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  async break(@CallerOf() caller: Caller, @Body() { dc, kind, code }: FaultBody): Promise<void> {
    await this.hall.breakElement(dc, kind, code);
    await this.write(caller, 'demo.break', 'plant', await this.demo.plantKey(dc, kind, code), null);
  }

  /** Mends one element, or everything when none is named: modules too. */
  @Delete('faults')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  async mend(@CallerOf() caller: Caller, @Query() { dc, kind, code }: MendQuery): Promise<void> {
    if (kind && code) {
      await this.hall.mendElement(dc, kind, code);
      await this.write(caller, 'demo.mend', 'plant', await this.demo.plantKey(dc, kind, code), null);
      return;
    }
    await this.hall.mendAll();
    await this.write(caller, 'demo.mend', 'plant', 'everything', null);
  }

  @Post('module-faults')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  async breakModule(@CallerOf() caller: Caller, @Body() { serial, fault }: ModuleFaultBody): Promise<void> {
    if (fault === 'mend') await this.hall.mendModule(serial);
    else await this.hall.breakModule(serial, fault);
    const action = fault === 'mend' ? 'demo.mend' : 'demo.break';
    await this.write(caller, action, 'module', serial, fault);
  }

  private write(
    caller: Caller,
    action: string,
    objectKind: string,
    objectId: string,
    fault: string | null,
  ): Promise<void> {
    return audited(this.parts.database, () =>
      Promise.resolve({
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: null,
          action,
          objectKind,
          objectId,
          ...(fault !== null && { after: { fault } }),
          requestId: correlationId(),
        },
      }),
    );
  }
}
