import { EXPRESSION_PATTERN, fromPointer, isJsonObject, type Said, say } from "@millrace/contract";
import type { TSchema } from "typebox";
import { Check, Errors } from "typebox/schema";
import { Settings } from "typebox/system";
import type { Problems } from "#plan/problem";
import { type SchemaError, saidOf } from "#plan/schema-sentences";
import { nearHint } from "#suggest";

/** The library stops at 8 errors by default; a document is told all of its problems, within reason. */
Settings.Set({ maxErrors: 200 });

/** Reports where `value` does not fit `schema`; an unknown member comes with the name it may have meant. True when it fits. */
export function checkSchema(schema: TSchema, value: unknown, at: string, problems: Problems, nodeId?: string): boolean {
  // What fits, which is most, is told in a fraction of the time that it takes to collect errors.
  if (Check(schema, value)) return true;
  const [, errors] = Errors(schema, value);
  const details = nodeId === undefined ? {} : { nodeId };
  for (const error of leaves(errors)) {
    const path = at + error.instancePath;
    if (error.keyword === "additionalProperties") {
      for (const name of error.params.additionalProperties) {
        const hint = nearHint(name, memberNames(schema, fromPointer(error.instancePath), schema));
        problems.add("unknown_member", `${path}/${pointerStep(name)}`, say`unknown member ${name}`, { ...details, ...(hint && { hint }) });
      }
    } else if (error.keyword === "required") {
      const names = error.params.requiredProperties.join(", ");
      problems.add("required", path, within(error, say`${names} is required`), details);
    } else {
      problems.add("invalid_value", path, within(error, saidOf(error)), details);
    }
  }
  return false;
}

/** Unions report each branch; the branches that came nearest say more than "must match a schema in anyOf". */
function leaves(errors: readonly SchemaError[]): SchemaError[] {
  const told = errors.filter((error) => error.keyword !== "boolean" && !isExpressionBranch(error));
  const inner = told.filter((error) => error.keyword !== "anyOf" && error.keyword !== "oneOf");
  const deepest = (error: SchemaError) =>
    !inner.some((other) => other !== error && other.instancePath.startsWith(`${error.instancePath}/`));
  const unique = new Map<string, SchemaError>();
  for (const error of inner.length > 0 ? inner : told) {
    if (isUnion(error) && !deepest(error)) continue;
    const key = `${error.instancePath} ${error.keyword} ${error.message}`;
    if (!unique.has(key)) unique.set(key, error);
  }
  return [...unique.values()];
}

/** That a value is no expression either says nothing that the other branch does not say better. */
function isExpressionBranch(error: SchemaError): boolean {
  return error.keyword === "pattern" && String(error.params.pattern).includes(EXPRESSION_PATTERN);
}

function isUnion(error: SchemaError): boolean {
  return error.schemaPath.includes("/anyOf/") || error.schemaPath.includes("/oneOf/");
}

function within({ instancePath }: SchemaError, said: Said): Said {
  return instancePath === "" ? said : say`${instancePath.slice(1).replaceAll("/", ".")}: ${said}`;
}

function pointerStep(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The names that members may have at a place, by all schemas that may hold there. */
function memberNames(schema: unknown, steps: readonly string[], root: unknown): string[] {
  const here = resolved(schema, root);
  if (!isJsonObject(here)) return [];
  const branches = [here["anyOf"], here["oneOf"], here["allOf"]].flatMap((list) => (Array.isArray(list) ? list : []));
  const { properties = null, patternProperties = null, additionalProperties, items } = here;
  const named = isJsonObject(properties) ? properties : {};
  const [step, ...rest] = steps;
  const inBranches = branches.flatMap((branch) => memberNames(branch, steps, root));
  if (step === undefined) return [...Object.keys(named), ...inBranches];
  const patterns = isJsonObject(patternProperties) ? Object.values(patternProperties) : [];
  const inner = Object.hasOwn(named, step) ? [named[step]] : [...patterns, additionalProperties, items];
  return [...inner.flatMap((each) => memberNames(each, rest, root)), ...inBranches];
}

/** What a reference to `$defs` stands for. */
function resolved(schema: unknown, root: unknown): unknown {
  const { $ref = null } = isJsonObject(schema) ? schema : {};
  const [, name] = typeof $ref === "string" ? (/^#\/\$defs\/([^/]+)$/.exec($ref) ?? []) : [];
  const { $defs = null } = isJsonObject(root) ? root : {};
  return name !== undefined && isJsonObject($defs) ? $defs[name] : schema;
}
