import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who works on an alert, and what everybody is told of it on the status page. */
export class AlertWork1795784400000 implements MigrationInterface {
  readonly name = 'AlertWork1795784400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table alerts
        add column assigned_to uuid references staff on delete set null,
        -- Both languages or none: the status page speaks both.
        add column public_ru text check (length(public_ru) between 3 and 500),
        add column public_en text check (length(public_en) between 3 and 500),
        add column public_at timestamptz,
        add constraint alerts_public_in_both check (num_nonnulls(public_ru, public_en, public_at) in (0, 3));
      alter table alert_events drop constraint alert_events_kind_check;
      alter table alert_events add constraint alert_events_kind_check check (kind in
        ('opened', 'told', 'acknowledged', 'assigned', 'silenced', 'published', 'withdrawn', 'closed', 'note'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from alert_events where kind in ('assigned', 'published', 'withdrawn');
      alter table alert_events drop constraint alert_events_kind_check;
      alter table alert_events add constraint alert_events_kind_check check (kind in
        ('opened', 'told', 'acknowledged', 'silenced', 'closed', 'note'));
      alter table alerts drop constraint alerts_public_in_both;
      alter table alerts drop column assigned_to, drop column public_ru, drop column public_en, drop column public_at;
    `);
  }
}
