import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Receipts by the buyer's contact (tag 1008), for the buyer who proved that the contact is his. The contact is kept as
 * its SHA-256: a copy of this table names nobody.
 */
export class Buyers1795761600000 implements MigrationInterface {
  readonly name = 'Buyers1795761600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ofd.buyer_receipts (
        contact_hash bytea not null,
        document_at timestamp not null,
        fn_number text not null,
        fd_number int not null,
        primary key (contact_hash, document_at, fn_number, fd_number)
      );
      insert into ofd.buyer_receipts (contact_hash, document_at, fn_number, fd_number)
        select sha256(convert_to(case when contact like '%@%' then lower(trim(contact))
                                 else '+' || regexp_replace(contact, '\\D', '', 'g') end, 'UTF8')), document_at, fn_number, fd_number
        from (select coalesce(decoded #>> '{receipt,buyerPhoneOrAddress}', decoded #>> '{bso,buyerPhoneOrAddress}',
                              decoded #>> '{receiptCorrection,buyerPhoneOrAddress}') as contact,
                     document_at, fn_number, fd_number from ofd.documents where form in (3, 4, 31, 41)) d
        where contact is not null and contact <> '';

      create table ofd.buyer_codes (
        contact_hash bytea primary key,
        code_hash bytea not null,
        attempts smallint not null default 0,
        sent smallint not null default 1,
        first_sent_at timestamptz not null,
        expires_at timestamptz not null
      );

      create table ofd.buyer_sessions (
        id_hash bytea primary key,
        contact_hash bytea not null,
        contact_shown text not null,
        expires_at timestamptz not null
      );
      create index buyer_sessions_expiry on ofd.buyer_sessions (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ofd.buyer_receipts, ofd.buyer_codes, ofd.buyer_sessions');
  }
}
