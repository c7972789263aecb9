/** A row: FN answer code, stable name, English, Russian, device error it comes out as, how sure that pairing is. */
export type FnErrorRow = readonly [
  code: number,
  name: string,
  en: string,
  ru: string,
  deviceError: number,
  pairing: 'inferred' | 'ours',
];

/**
 * Answer codes of the FN and the device error each turns into. Codes: FNS KKT–FN protocol and public FN models that
 * agree. Pairing `inferred`: the texts of both lists match; `ours`: the device's list has no such text.
 */
// prettier-ignore
export const FN_ERROR_ROWS: readonly FnErrorRow[] = [
  [0x01, 'unknownCommand', 'Unknown command or bad format', 'Неизвестная команда, неверный формат посылки', 0xd3, 'inferred'],
  [0x02, 'wrongState', 'FN is in another state', 'Другое состояние ФН', 0xd4, 'inferred'],
  [0x03, 'fault', 'FN fault', 'Отказ ФН', 0xd5, 'inferred'],
  [0x04, 'crypto', 'Cryptographic coprocessor fault', 'Отказ криптографического сопроцессора', 0xd6, 'inferred'],
  [0x05, 'expired', 'Life is over, or parameters do not fit it', 'Закончен срок эксплуатации ФН', 0xd7, 'inferred'],
  [0x06, 'archiveFull', 'Archive is full', 'Архив ФН переполнен', 0xd8, 'inferred'],
  [0x07, 'badClock', 'Bad date or time', 'Неверные дата и/или время', 0xd9, 'inferred'],
  [0x08, 'noData', 'No such data', 'Запрошенные данные отсутствуют в архиве', 0xda, 'inferred'],
  [0x09, 'badParameters', 'Bad value of parameters', 'Параметры команды имеют неверное значение', 0xe7, 'inferred'],
  [0x0a, 'notInThisFfd', 'Not allowed in this FFD mode', 'Команда запрещена в данном режиме ФФД', 0xd4, 'ours'],
  [0x0b, 'forbiddenRequisite', 'Forbidden requisite', 'Неразрешённые реквизиты', 0xe7, 'ours'],
  [0x0c, 'duplicate', 'Requisite given twice', 'Дублирование данных', 0xe7, 'ours'],
  [0x0d, 'missingData', 'Required data missing', 'Отсутствуют данные для корректного учёта в ФН', 0xe7, 'ours'],
  [0x0e, 'tooManyPositions', 'Too many positions', 'Количество позиций в документе превысило допустимый предел', 0xf3, 'ours'],
  [0x10, 'tlvTooLong', 'TLV data is too long', 'Превышение размеров TLV-данных', 0xe8, 'inferred'],
  [0x11, 'noTransport', 'No transport connection', 'Нет транспортного соединения', 0xe9, 'inferred'],
  [0x12, 'keysExhausted', 'Key resource is used up: close the FN', 'Исчерпан ресурс КС, требуется закрытие фискального режима', 0xea, 'inferred'],
  [0x14, 'storageFull', 'Storage for the operator is used up', 'Исчерпан ресурс хранения документов для ОФД', 0xeb, 'inferred'],
  [0x15, 'unsentTooLong', 'A message waits over 30 days', 'Время нахождения в очереди самого старого сообщения превысило 30 дней', 0xef, 'inferred'],
  [0x16, 'shiftOver24h', 'Shift is over 24 hours', 'Продолжительность смены более 24 часов', 0xf0, 'inferred'],
  [0x17, 'clockDifference', 'Clock difference over 5 minutes', 'Неверная разница во времени между двумя операциями', 0xf1, 'inferred'],
  [0x18, 'badRequisite', 'Bad requisite', 'Некорректный реквизит, переданный ККТ в ФН', 0xe7, 'ours'],
  [0x19, 'againstRegistration', 'Requisite does not fit the registration', 'Реквизит не соответствует установкам при регистрации', 0xe7, 'ours'],
  [0x20, 'ofdMessageRejected', 'Message of the operator cannot be accepted', 'Сообщение от ОФД не может быть принято', 0xec, 'inferred'],
  [0x23, 'keyServiceError', 'Key update refused', 'Ошибка сервиса обновления ключей проверки КМ', 0xe7, 'ours'],
  [0x24, 'keyServiceUnknown', 'Unknown answer of the key update service', 'Неизвестный ответ сервиса обновления ключей проверки КМ', 0xe7, 'ours'],
  [0x32, 'markingBarred', 'Marked goods are barred', 'Запрещена работа с маркированными товарами', 0xd4, 'ours'],
  [0x33, 'markingOrder', 'Wrong order of marking commands', 'Неверная последовательность подачи команд для обработки КМ', 0xd4, 'ours'],
  [0x34, 'markingBlocked', 'Marking storage is full', 'Работа с маркированными товарами временно заблокирована', 0xeb, 'ours'],
  [0x35, 'markTableFull', 'Table of checked marking codes is full', 'Переполнена таблица проверки кодов маркировки', 0xf3, 'ours'],
];
