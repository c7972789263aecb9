import type { MigrationInterface } from 'typeorm';
import { Foundation1763888400000 } from './202611230900-foundation';
import { People1763895600000 } from './202611231100-people';

/** The farm's migrations in order. A migration that has landed is never edited. */
export const farmMigrations: (new () => MigrationInterface)[] = [
  Foundation1763888400000,
  People1763895600000,
];
