import type { Template } from '../template';

/** The life of fiscal drives: warnings, renewal, swaps, registration. */
export const fnLifeTemplates = {
  'fn.warning': {
    ru: {
      subject: 'ФН кассы {serial} закончится через {days|день|дня|дней}',
      body: 'Здравствуйте!\n\nФискальный накопитель {fn} кассы {serial} (группа {group}) проработает до {end}: {reason}.\n\nНовый ФН установим без остановки приёма чеков. Согласуйте замену в личном кабинете: раздел «Замена ФН».',
      short: 'ФН кассы {serial} закончится через {days|день|дня|дней} ({end}). Согласуйте замену в кабинете.',
    },
    en: {
      subject: 'The fiscal drive of register {serial} ends in {days|day|days}',
      body: 'Hello,\n\nThe fiscal drive {fn} of the register {serial} (group {group}) will work until {end}: {reason}.\n\nWe can put in a new one without stopping your receipts. Agree to the renewal in the cabinet, page “Renewal”.',
      short:
        'The fiscal drive of register {serial} ends in {days|day|days} ({end}). Agree to the renewal in the cabinet.',
    },
  },
  'fn.renewal-silent': {
    ru: {
      subject: 'Нет ответа о замене ФН: {client}, касса {serial}',
      body: 'Клиент {client} не ответил о замене ФН {fn} кассы {serial}. ФН закончится {end}. Позвоните клиенту; следующая дата: {next}.',
    },
    en: {
      subject: 'No answer about a renewal: {client}, register {serial}',
      body: '{client} has not answered about the renewal of the fiscal drive {fn}, register {serial}. It ends on {end}. Call the client; next date: {next}.',
    },
  },
  'fn.data-set': {
    ru: {
      subject: 'Данные для налоговой: касса {serial}, РНМ {rnm}',
      body: 'Здравствуйте!\n\nКасса {serial} перерегистрирована: новый ФН {fn}, отчёт № {fd} от {at}, фискальный признак {sign}.\n\nПодайте заявление в ФНС до {due}. Файл заявления и печатная форма — в личном кабинете, раздел «Регистрация».',
    },
    en: {
      subject: 'Data for the tax service: register {serial}, RNM {rnm}',
      body: 'Hello,\n\nThe register {serial} has been registered anew: fiscal drive {fn}, report No. {fd} of {at}, fiscal sign {sign}.\n\nFile the application by {due}. The file and a printed form are in the cabinet, page “Registration”.',
    },
  },
  'fn.operator-changed': {
    ru: {
      subject: 'Касса {serial} теперь у оператора «{operator}»',
      body: 'Здравствуйте!\n\nКасса {serial} (РНМ {rnm}) перешла к оператору «{operator}». Отчёт об изменении параметров регистрации: ФД {fd} от {at}, фискальный признак {sign}.\n\nПодайте в ФНС заявление о перерегистрации до {due}. Файл заявления и печатная форма готовы в личном кабинете, раздел «ФН: замена и регистрация».',
      short: 'Касса {serial} теперь у «{operator}». Заявление в ФНС — до {due}, оно готово в кабинете.',
    },
    en: {
      subject: 'The register {serial} is with the operator “{operator}” now',
      body: 'Hello,\n\nThe register {serial} (RNM {rnm}) has moved to the operator “{operator}”. Report of the change: FD {fd} of {at}, fiscal sign {sign}.\n\nFile the application for re-registration with the tax service by {due}. The file and a printed form are in the cabinet, page “FN renewal and registration”.',
      short:
        'The register {serial} is with “{operator}” now. Apply to the tax service by {due}: see the cabinet.',
    },
  },
  'fn.external-ends': {
    ru: {
      subject: 'ФН кассы «{name}» закончится через {days|день|дня|дней}',
      body: 'Здравствуйте!\n\nУ вашей собственной кассы «{name}» ({serial}) {end} кончается срок фискального накопителя {fn}. Кассой управляете вы: замените ФН до этого дня и перерегистрируйте кассу. Потом поправьте дату в личном кабинете.',
      short: 'ФН вашей кассы «{name}» закончится через {days|день|дня|дней} ({end}). Замените его.',
    },
    en: {
      subject: 'The fiscal drive of “{name}” ends in {days|day|days}',
      body: 'Hello,\n\nThe fiscal drive {fn} of your own register “{name}” ({serial}) ends on {end}. You run this register: replace the drive and register it anew before that day, then correct the date in the cabinet.',
      short: 'The fiscal drive of your register “{name}” ends in {days|day|days} ({end}). Replace it.',
    },
  },
  'fn.external-ended': {
    ru: {
      subject: 'Срок ФН кассы «{name}» прошёл',
      body: 'Здравствуйте!\n\nПо дате в личном кабинете срок фискального накопителя {fn} вашей кассы «{name}» ({serial}) прошёл {end}. Пробивать чеки на нём нельзя. Если ФН уже заменён, поправьте дату в кабинете.',
    },
    en: {
      subject: 'The fiscal drive of “{name}” has ended',
      body: 'Hello,\n\nBy the date in the cabinet the fiscal drive {fn} of your register “{name}” ({serial}) ended on {end}. It must make no receipts. If it was replaced, correct the date in the cabinet.',
    },
  },
  'fn.operator-term': {
    ru: {
      subject: 'Оператор «{operator}» оплачен до {end}: касса {name}',
      body: 'Здравствуйте!\n\nПо данным личного кабинета услуги оператора «{operator}» для кассы {name} оплачены до {end}, осталось {days|день|дня|дней}. Без оплаты оператор перестанет принимать документы, а через 30 дней ФН заблокируется.\n\nПродлите договор и поправьте дату в кабинете, на странице кассы.',
      short: 'Оператор «{operator}» для кассы {name} оплачен до {end}. Продлите договор.',
    },
    en: {
      subject: 'The operator “{operator}” is paid until {end}: register {name}',
      body: 'Hello,\n\nBy the cabinet’s data the operator “{operator}” is paid for the register {name} until {end}, {days|day|days} left. Unpaid, it takes no documents, and after 30 days the fiscal drive blocks itself.\n\nExtend the contract and correct the date on the register’s page.',
      short: 'The operator “{operator}” is paid for the register {name} until {end}. Extend the contract.',
    },
  },
  'fn.operator-unpaid': {
    ru: {
      subject: 'Срок оплаты оператора «{operator}» прошёл: касса {name}',
      body: 'Здравствуйте!\n\nПо данным личного кабинета оплата оператора «{operator}» для кассы {name} кончилась {end}. Если договор продлён, поправьте дату в кабинете, на странице кассы. Если нет — оператор может перестать принимать документы.',
    },
    en: {
      subject: 'The paid term of the operator “{operator}” is over: register {name}',
      body: 'Hello,\n\nBy the cabinet’s data the operator “{operator}” was paid for the register {name} until {end}. If the contract was extended, correct the date on the register’s page; if not, the operator may take no more documents.',
    },
  },
  'fn.operator-told': {
    ru: {
      subject: 'Касса РНМ {rnm}: новый ФН {fn}',
      body: 'Касса с РНМ {rnm} (ИНН {inn}) работает с ФН {fn}. Отчёт о регистрации: ФД {fd} от {at}, ФП {sign}. Прежний ФН: {oldFn}.',
    },
    en: {
      subject: 'Register RNM {rnm}: new fiscal drive {fn}',
      body: 'The register with RNM {rnm} (INN {inn}) works with the fiscal drive {fn}. Registration report: FD {fd} of {at}, sign {sign}. Earlier drive: {oldFn}.',
    },
  },
  'fn.workflow-overdue': {
    ru: {
      subject: 'Просрочено: {kind}, касса {serial}',
      body: 'Процесс «{kind}» кассы {serial} должен был закончиться до {due}. Шаг: {step}. Исполнитель: {assignee}. Причина: {note}.',
    },
    en: {
      subject: 'Overdue: {kind}, register {serial}',
      body: 'The workflow “{kind}” of register {serial} was due by {due}. Step: {step}. Assigned to: {assignee}. Cause: {note}.',
    },
  },
  'fn.application-overdue': {
    ru: {
      subject: 'Просрочено заявление в ФНС: касса {serial}',
      body: 'Заявление по кассе {serial} в состоянии «{state}» должно было двинуться дальше до {due}.',
    },
    en: {
      subject: 'Application to the tax service overdue: register {serial}',
      body: 'The application for register {serial} is “{state}” and was due by {due}.',
    },
  },
  'fn.stock-low': {
    ru: {
      subject: 'Мало ФН на складе: не хватает {missing}',
      body: 'До {until} понадобится {needed|ФН|ФН|ФН}, на складе {usable}. Закажите не меньше {missing}.',
    },
    en: {
      subject: 'Fiscal drives are low: {missing} missing',
      body: 'Until {until} the farm needs {needed|drive|drives}, {usable} are in stock. Order at least {missing}.',
    },
  },
} as const satisfies Record<string, Template>;
