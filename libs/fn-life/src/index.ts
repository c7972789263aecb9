/** The life of a fiscal drive as pure rules: ledger, workflows, registration, renewal, working days. */
export * from './calendar/working-days';
export * from './external/external-documents';
export * from './ledger';
export * from './registration/application';
export * from './registration/application-xml';
export * from './registration/check';
export * from './registration/reasons';
export * from './renewal/renewal';
export * from './workflow/decide';
export * from './workflow/steps';
export * from './workflow/types';
