import type { Template } from '../template';

/** What people are told about their own accounts. */
export const accountTemplates = {
  'account.confirm-email': {
    ru: {
      subject: 'Код подтверждения: {code}',
      body: 'Код подтверждения адреса: {code}\n\nИли откройте ссылку: {link}\n\nКод действует {minutes|минуту|минуты|минут}. Если вы не регистрировались, ничего делать не нужно.',
    },
    en: {
      subject: 'Confirmation code: {code}',
      body: 'The code that confirms your address: {code}\n\nOr open the link: {link}\n\nIt works for {minutes|minute|minutes}. If you have not signed up, there is nothing to do.',
    },
  },
  'account.confirm-phone': {
    ru: {
      subject: 'Код подтверждения телефона',
      body: 'Код: {code}. Действует {minutes|минуту|минуты|минут}.',
      short: 'KKT Farm: код {code}. Никому его не сообщайте. Действует {minutes|минуту|минуты|минут}.',
    },
    en: {
      subject: 'Phone confirmation code',
      body: 'Code: {code}. It works for {minutes|minute|minutes}.',
      short: 'KKT Farm: code {code}. Tell it to nobody. It works for {minutes|minute|minutes}.',
    },
  },
  'account.reset': {
    ru: {
      subject: 'Восстановление доступа: {code}',
      body: 'Код для нового пароля: {code}\n\nДействует {minutes|минуту|минуты|минут}. Если вы не просили нового пароля, ничего делать не нужно: прежний продолжает действовать.',
      short: 'KKT Farm: код для нового пароля {code}. Действует {minutes|минуту|минуты|минут}.',
    },
    en: {
      subject: 'Access recovery: {code}',
      body: 'The code for a new password: {code}\n\nIt works for {minutes|minute|minutes}. If you have not asked for one, there is nothing to do: your password stays as it is.',
      short: 'KKT Farm: code for a new password {code}. It works for {minutes|minute|minutes}.',
    },
  },
  'account.known': {
    ru: {
      subject: 'У вас уже есть учётная запись',
      body: 'Кто-то пытался зарегистрироваться с этим адресом, но учётная запись уже есть. Войдите: {link}\n\nЗабыли пароль — там же его можно восстановить.',
    },
    en: {
      subject: 'You have an account already',
      body: 'Somebody tried to sign up with this address, but it has an account already. Log in: {link}\n\nIf you forgot the password, you can set a new one there.',
    },
  },
  'account.password-changed': {
    ru: {
      subject: 'Пароль изменён',
      body: 'Пароль вашей учётной записи изменён, остальные сеансы завершены. Если это были не вы, восстановите доступ и напишите в поддержку.',
    },
    en: {
      subject: 'Your password was changed',
      body: 'The password of your account was changed and other sessions were ended. If it was not you, recover your access and write to support.',
    },
  },
  'account.factor-changed': {
    ru: {
      subject: 'Изменён второй фактор входа',
      body: 'Подтверждение входа кодом из приложения включено или выключено. Если это были не вы, смените пароль и напишите в поддержку.',
    },
    en: {
      subject: 'Your second factor was changed',
      body: 'Log-in by a code of an application was switched on or off. If it was not you, change your password and write to support.',
    },
  },
  'account.invited': {
    ru: {
      subject: 'Приглашение в «{company}»',
      body: '{inviter} приглашает вас работать с кассами компании «{company}».\n\nПринять приглашение: {link}\n\nСсылка действует {days|день|дня|дней}.',
    },
    en: {
      subject: 'Invitation to {company}',
      body: '{inviter} invites you to work with the registers of {company}.\n\nAccept: {link}\n\nThe link works for {days|day|days}.',
    },
  },
} as const satisfies Record<string, Template>;
