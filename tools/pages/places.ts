import type { Linked } from './walk';

/** Every page of the engineers' console. */
export const consolePlaces: readonly (string | Linked)[] = [
  '/',
  { on: '/', begins: '/racks/' },
  '/queues',
  '/alerts',
<<<<<<< HEAD
=======
  '/alerts?state=closed',
  '/alerts?state=rules',
  '/alerts?state=silences',
  '/registers',
>>>>>>> c929f9d (Write down how a lost FN is recorded)
  '/registers/1',
  '/receipts',
  { on: '/receipts', begins: '/receipts/' },
  '/documents',
  { on: '/documents', begins: '/documents/' },
  '/operators',
  '/stock',
  '/fn/work',
  { on: '/fn/work', begins: '/fn/work/' },
  '/fn/ends',
  '/fn/stock',
  '/plant',
  '/demo',
  '/duty',
  '/visits',
  '/audit',
  '/capacity',
  '/support',
  '/money',
  '/search?q=1',
  '/account',
  '/wall/service',
  '/wall/hardware',
];

/** Every page of the rental cabinet that an owner sees. */
export const cabinetPlaces: readonly (string | Linked)[] = [
  '/',
  '/receipts',
  { on: '/receipts', begins: '/receipts/' },
  '/registers',
  { on: '/registers', begins: '/registers/' },
  { on: '/registers', begins: '/external/' },
  '/registers/1/operator',
  '/integration',
  '/analytics',
  '/money',
  '/order',
  { on: '/order', begins: '/orders/' },
  '/fn',
  { on: '/fn', begins: '/registration/' },
  '/support',
  { on: '/support', begins: '/support/' },
  '/company',
  '/profile',
];
