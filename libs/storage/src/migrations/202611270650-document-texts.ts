import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Documents proven by the FN's short record are few at any time and are asked for by the FN: a small partial index. */
export class DocumentTexts1795762200000 implements MigrationInterface {
  readonly name = 'DocumentTexts1795762200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index documents_without_text on documents (fn_number, fd_number)
        where length(tlv) = 0 and receipt_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index documents_without_text');
  }
}
