import { TAG } from '../tags/tag-numbers';

/** A value of an enumeration, or a bit of a mask: code, English name, Russian name as printed or shown. */
export interface EnumValue {
  readonly code: number;
  readonly name: string;
  readonly printName: string;
  /** Lowest FFD (tag 1209 code) whose documents may hold it. */
  readonly minFfd?: number;
}

/** Values of one tag. */
export interface Enumeration {
  readonly tag: number;
  /** The value is a sum of bits. */
  readonly mask: boolean;
  readonly values: readonly EnumValue[];
}

function list(tag: number, mask: boolean, rows: string): Enumeration {
  const values = rows
    .trim()
    .split('\n')
    .map((row) => {
      const [code = '', name = '', printName = '', minFfd] = row.split('|');
      return {
        code: Number(code),
        name,
        printName,
        ...(minFfd === undefined ? {} : { minFfd: Number(minFfd) }),
      };
    });
  return { tag, mask, values };
}

/** Tag 1054. */
export const SETTLEMENT_SIGNS = list(
  TAG.settlementSign,
  false,
  `
1|income|ПРИХОД
2|income return|ВОЗВРАТ ПРИХОДА
3|expense|РАСХОД
4|expense return|ВОЗВРАТ РАСХОДА
`,
);

/** Bits of tags 1055 (one bit) and 1062. */
export const TAX_SYSTEMS = list(
  TAG.taxSystems,
  true,
  `
1|general|ОСН
2|simplified, income|УСН доход
4|simplified, income minus expense|УСН доход - расход
8|imputed income (abolished)|ЕНВД
16|agricultural|ЕСХН
32|patent|ПСН
`,
);

/** FFD versions, tags 1209, 1189, 1190. */
export const FFD_VERSIONS = list(
  TAG.ffd,
  false,
  `
1|1.0|1.0
2|1.05|1.05
3|1.1|1.1
4|1.2|1.2
`,
);

/** Tag 1214. */
export const PAYMENT_METHODS = list(
  TAG.method,
  false,
  `
1|full prepayment|ПРЕДОПЛАТА 100%
2|partial prepayment|ПРЕДОПЛАТА
3|advance|АВАНС
4|full settlement|ПОЛНЫЙ РАСЧЕТ
5|partial settlement and credit|ЧАСТИЧНЫЙ РАСЧЕТ И КРЕДИТ
6|handed over on credit|ПЕРЕДАЧА В КРЕДИТ
7|credit payment|ОПЛАТА КРЕДИТА
`,
);

/** Tag 1212. 30–33 belong to FFD 1.2. */
export const SUBJECTS = list(
  TAG.subject,
  false,
  `
1|goods|ТОВАР
2|excise goods|ПОДАКЦИЗНЫЙ ТОВАР
3|work|РАБОТА
4|service|УСЛУГА
5|gambling bet|СТАВКА АЗАРТНОЙ ИГРЫ
6|gambling win|ВЫИГРЫШ АЗАРТНОЙ ИГРЫ
7|lottery ticket|ЛОТЕРЕЙНЫЙ БИЛЕТ
8|lottery win|ВЫИГРЫШ ЛОТЕРЕИ
9|rights to intellectual property|ПРЕДОСТАВЛЕНИЕ РИД
10|payment (advance, deposit, credit)|ПЛАТЕЖ
11|agent's fee|АГЕНТСКОЕ ВОЗНАГРАЖДЕНИЕ
12|payout (penalty, bonus)|ВЫПЛАТА
13|other|ИНОЙ ПРЕДМЕТ РАСЧЕТА
14|property right|ИМУЩЕСТВЕННОЕ ПРАВО
15|non-operating income|ВНЕРЕАЛИЗАЦИОННЫЙ ДОХОД
16|insurance premium, other payments lowering the tax|ИНЫЕ ПЛАТЕЖИ И ВЗНОСЫ
17|trade levy|ТОРГОВЫЙ СБОР
18|tourist tax (was resort fee)|ТУРИСТИЧЕСКИЙ НАЛОГ
19|pledge|ЗАЛОГ
20|expense|РАСХОД
21|pension insurance, no staff|ВЗНОСЫ НА ОПС ИП
22|pension insurance|ВЗНОСЫ НА ОПС
23|medical insurance, no staff|ВЗНОСЫ НА ОМС ИП
24|medical insurance|ВЗНОСЫ НА ОМС
25|social insurance|ВЗНОСЫ НА ОСС
26|casino payment|ПЛАТЕЖ КАЗИНО
27|cash paid out by a bank payment agent|ВЫДАЧА ДЕНЕЖНЫХ СРЕДСТВ
30|excise goods of a marked kind, without code|АТНМ|4
31|excise goods of a marked kind, with code|АТМ|4
32|goods of a marked kind, without code|ТНМ|4
33|goods of a marked kind, with code|ТМ|4
`,
);

