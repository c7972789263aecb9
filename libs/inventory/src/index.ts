/** The hall as a file: read, checked, taken into the database and written out again. */
export * from './exporter';
export * from './file';
export * from './importer';
