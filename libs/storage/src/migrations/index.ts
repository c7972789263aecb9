import type { MigrationInterface } from 'typeorm';
import { Foundation1763888400000 } from './202611230900-foundation';

/** The farm's migrations in order. A migration that has landed is never edited. */
export const farmMigrations: (new () => MigrationInterface)[] = [Foundation1763888400000];
