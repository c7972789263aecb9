import type { MigrationInterface } from 'typeorm';
import { Foundation1763888400000 } from './202611230900-foundation';
import { People1763895600000 } from './202611231100-people';
import { OwnApi1763901000000 } from './202611231230-own-api';
import { Payments1763902800000 } from './202611231300-payments';
import { Reconciliation1763906400000 } from './202611231400-reconciliation';
import { Notifications1795758600000 } from './202611270550-notifications';
import { FnLife1795759200000 } from './202611270600-fn-life';
import { Billing1795759500000 } from './202611270605-billing';
import { Readings1795760400000 } from './202611270620-readings';
import { Topology1795761600000 } from './202611270640-topology';
import { Operators1795760700000 } from './202611270625-operators';
import { Company1795761000000 } from './202611270630-company';
import { Alerting1795762800000 } from './202611270700-alerting';

import { PublicDoor1795761900000 } from './202611270645-public-door';
import { FnForecasts1795762500000 } from './202611270655-fn-forecasts';
import { Accounts1795761900000 } from './202611270645-accounts';
import { AlertSeverity1795763880000 } from './202611270718-alert-severity';
import { DocumentTexts1795762200000 } from './202611270650-document-texts';
import { BuyerLetters1795763100000 } from './202611270705-buyer-letters';
import { ReceiptResends1795777800000 } from './202611271110-receipt-resends';
import { Sandboxes1795765200000 } from './202611270740-sandboxes';
import { ConsoleDesk1795778400000 } from './202611271120-console-desk';
import { Retention1795782900000 } from './202611271235-retention';
import { MappedPayments1795783260000 } from './202611271241-mapped-payments';
import { ReportSchedules1795783320000 } from './202611271242-report-schedules';
import { Support1795783380000 } from './202611271243-support';
import { ReceiptFacts1795783200000 } from './202611271240-receipt-facts';
import { AlertWork1795784400000 } from './202611271300-alert-work';
import { RegisterDesk1795784700000 } from './202611271305-register-desk';
import { Money1795785000000 } from './202611271310-money';
import { OperatorApplications1795788000000 } from './202611271400-operator-applications';
import { RefusedRequests1795788600000 } from './202611271410-refused-requests';
import { OperatorPauses1795792680000 } from './202611271518-operator-pauses';
import { WallSessions1795793400000 } from './202611271530-wall-sessions';
import { Identify1795792800000 } from './202611271520-identify';
import { ReceiptLife1795791600000 } from './202611271500-receipt-life';
import { ExternalRegisters1795789200000 } from './202611271420-external-registers';
import { MoneyBack1795789500000 } from './202611271425-money-back';
import { SavedCards1795791900000 } from './202611271505-saved-cards';
import { OperatorTerms1795792200000 } from './202611271510-operator-terms';
import { SignatureChecks1795792500000 } from './202611271515-signature-checks';

/** The farm's migrations in order. A migration that has landed is never edited. */
export const farmMigrations: (new () => MigrationInterface)[] = [
  Foundation1763888400000,
  People1763895600000,
  OwnApi1763901000000,
  Payments1763902800000,
  Reconciliation1763906400000,
  Notifications1795758600000,
  FnLife1795759200000,
  Billing1795759500000,
  Readings1795760400000,
  Topology1795761600000,
  Operators1795760700000,
  Company1795761000000,
  PublicDoor1795761900000,
  Alerting1795762800000,
  FnForecasts1795762500000,
  Accounts1795761900000,
  AlertSeverity1795763880000,
  DocumentTexts1795762200000,
  BuyerLetters1795763100000,
  Sandboxes1795765200000,
  ReceiptResends1795777800000,
  ConsoleDesk1795778400000,
  Retention1795782900000,
  ReceiptFacts1795783200000,
  MappedPayments1795783260000,
  ReportSchedules1795783320000,
  Support1795783380000,
  AlertWork1795784400000,
  RegisterDesk1795784700000,
  Money1795785000000,
  OperatorApplications1795788000000,
  RefusedRequests1795788600000,
  ExternalRegisters1795789200000,
  MoneyBack1795789500000,
  ReceiptLife1795791600000,
  SavedCards1795791900000,
  OperatorTerms1795792200000,
  SignatureChecks1795792500000,
  OperatorPauses1795792680000,
  Identify1795792800000,
  WallSessions1795793400000,
];
