import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A screen on the wall stays for weeks; in return it sees the two wall pages and nothing else. */
export class WallSessions1795793400000 implements MigrationInterface {
  readonly name = 'WallSessions1795793400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table web_sessions add is_wall boolean not null default false check (realm = 'console' or not is_wall)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from web_sessions where is_wall;
      alter table web_sessions drop is_wall;
    `);
  }
}
