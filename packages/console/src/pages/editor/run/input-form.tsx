import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { JsonField } from "#pages/editor/fields/json-field.tsx";
import { membersOf } from "#pages/editor/fields/schema-kind.ts";
import { useText } from "#pages/editor/text.ts";
import { Check, Field, Select, TextArea, TextInput } from "#ui/field.tsx";

interface InputFormProps {
  /** JSON Schema of Start's input. */
  readonly schema: JsonObject;
  readonly value: JsonObject;
  readonly onChange: (value: JsonObject) => void;
}

/** A field for each parameter of Start. */
export function InputForm({ schema, value, onChange }: InputFormProps) {
  const t = useText();
  const members = membersOf(schema);
  if (members.length === 0) return <p className="text-sm text-quiet">{t("input.nothing")}</p>;
  const set = (name: string, next: Json | undefined) => {
    const { [name]: _before, ...rest } = value;
    onChange(next === undefined ? (rest as JsonObject) : { ...value, [name]: next });
  };
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {members.map(({ name, schema: own, required }) => (
        <Parameter key={name} name={name} schema={own} required={required} value={value[name]} onChange={(next) => set(name, next)} />
      ))}
    </div>
  );
}

interface ParameterProps {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}

function Parameter({ name, schema, required, value, onChange }: ParameterProps) {
  const { type, enum: options, description, default: usual } = schema;
  const hint = typeof description === "string" ? description : undefined;
  const title = typeof schema["title"] === "string" ? schema["title"] : name;
  const placeholder = usual === undefined ? undefined : typeof usual === "string" ? usual : JSON.stringify(usual);
  if (type === "boolean") return <Check label={title} checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
  return (
    <Field label={title} hint={hint} required={required}>
      {(control) => {
        if (Array.isArray(options))
          return (
            <Select
              {...control}
              value={String(value ?? "")}
              onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
            >
              <option value="">{placeholder ?? ""}</option>
              {options.map((option) => (
                <option key={String(option)} value={String(option)}>
                  {String(option)}
                </option>
              ))}
            </Select>
          );
        if (type === "integer" || type === "number")
          return (
            <TextInput
              {...control}
              inputMode="decimal"
              placeholder={placeholder}
              value={String(value ?? "")}
              onChange={(event) => onChange(numberOf(event.target.value))}
            />
          );
        if (type === "object" || type === "array" || isJsonObject(value) || Array.isArray(value))
          return <JsonField label={title} value={value} onChange={onChange} />;
        return (
          <TextArea
            {...control}
            rows={1}
            placeholder={placeholder}
            value={typeof value === "string" ? value : ""}
            onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
          />
        );
      }}
    </Field>
  );
}

/** Full-width digits count; what is no number goes as it is written, and the server says so. */
function numberOf(text: string): Json | undefined {
  const plain = text.normalize("NFKC").trim();
  if (plain === "") return undefined;
  const number = Number(plain);
  return Number.isFinite(number) && !plain.endsWith(".") ? number : text;
}
