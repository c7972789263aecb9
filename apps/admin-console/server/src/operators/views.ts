import type { OperatorChange, RegisterExchange } from '@kkt/storage';
import type { ExchangeView, OperatorChangeView } from '@kkt/web-contract';
import { moment, momentOrNull } from '@kkt/web-server';

export const changeView = (change: OperatorChange): OperatorChangeView => ({
  id: change.id,
  registerId: change.registerId,
  state: change.state,
  fromName: change.fromName,
  toName: change.toName,
  note: change.note,
  askedBy: change.askedBy,
  reason: change.reason,
  createdAt: moment(change.createdAt),
  finishedAt: momentOrNull(change.finishedAt),
});

export const exchangeView = (exchange: RegisterExchange): ExchangeView => ({
  operator: {
    id: exchange.operatorId,
    inn: exchange.inn,
    name: exchange.name,
    host: exchange.host,
    port: exchange.port,
  },
  message: exchange.message,
  change: exchange.change && changeView(exchange.change),
});
