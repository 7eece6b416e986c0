import { type Said, say } from "@millrace/contract";
import type { Errors } from "typebox/schema";

export type SchemaError = ReturnType<typeof Errors>[1][number];

/** What an error of the schema library says. Of a keyword that no document's schema has, the library's own words. */
export function saidOf(error: SchemaError): Said {
  return ofValue(error) ?? ofSize(error) ?? { text: error.message, values: [] };
}

function ofValue(error: SchemaError): Said | null {
  switch (error.keyword) {
    case "anyOf":
      return say`must match a schema in anyOf`;
    case "oneOf":
      return say`must match exactly one schema in oneOf`;
    case "const":
      return say`must be equal to constant`;
    case "enum":
      return say`must be one of ${listed(error.params.allowedValues)}`;
    case "type":
      return typeof error.params.type === "string"
        ? say`must be ${error.params.type}`
        : say`must be either ${error.params.type.join(" or ")}`;
    case "pattern":
      return say`must match pattern "${String(error.params.pattern)}"`;
    case "format":
      return say`must match format "${error.params.format}"`;
    case "propertyNames":
      return say`property names ${error.params.propertyNames.join(", ")} are invalid`;
    case "uniqueItems":
      return say`must not have duplicate items`;
    default:
      return null;
  }
}

/** Of a longer list the first; the rest is in the type's page. */
const LISTED = 20;

function listed(values: readonly unknown[]): string {
  const texts = values.slice(0, LISTED).map((value) => JSON.stringify(value));
  return [...texts, ...(values.length > LISTED ? ["…"] : [])].join(", ");
}

function ofSize(error: SchemaError): Said | null {
  switch (error.keyword) {
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return say`must be ${error.params.comparison} ${String(error.params.limit)}`;
    case "multipleOf":
      return say`must be multiple of ${String(error.params.multipleOf)}`;
    case "minLength":
      return say`must not have fewer than ${error.params.limit} characters`;
    case "maxLength":
      return say`must not have more than ${error.params.limit} characters`;
    case "minItems":
      return say`must not have fewer than ${error.params.limit} items`;
    case "maxItems":
      return say`must not have more than ${error.params.limit} items`;
    case "minProperties":
      return say`must not have fewer than ${error.params.limit} properties`;
    case "maxProperties":
      return say`must not have more than ${error.params.limit} properties`;
    default:
      return null;
  }
}
