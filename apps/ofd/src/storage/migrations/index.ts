import type { MigrationInterface } from 'typeorm';
import { Operator1763892000000 } from './202611231000-operator';
import { Buyers1795761600000 } from './202611270640-buyers';

/** The operator's migrations in order. A migration that has landed is never edited. */
export const operatorMigrations: (new () => MigrationInterface)[] = [
  Operator1763892000000,
  Buyers1795761600000,
];
