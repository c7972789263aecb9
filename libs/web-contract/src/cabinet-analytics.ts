import type { DateText, Moment } from './common';

export interface SalesFiguresView {
  /** Registered sales. */
  receipts: number;
  incomeKop: number;
  returns: number;
  returnsKop: number;
  failed: number;
  /** Income less its returns. */
  revenueKop: number;
  averageKop: number;
}

/** A part of the sales by its name or machine word. */
export type SalesPart = SalesFiguresView & { key: string };

/** `GET /api/analytics`. */
export interface AnalyticsView {
  period: { from: DateText; to: DateText };
  /** As many days just before. */
  before: { from: DateText; to: DateText };
  figures: SalesFiguresView;
  figuresBefore: SalesFiguresView;
  /** `at` is local time, `YYYY-MM-DDTHH`; spans without receipts are left out. */
  series: (SalesFiguresView & { at: string })[];
  seriesBefore: (SalesFiguresView & { at: string })[];
  byShop: SalesPart[];
  byRegion: SalesPart[];
  byChannel: SalesPart[];
  /** By the subject of settlement (tag 1212). */
  byCategory: SalesPart[];
  goods: {
    name: string;
    subject: number;
    receipts: number;
    soldKop: number;
    soldMicro: number;
    returnedKop: number;
  }[];
  /** Hours of the week; 1 is Monday. Hours without receipts are left out. */
  heat: { weekday: number; hour: number; receipts: number; revenueKop: number }[];
  /** The coming days; empty while there are less than two weeks of history. */
  forecast: { day: DateText; kop: number; lowKop: number; highKop: number }[];
}

/** `GET /api/analytics/report`. */
export interface ReportView {
  lines: {
    key: string;
    figures: { receipts: number; incomeKop: number; returns: number; returnsKop: number; failed: number };
  }[];
}

/** A report that is mailed by itself. */
export interface ReportScheduleView {
  id: string;
  name: string;
  every: 'day' | 'week' | 'month';
  email: string;
  rows: string;
  nextAt: Moment;
  lastAt: Moment | null;
}
