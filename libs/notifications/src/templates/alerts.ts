import type { Template } from '../template';

/** What staff is told about alerts, and clients about what hits them. */
export const alertTemplates = {
  'alert.opened': {
    ru: {
      subject: 'P{severity}: {title}',
      body: '{text}\n\nГде: {object}\nС: {since}\nЗатронуто: {affected|касса|кассы|касс}\nВероятная причина: {cause}\nЧто делать: {action}\n\n{url}',
      short: 'P{severity}: {title}. {object}. {url}',
    },
    en: {
      subject: 'P{severity}: {title}',
      body: '{text}\n\nWhere: {object}\nSince: {since}\nAffected: {affected|register|registers}\nLikely cause: {cause}\nWhat to do: {action}\n\n{url}',
      short: 'P{severity}: {title}. {object}. {url}',
    },
  },
  'alert.closed': {
    ru: { subject: 'Восстановлено: {title}', body: '{title}\n\nГде: {object}\nДлилось: {lasted}\n\n{url}' },
    en: { subject: 'Recovered: {title}', body: '{title}\n\nWhere: {object}\nLasted: {lasted}\n\n{url}' },
  },
  'alert.call': {
    ru: {
      subject: 'Не подтверждена авария P{severity}: {title}',
      body: 'Авария первого приоритета не подтверждена. {title}. {object}. Откройте консоль и подтвердите.',
      short: 'Авария первого приоритета не подтверждена. {title}. {object}. Откройте консоль и подтвердите.',
    },
    en: {
      subject: 'P{severity} not acknowledged: {title}',
      body: 'An alert of the highest priority is not acknowledged. {title}. {object}. Open the console and acknowledge it.',
      short:
        'An alert of the highest priority is not acknowledged. {title}. {object}. Open the console and acknowledge it.',
    },
  },
  'client.receipts-delayed': {
    ru: {
      subject: 'Чеки группы {group} задерживаются',
      body: 'Здравствуйте!\n\nС {since} чеки группы касс {group} регистрируются с задержкой: {cause}. Принятые чеки не потеряны: каждый будет пробит один раз, или вы получите отказ с причиной. Дежурный инженер уже занимается этим.\n\nЖдут регистрации: {waiting|чек|чека|чеков}.',
    },
    en: {
      subject: 'Receipts of the group {group} are delayed',
      body: 'Hello,\n\nSince {since} receipts of the register group {group} are registered with a delay: {cause}. Accepted receipts are not lost: each will be registered once, or you will get a refusal with its reason. The engineer on duty is working on it.\n\nWaiting: {waiting|receipt|receipts}.',
    },
  },
  'client.receipts-recovered': {
    ru: {
      subject: 'Группа {group} снова работает',
      body: 'Здравствуйте!\n\nКассы группы {group} снова регистрируют чеки. Задержка длилась {lasted}. Делать ничего не нужно.',
    },
    en: {
      subject: 'The group {group} works again',
      body: 'Hello,\n\nRegisters of the group {group} register receipts again. The delay lasted {lasted}. You need not do anything.',
    },
  },
  'client.group-overloaded': {
    ru: {
      subject: 'Группе {group} не хватает касс: нужно {needed}',
      body: 'Здравствуйте!\n\nУже {minutes|минуту|минуты|минут} чеков приходит больше, чем успевают касс группы {group}: {perMinute} в минуту на {have|кассу|кассы|касс}. Чеки ждут в очереди, самый старый — {oldest}.\n\nЧтобы успевать, нужно {needed|касса|кассы|касс}. Добавить их можно в кабинете: {url}',
    },
    en: {
      subject: 'The group {group} has too few registers: you need {needed}',
      body: 'Hello,\n\nFor {minutes|minute|minutes} more receipts have come than the registers of the group {group} can take: {perMinute} a minute for {have|register|registers}. Receipts wait, the oldest one for {oldest}.\n\nTo keep up you need {needed|register|registers}. Add them in the cabinet: {url}',
    },
  },
  'client.integration-errors': {
    ru: {
      subject: 'Чеки группы {group} не принимаются: {title}',
      body: 'Здравствуйте!\n\nЗа {minutes|минуту|минуты|минут} отклонено {count|чек|чека|чеков} группы {group}. Причина: {title}.\nПоследний отказ: {example}\n\nЭти чеки не зарегистрированы. Исправьте данные и отправьте их снова. Поддержка видит эту ошибку и поможет.',
    },
    en: {
      subject: 'Receipts of the group {group} are refused: {title}',
      body: 'Hello,\n\nIn {minutes|minute|minutes} {count|receipt|receipts} of the group {group} were refused. Reason: {title}.\nThe last refusal: {example}\n\nThese receipts are not registered. Correct the data and send them again. Support sees this error and will help.',
    },
  },
  'client.ofd-trouble': {
    ru: {
      subject: 'Документы касс группы {group} не доходят до ОФД',
      body: 'Здравствуйте!\n\nЧеки регистрируются, но оператор {operator} не получает документы с {since}: {cause}. Ждут отправки: {unsent|документ|документа|документов}. Документы хранятся в ФН и будут переданы по порядку.\n\n{action}',
    },
    en: {
      subject: 'Documents of the group {group} do not reach the operator',
      body: 'Hello,\n\nReceipts are registered, but the operator {operator} has received no documents since {since}: {cause}. Waiting: {unsent|document|documents}. They are kept in the FN and will be passed in their order.\n\n{action}',
    },
  },
  'operator.trouble': {
    ru: {
      subject: 'Не принимаются документы касс: {registers|касса|кассы|касс}',
      body: 'Здравствуйте!\n\nС {since} вы не подтверждаете документы {registers|кассы|касс|касс} нашего центра: {cause}. Ждут отправки: {unsent|документ|документа|документов}.\n\nПросим проверить приём.',
    },
    en: {
      subject: 'Documents are not accepted: {registers|register|registers}',
      body: 'Hello,\n\nSince {since} you have confirmed no documents of {registers|register|registers} of our centre: {cause}. Waiting: {unsent|document|documents}.\n\nPlease check your intake.',
    },
  },
  'fn.filling': {
    ru: {
      subject: 'ФН {fnNumber} пора менять: {reason}',
      body: 'Клиент: {client}\nКасса: {register}\nФН: {fnNumber}\nПричина: {reason}\nПрогноз окончания: {endsOn}\n\nПредложите клиенту замену.',
    },
    en: {
      subject: 'FN {fnNumber} is to be replaced: {reason}',
      body: 'Client: {client}\nRegister: {register}\nFN: {fnNumber}\nReason: {reason}\nExpected end: {endsOn}\n\nOffer the client a replacement.',
    },
  },
} as const satisfies Record<string, Template>;
