/** Finished receipts as clients look at them: facts to search by, exports in the background. */
export * from './analytics/forecast';
export * from './analytics/report';
export * from './analytics/report-mail';
export * from './facts/absorber';
export * from './facts/facts-of';
export * from './export/columns';
export * from './export/csv';
export * from './export/export-runner';
export * from './export/xlsx';
