import type { Json } from "@millrace/contract";
import pg, { type CustomTypesConfig } from "pg";
import { bytes, floating, wholeNumber } from "#databases/values";

type Parser = (text: string) => Json;

const wide: Parser = (text) => wholeNumber(text);
const number: Parser = (text) => floating(Number(text));
const json: Parser = (text) => JSON.parse(text) as Json;
/** `2024-01-02 03:04:05.6+00` */
const moment: Parser = (text) => text.replace(" ", "T").replace(/\+00$/, "Z");
const local: Parser = (text) => text.replace(" ", "T");

/** By the numbers that the types have in every PostgreSQL. Whatever is not here comes as the database writes it: exact decimals, texts, dates. */
const PARSERS: ReadonlyMap<number, Parser> = new Map([
  [16, (text) => text === "t"],
  [17, (text) => bytes(Buffer.from(text.slice(2), "hex"))],
  [20, wide],
  [21, number],
  [23, number],
  [26, number],
  [114, json],
  [700, number],
  [701, number],
  [1114, local],
  [1184, moment],
  [3802, json],
]);

/** Of arrays: type -> type of the elements. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [199, 114],
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1015, 1043],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1115, 1114],
  [1182, 1082],
  [1185, 1184],
  [1231, 1700],
  [2951, 2950],
  [3807, 3802],
]);

const TEXT_ARRAY = 1009;

const asWritten: Parser = (text) => text;
/** The driver's own: it takes the braces apart, and leaves the elements as they are written. */
const textArray = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => Nested;

type Nested = readonly (string | null | Nested)[];

function parserOf(type: number): Parser {
  const element = ARRAYS.get(type);
  if (element === undefined) return PARSERS.get(type) ?? asWritten;
  const parse = PARSERS.get(element) ?? asWritten;
  const each = (values: Nested): Json =>
    values.map((value) => (value === null ? null : typeof value === "string" ? parse(value) : each(value)));
  return (text) => each(textArray(text));
}

export const TYPES = { getTypeParser: (type: number) => parserOf(type) } as CustomTypesConfig;
