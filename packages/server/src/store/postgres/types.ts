import pg, { type CustomTypesConfig } from "pg";
import { unspelled } from "#store/postgres/texts";

const number = (text: string): number => Number(text);
/** Of its own memory, so that numbers in it lie where a typed array can read them. */
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.slice(2), "hex"));

const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.BYTEA, bytes],
  [pg.types.builtins.INT8, number],
  [pg.types.builtins.INT4, number],
  [pg.types.builtins.FLOAT8, number],
]);

/** Rows have the values that rows of every store have: texts, numbers and bytes. */
export const TYPES = { getTypeParser: (type: number) => PARSERS.get(type) ?? unspelled } as CustomTypesConfig;
