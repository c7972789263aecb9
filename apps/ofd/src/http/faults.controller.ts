import { Body, Controller, Delete, Get, HttpCode, Inject, Put, UseGuards } from '@nestjs/common';
import { Operator } from '../operator';
import type { Fault } from '../tcp/faults';
import { ApiKeyGuard } from './api-key.guard';
import { FaultDto, TaxServiceDto } from './dto';

/** Misbehaviour on demand. Part of the application only where OFD_FAULTS is on. */
@Controller('internal')
@UseGuards(ApiKeyGuard)
export class FaultsController {
  constructor(@Inject(Operator) private readonly operator: Operator) {}

  @Get('faults')
  current(): { fault: Fault | null } {
    return { fault: this.operator.faults.current ?? null };
  }

  @Put('faults')
  async set(@Body() body: FaultDto): Promise<{ fault: Fault | null }> {
    this.operator.faults.set(body);
    await this.operator.server.settled();
    return this.current();
  }

  @Delete('faults')
  @HttpCode(204)
  async clear(): Promise<void> {
    this.operator.faults.set(undefined);
    await this.operator.server.settled();
  }

  /** The reference tax service goes away and comes back. */
  @Put('tax-service')
  taxService(@Body() { up }: TaxServiceDto): { up: boolean } {
    this.operator.taxService.switch(up);
    if (up) this.operator.taxSender.wake();
    return { up };
  }
}
