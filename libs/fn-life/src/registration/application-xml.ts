import type { ApplicationKind } from './application';
import { form } from './form-1110061';
import type { RegistrationFacts } from './check';
import { applicationReasons } from './reasons';

/** A report of the FN as the application names it. */
export interface ReportFacts {
  fdNumber: number;
  /** Local wall clock `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** Tag 1077. */
  fiscalSign: number;
}

export interface ApplicationFacts {
  kind: ApplicationKind;
  /** Unique name part of the file. */
  id: string;
  /** `YYYY-MM-DD`. */
  date: string;
  facts: RegistrationFacts;
  reasons: number;
  /** Form 1 or 11; absent before it is made. */
  report?: ReportFacts;
  /** Form 6 of the FN that left. */
  closing?: ReportFacts;
  oldFnFailed: boolean;
}

/** XML 1.0 holds no control characters but tab and line ends. */
const isWritable = (character: string): boolean => character >= ' ' || '\t\n\r'.includes(character);

const escape = (text: string): string =>
  [...text]
    .filter(isWritable)
    .join('')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');

type Attributes = Readonly<Record<string, string | number | null | undefined>>;

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

const russianDate = (day: string): string => day.slice(0, 10).split('-').reverse().join('.');
const flag = (is: boolean): string => (is ? form.yes : form.no);

/** Name of the file without its ending: the tax service's habit, see the form. */
export const applicationFileName = ({ facts, id, date }: ApplicationFacts): string =>
  [form.filePrefix, `${facts.inn}${facts.kpp ?? ''}`, date.replace(/-/g, ''), id].join('_');

/**
 * The application as text; it declares windows-1251 and must be written so. Every name and version that is not
 * confirmed stands in `form-1110061.ts`.
 */
export function applicationXml(application: ApplicationFacts): string {
  const { facts, kind, reasons, report, closing } = application;
  const { names } = form;
  const { modes } = facts;
  const isOrganisation = facts.inn.length === 10;
  const taxpayer = isOrganisation
    ? element(names.organisation, {
        [names.name]: facts.userName,
        [names.inn]: facts.inn,
        [names.kpp]: facts.kpp,
      })
    : element(names.person, { [names.personName]: facts.userName, [names.inn]: facts.inn });
  const reportElement = (name: string, one: ReportFacts | undefined): string[] =>
    one
      ? [
          element(name, {
            [names.fdNumber]: one.fdNumber,
            [names.at]: `${russianDate(one.at)} ${one.at.slice(11, 16)}`,
            [names.fiscalSign]: String(one.fiscalSign).padStart(10, '0'),
          }),
        ]
      : [];
  const body = element(
    names.application,
    {
      [names.kktModel]: facts.kktModel,
      [names.kktSerial]: facts.kktSerial,
      [names.rnm]: facts.rnm,
      [names.fnModel]: facts.fnModel,
      [names.fnNumber]: facts.fnNumber,
      ...(kind === 'reregistration' ? { [names.reasons]: applicationReasons(reasons).join(',') } : {}),
    },
    [
      element(names.place, { [names.address]: facts.address, [names.site]: facts.place }),
      element(names.modes, {
        [names.autonomous]: flag(modes.autonomous),
        [names.lottery]: flag(modes.lottery),
        [names.gambling]: flag(modes.gambling),
        [names.agent]: flag(modes.agents !== 0),
        [names.automatic]: flag(modes.automatic),
        [names.machineNumber]: facts.machineNumber,
        [names.internet]: flag(modes.internetOnly),
        [names.services]: flag(modes.services),
        [names.excise]: flag(modes.excise),
        [names.marking]: flag(modes.marking),
      }),
      element(names.operator, { [names.operatorName]: facts.ofdName, [names.inn]: facts.ofdInn }),
      ...reportElement(names.report, report),
      ...reportElement(names.closing, closing),
      ...(application.oldFnFailed ? [element(names.fnFailed, { [names.kind]: form.yes })] : []),
    ],
  );
  const file = element(
    names.file,
    {
      [names.fileId]: applicationFileName(application),
      [names.programVersion]: form.program,
      [names.formatVersion]: form.formatVersion,
    },
    [
      element(names.document, { [names.formCode]: form[kind], [names.date]: russianDate(application.date) }, [
        element(names.taxpayer, {}, [taxpayer]),
        body,
      ]),
    ],
  );
  return `<?xml version="1.0" encoding="windows-1251"?>\n${file}\n`;
}
