/** What a person may do in a company, or below one node of its tree. */
export const rights = [
  'receipts:read',
  /** Buyers' contacts in full instead of masked (152-FZ). */
  'receipts:contacts',
  /** Refunds and corrections made by hand, sending a receipt to its buyer again. */
  'receipts:make',
  'analytics:read',
  'registers:read',
  /** Remote actions on registers: shifts, reports, pauses. */
  'registers:act',
  /** Renting, swapping, registering, giving up registers. */
  'registers:order',
  'integration:read',
  /** API keys, callbacks, payment providers. */
  'integration:write',
  'money:read',
  /** Ordering invoices, paying, changing tariffs. */
  'money:write',
  'documents:read',
  'documents:sign',
  'structure:write',
  /** Inviting, limiting and shutting out people. */
  'people:write',
  'support:write',
] as const;
export type Right = (typeof rights)[number];

export const companyRoles = ['owner', 'manager', 'accountant', 'developer', 'cashier', 'viewer'] as const;
export type CompanyRole = (typeof companyRoles)[number];

const everyone: readonly Right[] = ['receipts:read', 'registers:read', 'support:write'];

/** Rights of each role. An owner has all; everybody else what the work needs. */
export const rightsOfRole: Readonly<Record<CompanyRole, readonly Right[]>> = {
  owner: rights,
  manager: [
    ...everyone,
    'receipts:contacts',
    'receipts:make',
    'analytics:read',
    'registers:act',
    'registers:order',
    'integration:read',
    'documents:read',
    'structure:write',
  ],
  accountant: [
    ...everyone,
    'receipts:contacts',
    'receipts:make',
    'analytics:read',
    'money:read',
    'money:write',
    'documents:read',
  ],
  developer: [...everyone, 'integration:read', 'integration:write'],
  cashier: [...everyone, 'receipts:make', 'registers:act'],
  viewer: [...everyone, 'analytics:read'],
};

/** Rights over things that belong to the company as a whole and are never had through a part of the tree. */
export const companyWide: ReadonlySet<Right> = new Set<Right>([
  'money:read',
  'money:write',
  'documents:read',
  'documents:sign',
  'people:write',
]);
