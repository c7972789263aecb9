import { Body, Controller, Get, Inject, Put, UseGuards } from '@nestjs/common';
import { IsArray, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import {
  type MarkingBehaviour,
  type MarkingCounters,
  MARKING_MODES,
  type MarkingMode,
} from '../marking/marking-system';
import { Operator } from '../operator';
import { ApiKeyGuard } from './api-key.guard';

export class MarkingBehaviourDto implements MarkingBehaviour {
  @IsIn(MARKING_MODES) mode!: MarkingMode;
  @IsOptional() @IsInt() @Min(0) @Max(600_000) delayMs?: number;
  @IsOptional() @IsArray() @IsString({ each: true }) @MaxLength(256, { each: true }) denied?: string[];
}

/** Behaviour of the reference marking system. Part of the application only where OFD_FAULTS is on. */
@Controller('internal/marking')
@UseGuards(ApiKeyGuard)
export class MarkingController {
  constructor(@Inject(Operator) private readonly operator: Operator) {}

  @Get()
  current(): MarkingBehaviour & { counters: MarkingCounters } {
    return { ...this.operator.marking.current, counters: this.operator.marking.counters };
  }

  @Put()
  set(@Body() body: MarkingBehaviourDto): MarkingBehaviour & { counters: MarkingCounters } {
    this.operator.marking.behave(body);
    return this.current();
  }
}
