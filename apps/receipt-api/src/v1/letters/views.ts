import { Text } from '../dto/rules';

export class SendBody {
  @Text({
    en: 'Another e-mail address than the receipt names',
    ru: 'Адрес почты',
    max: 320,
    optional: true,
    example: 'buyer@example.com',
  })
  email?: string | null;
  @Text({
    en: 'Another telephone than the receipt names',
    ru: 'Телефон',
    max: 20,
    optional: true,
    example: '+79991234567',
  })
  phone?: string | null;
}

export class SentView {
  @Text({ en: 'How it is sent', values: ['email', 'sms'] }) channel!: string;
  @Text({ en: 'Where to, in part', example: 'b***@example.com' }) contact!: string;
}
