import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { loadFnModels } from '@kkt/fn-desk';
import { DriveDesk } from '@kkt/rental-desk';
import type { OwnDriveView } from '@kkt/web-contract';
import { noteOf } from '../session/audit-note';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';

class BuyBody {
  @IsString()
  @Length(1, 40)
  model!: string;
}

/** Fiscal drives the client owns outside of registers, and new ones from the stock. */
@Controller('api/fn/drives')
export class DrivesController {
  private readonly desk: DriveDesk;
  private readonly models = loadFnModels();

  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {
    this.desk = new DriveDesk(parts);
  }

  @Get()
  async list(@CallerOf() { clientId, access }: Caller): Promise<{ drives: OwnDriveView[] }> {
    if (!access.canEverywhere('registers:read')) access.must('registers:read');
    const drives = await this.desk.drives(clientId);
    return {
      drives: drives.map((drive) => ({ ...drive, name: this.models.get(drive.model)?.name ?? drive.model })),
    };
  }

  @Post()
  async buy(@CallerOf() caller: Caller, @Body() { model }: BuyBody): Promise<{ fnNumber: string }> {
    caller.access.must('registers:order');
    caller.access.must('money:write');
    return this.parts.database.transaction(async (sql) => {
      const { fnNumber, priceKop } = await this.desk.buy(sql, caller.clientId, model);
      await noteOf(sql, caller, 'fn.buy', fnNumber, { model, priceKop });
      return { fnNumber };
    });
  }
}
