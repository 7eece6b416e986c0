import { typeWord, wording } from "#fault";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { say } from "#say";
import { isCount } from "#start/keywords-scalar";
import { accepts, checkAt } from "#start/schema-sink";
import type { KeywordCompiler, KeywordTable, SchemaCheck, SchemaScope, SchemaSink } from "#start/schema-types";
import { expectedWord } from "#start/type-word";

function sizeKeyword(
  code: string,
  key: "at_most_members" | "at_least_members",
  fits: (size: number, limit: number) => boolean,
): KeywordCompiler {
  return (operand, _schema, scope) => {
    if (!isCount(operand)) {
      scope.problem("invalid_keyword", say`must be a whole number, 0 or more`);
      return null;
    }
    return (value, sink) => {
      if (!isJsonObject(value)) return;
      const count = Object.keys(value).length;
      if (!fits(count, operand)) sink.add(code, wording(key, { limit: operand }), wording("members", { count }));
    };
  };
}

/** Compiles an object of schemas: name -> check. */
function compileEach(operand: Json, scope: SchemaScope, logic: boolean): ReadonlyMap<string, SchemaCheck> | null {
  if (!isJsonObject(operand)) {
    scope.problem("invalid_keyword", say`must be an object of schemas`);
    return null;
  }
  return new Map(
    Object.entries(operand).map(([name, schema]) => [name, logic ? scope.compileLogic(schema, name) : scope.compile(schema, name)]),
  );
}

const properties: KeywordCompiler = (operand, _schema, scope) => {
  const checks = compileEach(operand, scope, false);
  if (checks === null) return null;
  return (value, sink) => {
    if (!isJsonObject(value)) return;
    for (const [name, check] of checks) {
      const member = own(value, name);
      if (member !== undefined) checkAt(check, member, name, sink);
    }
  };
};

/** Own members only: what an object inherits is not part of the JSON. */
export function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

export function isNames(operand: Json | undefined): operand is readonly string[] {
  return Array.isArray(operand) && operand.every((name) => typeof name === "string");
}

const required: KeywordCompiler = (operand, schema, scope) => {
  if (!isNames(operand)) {
    scope.problem("invalid_keyword", say`must be an array of names`);
    return null;
  }
  const declared = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  return (value, sink) => {
    if (!isJsonObject(value)) return;
    for (const name of operand) {
      if (own(value, name) === undefined) addMissing(sink, name, expectedWord(own(declared, name)));
    }
  };
};

function addMissing(sink: SchemaSink, name: string, expected: Parameters<SchemaSink["add"]>[1]): void {
  sink.enter(name);
  sink.add("required", expected, typeWord(undefined));
  sink.leave();
}

/** Members that `properties` does not name. */
const additionalProperties: KeywordCompiler = (operand, schema, scope) => {
  if (operand === true) return null;
  const declared = isJsonObject(schema["properties"]) ? Object.keys(schema["properties"]) : [];
  const names = new Set(declared);
  const check = operand === false ? null : scope.compile(operand);
  return (value, sink) => {
    if (!isJsonObject(value)) return;
    for (const [name, member] of Object.entries(value)) {
      if (sink.full) return;
      if (names.has(name)) continue;
      if (check === null) sink.addUnknownKey(name, declared);
      else checkAt(check, member, name, sink);
    }
  };
};

const propertyNames: KeywordCompiler = (operand, _schema, scope) => {
  const check = scope.compileLogic(operand);
  return (value, sink) => {
    if (!isJsonObject(value)) return;
    for (const name of Object.keys(value)) {
      if (accepts(check, name)) continue;
      sink.enter(name);
      sink.add("property_names", wording("member_name"), JSON.stringify(name.slice(0, 40)));
      sink.leave();
    }
  };
};

const dependentRequired: KeywordCompiler = (operand, _schema, scope) => {
  if (!isJsonObject(operand) || !Object.values(operand).every((names) => isNames(names))) {
    scope.problem("invalid_keyword", say`must be an object of arrays of names`);
    return null;
  }
  const rules = Object.entries(operand).map(([name, names]) => ({ name, names: isNames(names) ? names : [] }));
  return (value, sink) => {
    if (!isJsonObject(value)) return;
    for (const { name, names } of rules) {
      if (own(value, name) === undefined) continue;
      for (const other of names) {
        if (own(value, other) === undefined) addMissing(sink, other, wording("value_with", { name }));
      }
    }
  };
};

const dependentSchemas: KeywordCompiler = (operand, _schema, scope) => {
  const checks = compileEach(operand, scope, true);
  if (checks === null) return null;
  return (value, sink) => {
    if (!isJsonObject(value)) return;
    for (const [name, check] of checks) {
      if (own(value, name) !== undefined) check(value, sink);
    }
  };
};

export const OBJECT_KEYWORDS: KeywordTable = {
  properties,
  required,
  additionalProperties,
  propertyNames,
  minProperties: sizeKeyword("min_properties", "at_least_members", (size, limit) => size >= limit),
  maxProperties: sizeKeyword("max_properties", "at_most_members", (size, limit) => size <= limit),
  dependentRequired,
  dependentSchemas,
};
