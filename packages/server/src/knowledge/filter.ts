import { isJsonObject, type Json, type JsonObject, METADATA_KEY } from "@millrace/contract";
import { MAX_CONDITIONS, MAX_VALUES } from "#knowledge/limits";
import type { MetadataCondition, MetadataValue } from "#store/knowledge-store";

/** A filter is none: `key` is where, the message is a sentence about it. */
export class FilterProblem extends Error {
  readonly key: string;
  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

const KEY = new RegExp(METADATA_KEY);
const ORDERS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

/** Reads a filter; all conditions of it hold. @throws FilterProblem */
export function readFilter(filter: JsonObject | null): readonly MetadataCondition[] {
  const conditions = Object.entries(filter ?? {}).flatMap(([key, wanted]) => conditionsOn(key, wanted));
  if (conditions.length > MAX_CONDITIONS) throw new FilterProblem("", `it has more than ${MAX_CONDITIONS} conditions.`);
  return conditions;
}

function conditionsOn(key: string, wanted: Json): readonly MetadataCondition[] {
  if (!KEY.test(key)) throw new FilterProblem(key, "names of metadata have letters, digits, _, . and -, 64 at most.");
  if (!isJsonObject(wanted)) return [{ key, is: "in", values: [valueIn(key, wanted)] }];
  const operators = Object.entries(wanted);
  if (operators.length === 0) throw new FilterProblem(key, "it has no condition.");
  return operators.map(([operator, value]) => conditionOf(key, operator, value));
}

function conditionOf(key: string, operator: string, value: Json): MetadataCondition {
  switch (operator) {
    case "in":
      return { key, is: "in", values: valuesIn(key, value) };
    case "not":
      return { key, is: "not in", values: Array.isArray(value) ? valuesIn(key, value) : [valueIn(key, value)] };
    case "exists":
      if (typeof value !== "boolean") throw new FilterProblem(key, "exists is true or false.");
      return { key, is: value ? "there" : "not there" };
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      if (typeof value !== "number" && typeof value !== "string") throw new FilterProblem(key, `${operator} takes a number or a text.`);
      return { key, is: ORDERS[operator], value };
    default:
      throw new FilterProblem(key, `there is no condition ${operator.slice(0, 40)}; there are in, not, exists, gt, gte, lt, lte.`);
  }
}

function valuesIn(key: string, value: Json): readonly MetadataValue[] {
  if (!Array.isArray(value)) throw new FilterProblem(key, "in takes a list.");
  if (value.length > MAX_VALUES) throw new FilterProblem(key, `it has more than ${MAX_VALUES} values.`);
  return value.map((one) => valueIn(key, one));
}

function valueIn(key: string, value: Json): MetadataValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new FilterProblem(key, "values are texts, numbers, true and false.");
}
