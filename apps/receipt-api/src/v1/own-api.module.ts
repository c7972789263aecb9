import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import { CallbacksController } from './callbacks/callbacks.controller';
import { CalculatorController } from './calculator/calculator.controller';
import { EventsController } from './events/events.controller';
import { KeysController } from './keys/keys.controller';
import { DocsController } from './openapi/docs.controller';
import { OwnApi } from './own-api';
import { PreviewController } from './preview/preview.controller';
import { ReceiptsController } from './receipts/receipts.controller';
import { RefundsController } from './refunds/refunds.controller';
import { LettersController } from './letters/letters.controller';
import { RegistersController } from './registers/registers.controller';
import { ReportsController } from './reports/reports.controller';

/** The own API, `/v1`: joins the application beside the compatible doors and uses the same intake. */
@Module({})
export class OwnApiModule implements OnModuleDestroy {
  constructor(private readonly api: OwnApi) {}

  static forRoot(api: OwnApi): DynamicModule {
    return {
      module: OwnApiModule,
      providers: [{ provide: OwnApi, useValue: api }],
      controllers: [
        ReceiptsController,
        RefundsController,
        PreviewController,
        EventsController,
        LettersController,
        RegistersController,
        ReportsController,
        CalculatorController,
        KeysController,
        CallbacksController,
        DocsController,
      ],
    };
  }

  async onModuleDestroy(): Promise<void> {
    this.api.streams.stop();
    this.api.press.close();
    await this.api.keys.flush();
  }
}
