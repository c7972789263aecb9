import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Res,
  UseGuards,
} from '@nestjs/common';
import { Operator } from '../operator';
import type { EnterpriseFields, KktView } from '../registry/registry-store';
import { ApiKeyGuard } from './api-key.guard';
import { CategoriesDto, EnterpriseDto, KktDto, KktFilterDto, KktStateDto, PageDto, RnmDto } from './dto';
import type { HttpReply } from './request';

/** Enterprises and their KKTs. */
@Controller('api')
@UseGuards(ApiKeyGuard)
export class RegistryController {
  constructor(@Inject(Operator) private readonly operator: Operator) {}

  @Get('enterprises')
  async enterprises(
    @Query() page: PageDto,
  ): Promise<{ enterprises: (EnterpriseFields & { kkts: number })[] }> {
    return { enterprises: await this.operator.registry.listEnterprises(page.limit, page.offset) };
  }

  @Put('enterprises')
  @HttpCode(204)
  async saveEnterprise(@Body() body: EnterpriseDto): Promise<void> {
    await this.operator.registry.saveEnterprise(body);
  }

  @Get('kkts')
  async kkts(@Query() filter: KktFilterDto): Promise<{ kkts: KktView[] }> {
    return { kkts: await this.operator.registry.listKkts(filter) };
  }

  /** 201 for a new KKT, 200 when the record was there. */
  @Post('kkts')
  async saveKkt(@Body() body: KktDto, @Res({ passthrough: true }) reply: HttpReply): Promise<KktView> {
    const { view, created } = await this.operator.registry.saveKkt(body);
    reply.status(created ? 201 : 200);
    return view;
  }

  @Get('kkts/:rnm')
  kkt(@Param() { rnm }: RnmDto): Promise<KktView> {
    return this.operator.registry.kkt(rnm);
  }

  @Get('kkts/:rnm/state')
  async kktState(
    @Param() { rnm }: RnmDto,
  ): Promise<Pick<KktView, 'rnm' | 'state' | 'stateSince' | 'drives'>> {
    const { state, stateSince, drives } = await this.operator.registry.kkt(rnm);
    return { rnm, state, stateSince, drives };
  }

  @Patch('kkts/:rnm/state')
  setState(@Param() { rnm }: RnmDto, @Body() { state }: KktStateDto): Promise<KktView> {
    return this.operator.registry.setState(rnm, state);
  }

  /** The enterprise's own categories of goods, for reports. */
  @Put('categories')
  @HttpCode(204)
  async saveCategories(@Body() { inn, items }: CategoriesDto): Promise<void> {
    await this.operator.registry.saveCategories(inn, items);
  }
}
