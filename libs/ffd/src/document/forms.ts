import type { FfdVersion } from '@kkt/contracts';

/** A kind of fiscal document. Its code is also the tag of the STLV that holds the whole document. */
export interface DocumentForm {
  readonly code: number;
  /** English name. */
  readonly name: string;
  /** Russian name as on the document. */
  readonly printName: string;
  /** Key of the document in the JSON of the FNS and operators. */
  readonly json: string;
  /** Longest document by FFD 1.0–1.1, bytes. */
  readonly maxLengthOld: number;
  /** Longest document by FFD 1.2, bytes. */
  readonly maxLength: number;
}

const row = (
  code: number,
  json: string,
  maxLengthOld: number,
  maxLength: number,
  name: string,
  printName: string,
): DocumentForm => ({ code, name, printName, json, maxLengthOld, maxLength });

/**
 * Codes and JSON keys: JSON schemas published by an operator (FFD 1.0–1.1); 81–84: order ED-7-20/662@, FFD 1.2.
 * The operator's schemas do not know 81–84, which never reach it as JSON: those keys are ours.
 */
export const DOCUMENT_FORMS: readonly DocumentForm[] = [
  row(1, 'fiscalReport', 658, 6144, 'registration report', 'ОТЧЕТ О РЕГИСТРАЦИИ'),
  row(2, 'openShift', 440, 4096, 'shift opening report', 'ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ'),
  row(3, 'receipt', 32768, 32768, 'receipt', 'КАССОВЫЙ ЧЕК'),
  row(4, 'bso', 32768, 32768, 'strict accounting form', 'БСО'),
  row(5, 'closeShift', 441, 4096, 'shift closing report', 'ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ'),
  row(6, 'closeArchive', 432, 4096, 'FN closing report', 'ОТЧЕТ О ЗАКРЫТИИ ФИСКАЛЬНОГО НАКОПИТЕЛЯ'),
  row(7, 'operatorAck', 512, 512, 'operator confirmation', 'ПОДТВЕРЖДЕНИЕ ОПЕРАТОРА'),
  row(
    11,
    'fiscalReportCorrection',
    658,
    6144,
    'registration change report',
    'ОТЧЕТ ОБ ИЗМ. ПАР. РЕГИСТРАЦИИ',
  ),
  row(21, 'currentStateReport', 32768, 32768, 'settlement state report', 'ОТЧЕТ О ТЕК. СОСТ. РАСЧЕТОВ'),
  row(31, 'receiptCorrection', 32768, 32768, 'correction receipt', 'КАССОВЫЙ ЧЕК КОРРЕКЦИИ'),
  row(41, 'bsoCorrection', 32768, 32768, 'correction form', 'БСО КОРРЕКЦИИ'),
  row(81, 'markRequest', 4096, 4096, 'marking code request', 'ЗАПРОС О КОДЕ МАРКИРОВКИ'),
  row(82, 'markNotification', 32768, 32768, 'notification of a sale', 'УВЕДОМЛЕНИЕ О РЕАЛИЗАЦИИ'),
  row(83, 'markRequestAnswer', 512, 512, 'answer to a request', 'ОТВЕТ НА ЗАПРОС'),
  row(84, 'markNotificationReceipt', 512, 512, 'receipt for a notification', 'КВИТАНЦИЯ НА УВЕДОМЛЕНИЕ'),
];

const byCode = new Map(DOCUMENT_FORMS.map((form) => [form.code, form]));
const byJson = new Map(DOCUMENT_FORMS.map((form) => [form.json, form]));

export const formByCode = (code: number): DocumentForm | undefined => byCode.get(code);
export const formByJson = (json: string): DocumentForm | undefined => byJson.get(json);

/** Longest document of a form, bytes. */
export const maxDocumentLength = (form: DocumentForm, ffd: FfdVersion | 1): number =>
  ffd === 2 || ffd === 1 ? Math.max(form.maxLengthOld, EARLY_LIMIT) : form.maxLength;

/** Some early lengths leave no room for long addresses allowed since; the container limit still holds. Ours. */
const EARLY_LIMIT = 4096;
