import { accountTemplates } from './account';
import { alertTemplates } from './alerts';
import { buyerTemplates } from './buyers';
import { commonTemplates } from './common';
import { fnLifeTemplates } from './fn-life';
import { planningTemplates } from './planning';
import { moneyTemplates } from './money';

/** Every kind of message the farm sends. A part adds a file of its own beside these and one line here. */
export const templates = {
  ...accountTemplates,
  ...commonTemplates,
  ...alertTemplates,
  ...buyerTemplates,
  ...fnLifeTemplates,
  ...planningTemplates,
  ...moneyTemplates,
} as const;

export type NotificationKind = keyof typeof templates;
