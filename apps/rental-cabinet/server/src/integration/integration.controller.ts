import { Controller, Get, Inject } from '@nestjs/common';
import { CabinetReadStore, ReceiptHistoryStore } from '@kkt/storage';
import type { IntegrationView } from '@kkt/web-contract';
import { moment, momentOrNull } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { groupView } from '../registers/registers.service';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';

/** How to point a shop here, and what goes wrong with those that are. */
@Controller('api/integration')
export class IntegrationController {
  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
    @Inject(ReceiptHistoryStore) private readonly receipts: ReceiptHistoryStore,
  ) {}

  @Get()
  async read(@CallerOf() caller: Caller): Promise<IntegrationView> {
    if (!caller.access.canSomewhere('integration:read')) caller.access.must('integration:read');
    const sight = sightOf(caller, 'integration:read');
    const [groups, logins, failures, topErrors, callbacks] = await Promise.all([
      this.cabinet.groups(sight),
      sight.groupIds ? [] : this.cabinet.logins(sight.clientId),
      this.receipts.search({ ...sight, state: 'failed' }, 20),
      this.cabinet.topErrors(sight, 5),
      this.cabinet.callbackHosts(sight),
    ]);
    return {
      apiUrl: this.parts.apiUrl,
      groups: groups.map(groupView),
      logins: logins.map((row) => ({ ...row, lastTokenAt: momentOrNull(row.lastTokenAt) })),
      failures: failures.rows.map((row) => ({
        id: row.id,
        externalId: row.externalId,
        groupCode: row.groupCode,
        operation: row.operation,
        at: moment(row.finishedAt ?? row.acceptedAt),
        code: row.errorCode ?? 0,
        text: row.errorText ?? '',
      })),
      topErrors,
      callbacks,
    };
  }
}
