export { BYTE_ORDER_MARK, csvText } from './csv-text.ts';
export { FORMATS, MEDIA_TYPES } from './formats.ts';
export type { Format } from './formats.ts';
export type { Column, RegisterDocument, Row, Table } from './register-document.ts';