/** Bits of tags 1057 and 1222. */
export const AGENT_KINDS = list(
  TAG.agentKind,
  true,
  `
1|bank payment agent|БАНК. ПЛ. АГЕНТ
2|bank payment subagent|БАНК. ПЛ. СУБАГЕНТ
4|payment agent|ПЛ. АГЕНТ
8|payment subagent|ПЛ. СУБАГЕНТ
16|attorney|ПОВЕРЕННЫЙ
32|commissioner|КОМИССИОНЕР
64|agent|АГЕНТ
`,
);

/** Tag 2108. The print names are what FFD 1.05 and 1.1 write in tag 1197. */
export const MEASURES = list(
  TAG.measure,
  false,
  `
0|piece|шт
10|gram|г
11|kilogram|кг
12|tonne|т
20|centimetre|см
21|decimetre|дм
22|metre|м
30|square centimetre|кв.см
31|square decimetre|кв.дм
32|square metre|кв.м
40|millilitre|мл
41|litre|л
42|cubic metre|куб.м
50|kilowatt-hour|кВт ч
51|gigacalorie|Гкал
70|day|сутки
71|hour|час
72|minute|мин
73|second|с
80|kilobyte|Кбайт
81|megabyte|Мбайт
82|gigabyte|Гбайт
83|terabyte|Тбайт
255|other|ед.
`,
);

/** Tag 1101, FFD 1.0 and 1.05. */
export const REREGISTRATION_REASONS = list(
  TAG.reregistrationReason,
  false,
  `
1|FN change|замена ФН
2|operator change|замена ОФД
3|user's requisites|изменение реквизитов
4|KKT settings|изменение настроек ККТ
`,
);

/** Bits of tag 1205, FFD 1.1 and 1.2. */
export const CHANGE_REASONS = list(
  TAG.changeReasons,
  true,
  `
1|FN change|замена ФН
2|operator change|замена ОФД
4|user name|изменение наименования пользователя
8|address or place|изменение адреса и (или) места
16|from autonomous mode to transfer|перевод из автономного режима в режим передачи данных
32|from transfer to autonomous mode|перевод из режима передачи данных в автономный режим
64|KKT model version|изменение версии модели ККТ
128|tax systems|изменение перечня систем налогообложения
256|machine number|изменение номера автомата
512|from automatic to manual|перевод из автоматического режима в неавтоматический
1024|from manual to automatic|перевод из неавтоматического режима в автоматический
2048|BSO added|перевод в режим БСО
4096|BSO removed|перевод из режима БСО
8192|from Internet-only to printing|перевод из режима расчетов в Интернет
16384|from printing to Internet-only|перевод в режим расчетов в Интернет
32768|agents removed|прекращение деятельности агента
65536|agents added|начало деятельности агента
131072|gambling removed|прекращение проведения азартных игр
262144|gambling added|начало проведения азартных игр
524288|lotteries removed|прекращение проведения лотерей
1048576|lotteries added|начало проведения лотерей
2097152|FFD version|изменение версии ФФД
2147483648|other|иные причины
`,
);

/** Bits of tag 1206. */
export const OPERATOR_MESSAGES = list(
  TAG.operatorMessage,
  true,
  `
2|format-logic control failed|обнаружена ошибка при ФЛК
4|check the KKT cabinet|проверьте кабинет ККТ
8|FFD must be updated|необходимо обновление ФФД
16|KKT is in the plan of inspections|ККТ включена в план проверок
32|ask the operator for connection settings|настройте параметры связи с ОФД
64|the operator stops working|аннулировано разрешение ОФД
`,
);

