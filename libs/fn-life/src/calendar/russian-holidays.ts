/** Days off of one year besides Saturdays and Sundays, and working Saturdays or Sundays. `MM-DD`. */
export interface YearOfHolidays {
  daysOff: readonly string[];
  workingWeekends: readonly string[];
  /** Where the moved days of this year come from; null: no decree is known, only the Labour Code is applied. */
  decree: string | null;
}

/**
 * Data: the Russian working calendar. Holidays are those of article 112 of the Labour Code (1–8 January, 23 February,
 * 8 March, 1 May, 9 May, 12 June, 4 November); a holiday on a day off (other than in January) moves to the next working
 * day by the same article; the government moves days by a decree each year.
 * To add a year: take the decree "О переносе выходных дней", list what is not a Saturday or Sunday.
 */
export const russianHolidays: Readonly<Record<number, YearOfHolidays>> = {
  2025: {
    decree: 'Decree of the Government of the Russian Federation of 04.10.2024 No. 1335',
    daysOff: [
      '01-01',
      '01-02',
      '01-03',
      '01-06',
      '01-07',
      '01-08',
      '05-01',
      '05-02',
      '05-08',
      '05-09',
      '06-12',
      '06-13',
      '11-03',
      '11-04',
      '12-31',
    ],
    workingWeekends: ['11-01'],
  },
  2026: {
    decree: 'Decree of the Government of the Russian Federation of 24.09.2025 No. 1466',
    daysOff: [
      '01-01',
      '01-02',
      '01-05',
      '01-06',
      '01-07',
      '01-08',
      '01-09',
      '02-23',
      '03-09',
      '05-01',
      '05-11',
      '06-12',
      '11-04',
      '12-31',
    ],
    workingWeekends: [],
  },
  2027: {
    decree: null,
    daysOff: [
      '01-01',
      '01-04',
      '01-05',
      '01-06',
      '01-07',
      '01-08',
      '02-23',
      '03-08',
      '05-03',
      '05-10',
      '06-14',
      '11-04',
    ],
    workingWeekends: [],
  },
  2028: {
    decree: null,
    daysOff: [
      '01-03',
      '01-04',
      '01-05',
      '01-06',
      '01-07',
      '02-23',
      '03-08',
      '05-01',
      '05-09',
      '06-12',
      '11-06',
    ],
    workingWeekends: [],
  },
};
