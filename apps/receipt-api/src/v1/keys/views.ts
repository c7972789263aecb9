import { Flag, Moment, Parts, Text, Texts, Whole } from '../dto/rules';
import { scopes } from '../access/scopes';

export class KeyView {
  @Text({ en: 'Names the key; it is a part of its text', example: '7k2m9x0q' }) id!: string;
  @Text({ en: 'What the key is for' }) name!: string;
  @Texts({ en: 'Rights', values: scopes }) scopes!: string[];
  @Text({ en: 'The only group it may touch; null: all', optional: true }) group!: string | null;
  @Moment({ en: 'When it was made' }) created_at!: string;
  @Moment({ en: 'When it ends', optional: true }) expires_at!: string | null;
  @Moment({ en: 'When it was revoked', optional: true }) revoked_at!: string | null;
  @Moment({ en: 'Last use, late by some seconds', optional: true }) last_used_at!: string | null;
  @Text({ en: 'Address of the last use', optional: true }) last_used_from!: string | null;
  @Flag({ en: 'This is the key you ask with' }) current!: boolean;
}

export class KeyListView {
  @Parts(() => KeyView, { en: 'Keys, the newest first' }) items!: KeyView[];
}

export class RotateBody {
  @Whole({
    min: 0,
    max: 720,
    optional: true,
    en: 'Hours the old key lives on (24 unless said otherwise)',
    ru: 'Сколько часов ещё живёт прежний ключ',
  })
  old_lives_hours?: number;
}

export class NewKeyView {
  @Text({ en: 'The new key: shown once, kept nowhere' }) key!: string;
  @Text({ en: 'Its id' }) id!: string;
  @Moment({ en: 'When the old key ends' }) old_ends_at!: string;
}