/** Bits of tag 1290, FFD 1.2. */
export const USAGE_CONDITIONS = list(
  TAG.usageConditions,
  true,
  `
2|printer in a machine|ПРИНТЕР В АВТОМАТЕ
4|automated system for forms|АС БСО
32|Internet only|ККТ ДЛЯ ИНТЕРНЕТ
64|excise goods|ПОДАКЦИЗНЫЕ ТОВАРЫ
256|marked goods|ТМТ
512|services only|ККТ ДЛЯ УСЛУГ
1024|gambling|ПРОВЕДЕНИЕ АЗАРТНОЙ ИГРЫ
2048|lottery|ПРОВЕДЕНИЕ ЛОТЕРЕИ
4096|pawnshop|ЛОМБАРД
8192|insurance|СТРАХОВАНИЕ
16384|vending|ККТ С ТОРГ. АВТОМАТОМ
32768|catering|ККТ В ОБЩ. ПИТАНИИ
65536|wholesale to organisations|ОПТОВАЯ ТОРГОВЛЯ С ОРГ.
`,
);

/** Tag 1022. */
export const OFD_RESPONSE_CODES = list(
  TAG.ofdResponseCode,
  false,
  `
0|accepted|принят
11|document not recognised|документ не распознан
14|failed format-logic control|ошибка ФЛК
`,
);

/** Tag 1173. */
export const CORRECTION_TYPES = list(
  TAG.correctionType,
  false,
  `
0|on own initiative|САМОСТОЯТЕЛЬНО
1|by order of the FNS|ПО ПРЕДПИСАНИЮ
`,
);

/** Tags 2003 and 2110. 5 and 6 are in newer lists of the marking system. */
export const PLANNED_STATUSES = list(
  TAG.plannedStatus,
  false,
  `
1|piece sold|ШТ. ТОВАР РЕАЛИЗОВАН
2|measured goods being sold|МЕР. ТОВАР В СТАДИИ РЕАЛИЗАЦИИ
3|piece returned|ШТ. ТОВАР ВОЗВРАЩЕН
4|part returned|ЧАСТЬ ТОВАРА ВОЗВРАЩЕНА
5|piece being sold|ШТ. ТОВАР В СТАДИИ РЕАЛИЗАЦИИ
6|measured goods sold|МЕР. ТОВАР РЕАЛИЗОВАН
255|unchanged|СТАТУС ТОВАРА НЕ ИЗМЕНИЛСЯ
`,
);

/** Tag 1011: code 1 is UTC+2, 2 is UTC+3 (Moscow), … 11 is UTC+12. */
export const TIMEZONE_UTC_OFFSET_H: readonly number[] = [NaN, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** All enumerations above, for checking and for display. */
export const ENUMERATIONS: readonly Enumeration[] = [
  SETTLEMENT_SIGNS,
  TAX_SYSTEMS,
  { ...TAX_SYSTEMS, tag: TAG.taxSystem },
  FFD_VERSIONS,
  { ...FFD_VERSIONS, tag: TAG.kktFfd },
  { ...FFD_VERSIONS, tag: TAG.fnFfd },
  PAYMENT_METHODS,
  SUBJECTS,
  AGENT_KINDS,
  { ...AGENT_KINDS, tag: TAG.itemAgentKind },
  MEASURES,
  REREGISTRATION_REASONS,
  CHANGE_REASONS,
  OPERATOR_MESSAGES,
  USAGE_CONDITIONS,
  OFD_RESPONSE_CODES,
  CORRECTION_TYPES,
  PLANNED_STATUSES,
  { ...PLANNED_STATUSES, tag: TAG.assignedStatus },
];

const byTag = new Map(ENUMERATIONS.map((enumeration) => [enumeration.tag, enumeration]));

export const enumerationOf = (tag: number): Enumeration | undefined => byTag.get(tag);

/** Values a code stands for: one for a plain enumeration, one for each set bit of a mask. */
export function enumValues(tag: number, code: number): EnumValue[] {
  const enumeration = byTag.get(tag);
  if (enumeration === undefined) return [];
  if (!enumeration.mask) return enumeration.values.filter((value) => value.code === code);
  return enumeration.values.filter((value) => Math.floor(code / value.code) % 2 === 1);
}
