import { Parts, Text, Whole } from '../dto/rules';

export class CalculatorBody {
  @Whole({ ru: 'Чеков в день', en: 'Receipts a day', min: 1, max: 50_000_000 }) receipts_per_day!: number;
  @Whole({ ru: 'Чеков в пиковую минуту', en: 'Receipts in the busiest minute', min: 1, max: 100_000 })
  peak_per_minute!: number;
  @Whole({
    ru: 'Миллисекунд на чек',
    en: 'Milliseconds a register needs for a receipt of one item',
    min: 1,
    max: 60_000,
  })
  pace_ms!: number;
  @Whole({
    ru: 'Секунд до документа для 99 % чеков',
    en: 'Seconds from acceptance to document that 99 of 100 receipts of the peak must keep',
    min: 1,
    max: 86_400,
  })
  p99_s!: number;
  @Whole({ ru: 'Длина пика, минут', en: 'Minutes a peak lasts: 60', min: 1, max: 1440, optional: true })
  peak_minutes?: number;
  @Whole({ ru: 'Позиций в чеке', en: 'Items of an ordinary receipt: 1', min: 1, max: 1000, optional: true })
  items_per_receipt?: number;
  @Whole({
    ru: 'Миллисекунд на каждую следующую позицию',
    en: 'Milliseconds for each item after the first: 0',
    min: 0,
    max: 10_000,
    optional: true,
  })
  item_ms?: number;
  @Whole({ ru: 'Рост в месяц, %', en: 'Growth in a month, percent: 0', min: -50, max: 100, optional: true })
  growth_percent?: number;
  @Whole({ ru: 'На сколько месяцев вперёд', en: 'Months to plan for: 12', min: 0, max: 36, optional: true })
  plan_months?: number;
  @Whole({ ru: 'Срок ФН, месяцев', en: 'Term of an FN, months: 13', min: 1, max: 60, optional: true })
  fn_term_months?: number;
}

export class CalculatorLineView {
  @Text({ en: 'In Russian' }) ru!: string;
  @Text({ en: 'In English' }) en!: string;
}

export class CalculatorOptionView {
  @Whole({ en: 'Registers' }) registers!: number;
  @Whole({ en: 'Milliseconds that 99 of 100 receipts of the peak keep' }) predicted_p99_ms!: number;
  @Whole({ en: 'Busy in the peak, percent' }) busy_percent!: number;
}

export class CalculatorView {
  @Whole({ en: 'Registers below which the queue of the peak has no end' }) minimum!: number;
  @Whole({ en: 'Registers with which the wanted time is kept' }) optimal!: number;
  @Whole({ en: 'FNs bought in a year for the optimal number' }) fns_per_year!: number;
  @Whole({ en: 'Days that one FN lasts' }) fn_days!: number;
  @Whole({ en: 'Milliseconds that 99 of 100 receipts of the peak keep, at the optimal number' })
  predicted_p99_ms!: number;
  @Parts(() => CalculatorOptionView, { en: 'What each number of registers gives' })
  options!: CalculatorOptionView[];
  @Parts(() => CalculatorLineView, { en: 'The arithmetic, line by line' }) arithmetic!: CalculatorLineView[];
}
