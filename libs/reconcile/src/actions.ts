import { type Difference, isLostSettlement } from './facts';

/** What the duty engineer shall do, one or two sentences in Russian. Nothing of it is done by itself. */
export function actionFor(difference: Difference): string {
  const { kind, details } = difference;
  switch (kind) {
    case 'missing_in_database':
      return isLostSettlement(difference)
        ? 'Прочитать документ из ФН и найти продажу: кто ещё подключался к кассе, не восстановлена ли база из копии. До выяснения кассу не включать.'
        : 'Прочитать отчёт из ФН и сверить с журналом: кто его сделал и почему он не записан.';
    case 'missing_in_fn':
      return 'Проверить, тот ли ФН в кассе и не подменён ли номер; документ из базы без ФН чеком не является. Передать разбор старшему инженеру.';
    case 'missing_at_operator':
      return details.why === 'operator_has_later_ones'
        ? 'Оператор принял более поздние документы, а этого у него нет: запросить оператора, приложив номер ФН, ФД и ФП.'
        : 'Документ слишком долго не уходит: проверить связь с оператором и очередь кассы, через 30 дней ФН заблокируется.';
    case 'fields_differ':
      return 'Сравнить документ в ФН, в базе и у оператора по реквизитам; верен ФН. Найти, где запись изменена.';
    case 'not_confirmed_though_operator_has':
      return details.saidBy?.includes('fn')
        ? 'Документ у оператора есть, но его ответ не записан в ФН: проверить очередь ответов этой кассы и связь с ней.'
        : 'ФН подтверждён, в базе отметки нет: проверить журнал драйвера за время подтверждения.';
    case 'confirmed_though_operator_lacks':
      return 'У нас есть подтверждение, а у оператора документа нет: предъявить оператору его подтверждение (номер ФН, ФД, ФП).';
    case 'gap':
      return 'Этих номеров нет ни в ФН, ни в базе, ни у оператора, а номера ФД идут подряд: снять архив ФН и передать старшему инженеру.';
  }
}
