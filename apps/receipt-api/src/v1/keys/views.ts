import { Flag, Moment, Parts, Text, Texts, Whole } from '../dto/rules';
import { scopes } from '../access/scopes';

export class KeyView {
  @Text({ en: 'Names the key; it is a part of its text', example: '7k2m9x0q' }) id!: string;
  @Text({ en: 'What the key is for' }) name!: string;
  @Texts({ en: 'Rights', values: scopes }) scopes!: string[];
  @Text({ en: 'The only group it may touch; null: all', optional: true }) group!: string | null;
  @Texts({ en: 'Networks it may be used from; empty: from anywhere' }) allowed_from!: string[];
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

const networks = {
  max: 50,
  optional: true,
  en: 'Networks it may be used from, like 203.0.113.0/24; empty or absent: from anywhere',
  ru: 'Сети, из которых ключом можно пользоваться',
} as const;

export class KeyBody {
  @Text({ min: 1, max: 100, en: 'What the key is for', ru: 'Для чего ключ' }) name!: string;
  @Texts({ min: 1, max: scopes.length, values: scopes, en: 'Rights, none beyond your own', ru: 'Права' })
  scopes!: string[];
  @Text({ max: 64, optional: true, en: 'The only group it may touch', ru: 'Единственная группа касс' })
  group?: string;
  @Texts(networks) allowed_from?: string[];
  @Whole({ min: 1, max: 3_650, optional: true, en: 'Days it lives', ru: 'Срок действия, дней' })
  lifetime_days?: number;
}

export class KeyChangeBody {
  @Texts({ ...networks, optional: false }) allowed_from!: string[];
}

export class MadeKeyView {
  @Text({ en: 'The key: shown once, kept nowhere' }) key!: string;
  @Text({ en: 'Its id' }) id!: string;
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
