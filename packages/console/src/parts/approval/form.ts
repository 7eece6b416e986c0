// What an approval asks to be filled in: a flat JSON Schema of a few words that every page can draw (FORM_KEYWORDS of the contract).

export interface FormProperty {
  readonly name: string;
  readonly type: "string" | "number" | "integer" | "boolean" | "array";
  readonly title: string;
  readonly description?: string;
  readonly choices: readonly string[] | null;
  readonly format?: string;
  readonly multiline: boolean;
  readonly required: boolean;
  readonly initial: string | boolean | readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

export function propertiesOf(form: object | undefined): FormProperty[] {
  const schema = (form ?? {}) as { readonly properties?: Readonly<Record<string, Schema>>; readonly required?: readonly string[] };
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const type = (property["type"] ?? "string") as FormProperty["type"];
    const items = property["items"] as Schema | undefined;
    const choices = (property["enum"] ?? items?.["enum"] ?? null) as readonly unknown[] | null;
    return {
      name,
      type,
      title: String(property["title"] ?? name),
      ...(typeof property["description"] === "string" && { description: property["description"] }),
      choices: choices?.map(String) ?? null,
      ...(typeof property["format"] === "string" && { format: property["format"] }),
      multiline: property["x-multiline"] === true,
      required: schema.required?.includes(name) ?? false,
      initial: initialOf(type, property["default"]),
    };
  });
}

function initialOf(type: FormProperty["type"], given: unknown): FormProperty["initial"] {
  if (type === "boolean") return given === true;
  if (type === "array") return Array.isArray(given) ? given.map(String) : [];
  return given === undefined ? "" : String(given);
}

export type FormValues = Readonly<Record<string, FormProperty["initial"]>>;

/** As the API takes it: what was left empty is left out, numbers are numbers. Full-width digits are digits. */
export function filled(properties: readonly FormProperty[], values: FormValues): Record<string, unknown> {
  const entries = properties.map(({ name, type, initial }) => {
    const value = values[name] ?? initial;
    if (type !== "number" && type !== "integer") return [name, value === "" ? undefined : value] as const;
    const text = String(value).normalize("NFKC").trim();
    return [name, text === "" ? undefined : Number.isNaN(Number(text)) ? text : Number(text)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
