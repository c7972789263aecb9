// The package is one object whose methods need it as `this`, which named imports would take away.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import pdfmake = require('pdfmake');
import { dirname, join } from 'node:path';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';
import { type ApplicationFacts, applicationReasons, type ReportFacts } from '@kkt/fn-life';

const folder = join(dirname(require.resolve('pdfmake/fonts/Roboto')), 'Roboto');
const fonts = {
  Roboto: { normal: join(folder, 'Roboto-Regular.ttf'), bold: join(folder, 'Roboto-Medium.ttf') },
};

pdfmake.setFonts(fonts);
// A document is made of what it holds: nothing is fetched, and nothing is read from the disk but the two fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => Object.values(fonts.Roboto).includes(path));

const titles = {
  registration: 'Заявление о регистрации контрольно-кассовой техники',
  reregistration: 'Заявление о перерегистрации контрольно-кассовой техники',
  deregistration: 'Заявление о снятии контрольно-кассовой техники с учёта',
} as const;
const formCodes = { registration: '1110061', reregistration: '1110061', deregistration: '1110062' } as const;
const reasonNames: Readonly<Record<number, string>> = {
  1: 'смена адреса и (или) места установки',
  2: 'смена оператора фискальных данных',
  3: 'изменение сведений об автоматических устройствах',
  4: 'замена фискального накопителя',
  5: 'переход из автономного режима в режим передачи данных',
  6: 'переход из режима передачи данных в автономный режим',
  7: 'смена наименования пользователя',
  8: 'иные причины',
};
const taxSystems = ['ОСН', 'УСН доход', 'УСН доход − расход', 'ЕНВД', 'ЕСХН', 'патент'];

const yes = (is: boolean): string => (is ? 'да' : 'нет');
const date = (at: string): string => at.slice(0, 10).split('-').reverse().join('.');
const moment = (at: string): string => `${date(at)} ${at.slice(11, 16)}`;

function rows(heading: string, pairs: readonly (readonly [string, string | null])[]): Content[] {
  const body: TableCell[][] = pairs.map(([name, value]) => [
    { text: name, color: '#444' },
    { text: value ?? '—', bold: true },
  ]);
  return [
    { text: heading, style: 'heading' },
    { table: { widths: ['45%', '55%'], body }, layout: 'lightHorizontalLines' },
  ];
}

const reportRows = (heading: string, report: ReportFacts | undefined): Content[] =>
  report
    ? rows(heading, [
        ['Номер фискального документа', String(report.fdNumber)],
        ['Дата и время', moment(report.at)],
        ['Фискальный признак', String(report.fiscalSign).padStart(10, '0')],
      ])
    : [];

/** The application's facts on one or two pages, in the order of the form. */
export function applicationPdf(application: ApplicationFacts): Promise<Buffer> {
  const { facts, kind, reasons } = application;
  const { modes } = facts;
  const definition: TDocumentDefinitions = {
    info: { title: titles[kind] },
    pageMargins: [48, 48, 48, 48],
    defaultStyle: { font: 'Roboto', fontSize: 10 },
    styles: { heading: { bold: true, fontSize: 11, margin: [0, 12, 0, 4] } },
    content: [
      { text: `Форма по КНД ${formCodes[kind]}`, alignment: 'right', fontSize: 9 },
      { text: titles[kind], bold: true, fontSize: 14, margin: [0, 8, 0, 4] },
      { text: `Дата: ${date(application.date)}` },
      ...rows('Пользователь', [
        ['Наименование', facts.userName],
        ['ИНН', facts.inn],
        ...(facts.inn.length === 10 ? ([['КПП', facts.kpp]] as const) : []),
      ]),
      ...rows('Контрольно-кассовая техника', [
        ['Модель', facts.kktModel],
        ['Заводской номер', facts.kktSerial],
        ['Регистрационный номер', facts.rnm],
        ['Модель фискального накопителя', facts.fnModel],
        ['Заводской номер фискального накопителя', facts.fnNumber],
        ['Адрес установки', facts.address],
        ['Место установки', facts.place],
      ]),
      ...(kind === 'reregistration'
        ? rows('Причины перерегистрации', [
            ...applicationReasons(reasons).map((code) => [`Код ${code}`, reasonNames[code] ?? ''] as const),
          ])
        : []),
      ...rows('Режимы применения', [
        ['Только для расчётов в сети Интернет', yes(modes.internetOnly)],
        ['Автономный режим', yes(modes.autonomous)],
        ['Автоматическое устройство', modes.automatic ? (facts.machineNumber ?? 'да') : 'нет'],
        ['Услуги (БСО)', yes(modes.services)],
        ['Подакцизные товары', yes(modes.excise)],
        ['Маркированные товары', yes(modes.marking)],
        ['Азартные игры, лотереи', yes(modes.gambling || modes.lottery)],
        ['Платёжный агент', yes(modes.agents !== 0)],
        ['Системы налогообложения', taxSystems.filter((_, bit) => (facts.taxSystems >> bit) & 1).join(', ')],
      ]),
      ...rows('Оператор фискальных данных', [
        ['Наименование', facts.ofdName],
        ['ИНН', facts.ofdInn],
      ]),
      ...reportRows('Отчёт о (пере)регистрации', application.report),
      ...reportRows('Отчёт о закрытии фискального накопителя', application.closing),
      ...(application.oldFnFailed
        ? [
            {
              text: 'Отчёт о закрытии не сформирован: фискальный накопитель неисправен.',
              margin: [0, 12, 0, 0],
            } as Content,
          ]
        : []),
      { text: 'Подпись ____________________      Дата ____________________', margin: [0, 32, 0, 0] },
    ],
  };
  return pdfmake.createPdf(definition).getBuffer();
}
