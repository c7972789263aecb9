import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import { OwnApi } from './own-api';
import { ReceiptsController } from './receipts/receipts.controller';

/** The own API, `/v1`: joins the application beside the compatible doors and uses the same intake. */
@Module({})
export class OwnApiModule implements OnModuleDestroy {
  constructor(private readonly api: OwnApi) {}

  static forRoot(api: OwnApi): DynamicModule {
    return {
      module: OwnApiModule,
      providers: [{ provide: OwnApi, useValue: api }],
      controllers: [ReceiptsController],
    };
  }

  async onModuleDestroy(): Promise<void> {
    await this.api.keys.flush();
  }
}
