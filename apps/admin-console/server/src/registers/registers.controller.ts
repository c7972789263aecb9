import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { DocumentStore } from '@kkt/storage';
import type { DocumentBrief, Page, RegisterView } from '@kkt/web-contract';
import { documentBrief, notFound } from '@kkt/web-server';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { RegisterActions } from './register-actions';
import { RegistersService } from './registers.service';

export class RegisterParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  id!: number;
}

class DocumentsQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  before?: number;
}

class ActionBody {
  @IsString()
  @Length(1, 32)
  serial!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

const pageSize = 50;

@Controller('api/registers')
export class RegistersController {
  constructor(
    @Inject(RegistersService) private readonly registers: RegistersService,
    @Inject(RegisterActions) private readonly actions: RegisterActions,
    @Inject(DocumentStore) private readonly documents: DocumentStore,
  ) {}

  @Get(':id')
  async read(@Param() { id }: RegisterParams): Promise<RegisterView> {
    const found = await this.registers.read(id);
    if (!found) throw notFound('register');
    return found;
  }

  /** Documents of the FN that is in it now, from the last one down. */
  @Get(':id/documents')
  async list(@Param() { id }: RegisterParams, @Query() query: DocumentsQuery): Promise<Page<DocumentBrief>> {
    const register = await this.registers.read(id);
    if (!register) throw notFound('register');
    if (!register.fn) return { rows: [], next: null };
    const rows = await this.documents.ofDrive(register.fn.fnNumber, pageSize + 1, query.before);
    const page = rows.slice(0, pageSize);
    const last = page.at(-1);
    return {
      rows: page.map(documentBrief),
      next: rows.length > pageSize && last ? String(last.fdNumber) : null,
    };
  }

  @Post(':id/pause')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  pause(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() body: ActionBody,
  ): Promise<void> {
    return this.actions.pause(caller, { registerId: id, ...body });
  }

  @Post(':id/resume')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  resume(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() body: ActionBody,
  ): Promise<void> {
    return this.actions.resume(caller, { registerId: id, ...body });
  }
}
