import { type ErrorItem, isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { Html, html, NOTHING } from "#approvals/page/html";
import type { PageTexts } from "#approvals/page/texts";

/** What is in the form, by field: its defaults, or what was sent. */
export type FieldValues = { readonly [field: string]: Json };

export interface FieldsInput {
  readonly form: JsonObject;
  readonly values: FieldValues;
  readonly faults: readonly ErrorItem[];
  readonly texts: PageTexts;
}

/** The fields of a form, in the order of its schema. */
export function drawFields(input: FieldsInput): Html {
  const required = Array.isArray(input.form["required"]) ? (input.form["required"] as readonly Json[]) : [];
  return html`${propertiesOf(input.form).map(([name, field], at) => drawField(input, name, field, { at, isRequired: required.includes(name) }))}`;
}

/** What a browser sends for the form. What is empty was left out. */
export function readFields(form: JsonObject, sent: URLSearchParams): JsonObject {
  const fields = propertiesOf(form).flatMap(([name, field]): [string, Json][] => {
    const value = readField(field, sent.getAll(fieldName(name)));
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(fields);
}

export function defaultsOf(form: JsonObject): FieldValues {
  return Object.fromEntries(propertiesOf(form).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])));
}

function propertiesOf({ properties }: JsonObject): [string, JsonObject][] {
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
}

const fieldName = (name: string): string => `f.${name}`;

function readField({ type }: JsonObject, sent: readonly string[]): Json | undefined {
  const [text = ""] = sent;
  if (type === "boolean") return sent.length > 0;
  if (type === "array") return sent.length > 0 ? [...sent] : undefined;
  if (text.trim() === "") return undefined;
  // What is no number is left for the check to say so.
  return (type === "number" || type === "integer") && Number.isFinite(Number(text)) ? Number(text) : text.replaceAll("\r\n", "\n");
}

interface Place {
  readonly at: number;
  readonly isRequired: boolean;
}

function drawField({ values, faults, texts }: FieldsInput, name: string, field: JsonObject, { at, isRequired }: Place): Html {
  const id = `f${at}`;
  const fault = faults.find(({ path }) => path === `/form/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  const attributes = html`${isRequired && field["type"] !== "boolean" ? html` required` : null}${fault ? html` aria-invalid="true"` : null}${
    field["description"] !== undefined || fault ? html` aria-describedby="${id}-help"` : null
  }`;
  const title = html`${textOr(field["title"], name)}${isRequired || field["type"] === "boolean" ? null : html` <small>${texts.optional}</small>`}`;
  const help = html`<span id="${id}-help">${field["description"] === undefined ? null : html`<p class="quiet" dir="auto">${textOr(field["description"], "")}</p>`}${
    fault ? html`<p class="fault">${fault.message ?? ""}</p>` : null
  }</span>`;
  const drawn = { id, name: fieldName(name), value: values[name] ?? null, attributes };
  if (field["type"] === "boolean")
    return html`<div class="field"><label class="choice" dir="auto"><input type="checkbox" id="${id}" name="${drawn.name}" value="true"${
      drawn.value === true ? html` checked` : null
    }> ${title}</label>${help}</div>`;
  if (field["type"] === "array")
    return html`<fieldset class="field"><legend dir="auto">${title}</legend>${choices(field, drawn)}${help}</fieldset>`;
  return html`<div class="field"><label for="${id}" dir="auto">${title}</label>${control(field, drawn, texts)}${help}</div>`;
}

interface Drawn {
  readonly id: string;
  readonly name: string;
  readonly value: Json;
  readonly attributes: Html;
}

function control(field: JsonObject, { id, name, value, attributes }: Drawn, texts: PageTexts): Html {
  const text = value === null ? "" : String(value);
  const named = html`id="${id}" name="${name}"${attributes}`;
  if (Array.isArray(field["enum"])) {
    const options = (field["enum"] as readonly Json[]).map(
      (option) => html`<option value="${String(option)}"${String(option) === text ? html` selected` : null}>${String(option)}</option>`,
    );
    return html`<select ${named}><option value="">${texts.choose}</option>${options}</select>`;
  }
  if (field["x-multiline"] === true) return html`<textarea ${named}${bounds(field)} dir="auto" rows="4">${text}</textarea>`;
  return html`<input ${named} type="${inputType(field)}"${bounds(field)} value="${text}" dir="auto">`;
}

function choices(field: JsonObject, { name, value }: Drawn): Html {
  const options = isJsonObject(field["items"]) && Array.isArray(field["items"]["enum"]) ? (field["items"]["enum"] as readonly Json[]) : [];
  const chosen = Array.isArray(value) ? (value as readonly Json[]) : [];
  return html`${options.map(
    (option) =>
      html`<label class="choice"><input type="checkbox" name="${name}" value="${String(option)}"${
        chosen.includes(option) ? html` checked` : null
      }> ${String(option)}</label>`,
  )}`;
}

const BOUNDS = [
  ["minLength", "minlength"],
  ["maxLength", "maxlength"],
  ["minimum", "min"],
  ["maximum", "max"],
] as const;

function bounds(field: JsonObject): Html {
  const step = field["type"] === "number" ? html` step="any"` : NOTHING;
  return html`${BOUNDS.map(([keyword, attribute]) => {
    const bound = field[keyword];
    return typeof bound === "number" ? html` ${new Html(attribute)}="${bound}"` : null;
  })}${step}`;
}

function inputType({ type, format }: JsonObject): string {
  if (type === "number" || type === "integer") return "number";
  return format === "date" || format === "email" ? format : format === "uri" ? "url" : "text";
}

function textOr(value: Json | undefined, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}
