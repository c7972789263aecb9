import type { Template } from '../template';

/** What a group's true load asks for, when it is not what the group has. */
export const planningTemplates = {
  'planning.need-more': {
    ru: {
      subject: 'Группе {group} нужно больше касс: {optimal} вместо {registers}',
      body: 'Здравствуйте!\n\nПо нагрузке последних четырёх недель (около {day} чеков в день, в пике {minute} в минуту) группе {group} требуется касс: {optimal}, сейчас их {registers}. Меньше {minimum} нельзя: в пик чеки будут ждать дольше десяти секунд.\n\nДобавить кассы можно в личном кабинете или через менеджера.',
      short: 'Группе {group} нужно больше касс: {optimal} вместо {registers}, нагрузка выросла.',
    },
    en: {
      subject: 'Group {group} needs more registers: {optimal} instead of {registers}',
      body: 'Hello,\n\nBy the load of the last four weeks (about {day} receipts a day, {minute} a minute at the peak) the group {group} needs {optimal|register|registers}; it has {registers}. With fewer than {minimum} receipts wait longer than ten seconds at the peak.\n\nAdd registers in the cabinet or through your manager.',
      short: 'Group {group} needs {optimal|register|registers} instead of {registers}: its load has grown.',
    },
  },
  'planning.need-less': {
    ru: {
      subject: 'Группе {group} хватит {optimal|кассы|касс|касс} вместо {registers}',
      body: 'Здравствуйте!\n\nПо нагрузке последних четырёх недель (около {day} чеков в день, в пике {minute} в минуту) группе {group} хватит {optimal|кассы|касс|касс}, сейчас их {registers}. Если нагрузка не вернётся, лишние кассы можно не оплачивать: откажитесь от них в личном кабинете или через менеджера.',
    },
    en: {
      subject: '{optimal|register is|registers are} enough for group {group} instead of {registers}',
      body: 'Hello,\n\nBy the load of the last four weeks (about {day} receipts a day, {minute} a minute at the peak) {optimal|register is|registers are} enough for the group {group}; it has {registers}. If the load does not come back, you need not pay for the others: give them up in the cabinet or through your manager.',
    },
  },
} as const satisfies Record<string, Template>;
