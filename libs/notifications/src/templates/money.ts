import type { Template } from '../template';

/** Rent, balance and papers: what a client's accountant is told. */
export const moneyTemplates = {
  'money.auto-paid': {
    ru: {
      subject: 'Баланс пополнен автоматически: {amount}',
      body: 'Здравствуйте!\n\nБаланс стал ниже вашего порога, и мы списали {amount} с карты {card}, как вы просили. Чек придёт отдельным письмом.\n\nИзменить порог, сумму или выключить автопополнение: {url}',
      short: 'Баланс пополнен автоматически: {amount} с карты {card}. Выключить: {url}',
    },
    en: {
      subject: 'The balance was topped up by itself: {amount}',
      body: 'Hello,\n\nThe balance fell below your threshold and {amount} was taken from the card {card}, as you asked. The receipt comes separately.\n\nChange or switch it off: {url}',
      short: 'The balance was topped up by itself: {amount} from the card {card}. Switch off: {url}',
    },
  },
  'money.auto-failed': {
    ru: {
      subject: 'Не удалось пополнить баланс с карты {card}',
      body: 'Здравствуйте!\n\nБаланс ниже вашего порога, но банк не списал {amount} с карты {card}: {reason}. Деньги не списаны. Попробуем ещё раз через сутки.\n\nПополнить другим способом или сменить карту: {url}',
      short: 'Не удалось пополнить баланс с карты {card}. Пополните его: {url}',
    },
    en: {
      subject: 'The balance could not be topped up from the card {card}',
      body: 'Hello,\n\nThe balance is below your threshold, but the bank did not take {amount} from the card {card}: {reason}. No money was taken. We try again in a day.\n\nTop up another way or change the card: {url}',
      short: 'The balance could not be topped up from the card {card}. Top it up: {url}',
    },
  },
  'money.auto-off': {
    ru: {
      subject: 'Автопополнение выключено: карта {card} не принимается',
      body: 'Здравствуйте!\n\nБанк трижды не списал {amount} с карты {card}: {reason}. Автопополнение мы выключили. Пополните баланс и выберите другую карту: {url}',
      short: 'Автопополнение выключено: карта {card} не принимается. Пополните баланс: {url}',
    },
    en: {
      subject: 'Automatic top-up is off: the card {card} is not accepted',
      body: 'Hello,\n\nThree times the bank did not take {amount} from the card {card}: {reason}. Automatic top-up is off now. Top the balance up and choose another card: {url}',
      short: 'Automatic top-up is off: the card {card} is not accepted. Top up: {url}',
    },
  },
  'money.auto-limit': {
    ru: {
      subject: 'Автопополнение упёрлось в лимит месяца {limit}',
      body: 'Здравствуйте!\n\nБаланс ниже вашего порога, но ещё {amount} с карты {card} превысили бы лимит месяца {limit}, который вы поставили. Пополните баланс сами или поднимите лимит: {url}',
      short: 'Автопополнение упёрлось в лимит месяца {limit}. Пополните баланс: {url}',
    },
    en: {
      subject: 'Automatic top-up reached the limit of the month, {limit}',
      body: 'Hello,\n\nThe balance is below your threshold, but another {amount} from the card {card} would exceed the limit of the month you set, {limit}. Top it up yourself or raise the limit: {url}',
      short: 'Automatic top-up reached the limit of the month, {limit}. Top up: {url}',
    },
  },
  'money.rental-ends': {
    ru: {
      subject: 'Аренда {registers|кассы|касс|касс} оплачена до {end}',
      body: 'Здравствуйте!\n\nЧерез {days|день|дня|дней}, {end}, кончится оплаченный срок аренды: {registers|касса|кассы|касс} ({serials}).\n\nПродлить аренду или включить автопродление: {url}\n\nКогда срок кончится, эти кассы перестанут принимать чеки.',
      short: 'Аренда {registers|кассы|касс|касс} оплачена до {end}. Продлите её в кабинете: {url}',
    },
    en: {
      subject: 'Rent is paid until {end}',
      body: 'Hello,\n\nIn {days|day|days}, on {end}, the paid term of {registers|register|registers} ends ({serials}).\n\nRenew it or switch automatic renewal on: {url}\n\nAfter that these registers take no more receipts.',
      short: 'Rent of {registers|register|registers} is paid until {end}. Renew it: {url}',
    },
  },
  'money.trial-ends': {
    ru: {
      subject: 'Пробный период кончится {end}',
      body: 'Здравствуйте!\n\nЧерез {days|день|дня|дней}, {end}, кончится бесплатный период: {registers|касса|кассы|касс} ({serials}).\n\nЧтобы продолжать, арендуйте кассу: {url}\n\nНеоплаченная касса сначала перестанет принимать чеки, а через {grace|день|дня|дней} её снимут с учёта и вернут на склад.',
      short: 'Пробный период кончится {end}. Чтобы продолжать, арендуйте кассу: {url}',
    },
    en: {
      subject: 'The trial ends on {end}',
      body: 'Hello,\n\nIn {days|day|days}, on {end}, the free period of {registers|register|registers} ends ({serials}).\n\nTo go on, rent a register: {url}\n\nA register that is not paid for first stops taking receipts and {grace|day|days} later is de-registered and goes back to stock.',
      short: 'The trial ends on {end}. To go on, rent a register: {url}',
    },
  },
  'money.too-little': {
    ru: {
      subject: 'Не хватает денег на продление аренды до {end}',
      body: 'Здравствуйте!\n\n{end} кончится срок аренды: {registers|касса|кассы|касс} ({serials}). Автопродление включено, но на балансе не хватает денег.\n\nПополните баланс: {url}',
      short: 'Не хватает денег на автопродление {registers|кассы|касс|касс} ({end}). Пополните баланс: {url}',
    },
    en: {
      subject: 'The balance does not cover the renewal on {end}',
      body: 'Hello,\n\nOn {end} the term of {registers|register|registers} ends ({serials}). They renew themselves, but the balance does not cover it.\n\nTop it up: {url}',
      short:
        'The balance does not cover the renewal of {registers|register|registers} ({end}). Top it up: {url}',
    },
  },
  'money.renewed': {
    ru: {
      subject: 'Аренда {registers|кассы|касс|касс} продлена',
      body: 'Здравствуйте!\n\nПо автопродлению продлена аренда: {registers|касса|кассы|касс} ({serials}), с {end}. Деньги списаны с баланса.\n\nОперации: {url}',
    },
    en: {
      subject: 'Rent of {registers|register|registers} is renewed',
      body: 'Hello,\n\nThe rent of {registers|register|registers} ({serials}) was renewed after {end} and paid from the balance.\n\nOperations: {url}',
    },
  },
  'money.rental-ended': {
    ru: {
      subject: '{registers|Касса остановлена|Кассы остановлены|Кассы остановлены}: аренда не оплачена',
      body: 'Здравствуйте!\n\nОплаченный срок кончился {end}, поэтому не принимают чеки: {registers|касса|кассы|касс} ({serials}).\n\nПродлите аренду — кассы включатся сами: {url}\n\nЕсли не продлить, через {grace|день|дня|дней} начнётся снятие с учёта, ФН останется вашим.',
      short: 'Не принимают чеки: {registers|касса|кассы|касс}, аренда кончилась {end}. Продлить: {url}',
    },
    en: {
      subject: '{registers|register|registers} stopped: the rent is not paid',
      body: 'Hello,\n\nThe paid term ended on {end}, so {registers|register|registers} ({serials}) take no receipts.\n\nRenew the rent and they go on by themselves: {url}\n\nOtherwise they will be de-registered in {grace|day|days}; the fiscal drive stays yours.',
      short: '{registers|register|registers} take no receipts: rent ended on {end}. Renew: {url}',
    },
  },
  'money.balance-low': {
    ru: {
      subject: 'Баланс ниже {threshold}',
      body: 'Здравствуйте!\n\nНа балансе {balance} — меньше установленного порога {threshold}.\n\nПополнить: {url}',
      short: 'Баланс {balance}, порог {threshold}. Пополнить: {url}',
    },
    en: {
      subject: 'The balance is below {threshold}',
      body: 'Hello,\n\nThe balance is {balance}, below your threshold of {threshold}.\n\nTop it up: {url}',
      short: 'Balance {balance}, threshold {threshold}. Top up: {url}',
    },
  },
  'money.act': {
    ru: {
      subject: 'Акт {number} на {total}',
      body: 'Здравствуйте!\n\nГотов акт {number} за период {from} — {to} на {total}. Скачать: {url}',
    },
    en: {
      subject: 'Act {number} for {total}',
      body: 'Hello,\n\nThe act {number} for {from} — {to}, {total}, is ready. Download: {url}',
    },
  },
} as const satisfies Record<string, Template>;
