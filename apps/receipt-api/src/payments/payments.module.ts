import { type DynamicModule, Module } from '@nestjs/common';
import { OwnApi } from '../v1/own-api';
import { PaymentDoors } from './payment-doors';
import { PaymentsController } from './payments.controller';

/** `/v1/payments`; joins the application beside the own API and shares its keys. */
@Module({})
export class PaymentsModule {
  static forRoot(doors: PaymentDoors, ownApi: OwnApi): DynamicModule {
    return {
      module: PaymentsModule,
      controllers: [PaymentsController],
      providers: [
        { provide: PaymentDoors, useValue: doors },
        { provide: OwnApi, useValue: ownApi },
      ],
    };
  }
}
