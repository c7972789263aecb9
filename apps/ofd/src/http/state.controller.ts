import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { Operator } from '../operator';
import type { TaxState } from '../tax/tax-store';
import { ApiKeyGuard } from './api-key.guard';

interface OperatorState {
  operator: { inn: string; name: string };
  exchange: { port: number; isListening: boolean; openConnections: number; waitingDocuments: number };
  documents: { documents: number; kkts: number; lastReceivedAt: Date | null };
  tax: TaxState & { isUp: boolean };
}

/** What the operator is doing now. */
@Controller('api/state')
@UseGuards(ApiKeyGuard)
export class StateController {
  constructor(@Inject(Operator) private readonly operator: Operator) {}

  @Get()
  async state(): Promise<OperatorState> {
    const { settings, server, intake, documents, taxStore, taxService } = this.operator;
    return {
      operator: { inn: settings.operatorInn, name: settings.operatorName },
      exchange: {
        port: server.port,
        isListening: server.isListening,
        openConnections: server.openConnections,
        waitingDocuments: intake.waitingDocuments,
      },
      documents: await documents.totals(),
      tax: { ...(await taxStore.state()), isUp: taxService.isUp },
    };
  }
}
