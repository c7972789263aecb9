import type { MigrationInterface, QueryRunner } from 'typeorm';

const kinds = `'ping', 'sync_clock', 'open_shift', 'close_shift', 'settlement_report', 'reconnect', 'read_documents', 'reconcile'`;

/** An engineer may have a register call him by a sound. */
export class Identify1795792800000 implements MigrationInterface {
  readonly name = 'Identify1795792800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table register_commands drop constraint register_commands_kind_check;
      alter table register_commands add constraint register_commands_kind_check check (kind in (${kinds}, 'identify'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from register_commands where kind = 'identify';
      alter table register_commands drop constraint register_commands_kind_check;
      alter table register_commands add constraint register_commands_kind_check check (kind in (${kinds}));
    `);
  }
}
