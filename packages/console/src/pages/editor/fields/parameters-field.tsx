import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { JsonField } from "#pages/editor/fields/json-field.tsx";
import { NameInput } from "#pages/editor/fields/name-input.tsx";
import { useText } from "#pages/editor/text.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Check, Select, TextInput } from "#ui/field.tsx";

const TYPES = ["string", "integer", "number", "boolean", "object", "array", "file"] as const;
type ParameterType = (typeof TYPES)[number];

interface ParametersFieldProps {
  readonly label: string;
  readonly value: Json | undefined;
  readonly onChange: (value: Json) => void;
}

/** The JSON Schema of an object, a row a member; what a row has no place for is kept, and edited as JSON. */
export function ParametersField({ label, value, onChange }: ParametersFieldProps) {
  const t = useText();
  const [asJson, setAsJson] = useState(false);
  const schema = isJsonObject(value) ? value : { type: "object" };
  const toggle = (
    <button
      type="button"
      aria-pressed={asJson}
      className="self-start text-xs text-quiet underline-offset-2 hover:underline"
      onClick={() => setAsJson(!asJson)}
    >
      {asJson ? t("parameters.rows") : t("mode.json")}
    </button>
  );
  if (asJson) {
    return (
      <div className="flex flex-col gap-1">
        <JsonField label={label} value={schema} onChange={onChange} />
        {toggle}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <Rows schema={schema} onChange={onChange} />
      {toggle}
    </div>
  );
}

function Rows({ schema, onChange }: { schema: JsonObject; onChange: (value: Json) => void }) {
  const t = useText();
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  const entries = Object.entries(properties) as [string, Json][];
  const write = (next: readonly (readonly [string, Json])[], needed: readonly string[]) => {
    const { required: _before, ...rest } = schema;
    onChange({ ...rest, properties: Object.fromEntries(next), ...(needed.length > 0 && { required: [...needed] }) });
  };
  const fresh = () => {
    let number = entries.length + 1;
    while (Object.hasOwn(properties, `param${number}`)) number += 1;
    return `param${number}`;
  };
  return (
    <>
      {entries.map(([name, own], index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a name that is being written must not make the row another one
          key={index}
          name={name}
          schema={isJsonObject(own) ? own : {}}
          required={required.includes(name)}
          taken={Object.keys(properties)}
          onName={(to) =>
            write(
              entries.map(([each, value]) => [each === name ? to : each, value]),
              required.map((each) => (each === name ? to : each)),
            )
          }
          onSchema={(next) =>
            write(
              entries.map(([each, value]) => [each, each === name ? next : value]),
              required,
            )
          }
          onRequired={(needed) => write(entries, needed ? [...required, name] : required.filter((each) => each !== name))}
          onRemove={() =>
            write(
              entries.filter(([each]) => each !== name),
              required.filter((each) => each !== name),
            )
          }
        />
      ))}
      <Button size="small" icon={Plus} className="self-start" onClick={() => write([...entries, [fresh(), { type: "string" }]], required)}>
        {t("parameters.add")}
      </Button>
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
  readonly taken: readonly string[];
  readonly onName: (name: string) => void;
  readonly onSchema: (schema: JsonObject) => void;
  readonly onRequired: (required: boolean) => void;
  readonly onRemove: () => void;
}

function Row({ name, schema, required, taken, onName, onSchema, onRequired, onRemove }: RowProps) {
  const t = useText();
  return (
    <div className="flex flex-wrap items-center gap-1.5 rounded-md border border-line p-2">
      <NameInput className="grow" name={name} taken={taken} onRename={onName} />
      <Select
        className="w-26"
        aria-label={t("parameters.type", { name })}
        value={typeOf(schema)}
        onChange={(event) => onSchema(withType(schema, event.target.value as ParameterType))}
      >
        {TYPES.map((type) => (
          <option key={type} value={type}>
            {type}
          </option>
        ))}
      </Select>
      <Check label={t("parameters.required")} checked={required} onChange={(event) => onRequired(event.target.checked)} />
      <IconButton size="small" icon={Trash2} label={t("field.remove", { name })} className="ms-auto" onClick={onRemove} />
      <TextInput
        className="w-full text-sm"
        aria-label={t("parameters.description", { name })}
        placeholder={t("parameters.describe")}
        value={typeof schema["description"] === "string" ? schema["description"] : ""}
        onChange={(event) => onSchema(described(schema, event.target.value))}
      />
    </div>
  );
}

function typeOf(schema: JsonObject): ParameterType {
  if (schema["x-file"] !== undefined) return "file";
  return TYPES.find((type) => type === schema["type"]) ?? "string";
}

function withType({ type: _type, "x-file": _file, ...rest }: JsonObject, type: ParameterType): JsonObject {
  return type === "file" ? { "x-file": "doc", ...rest } : { type, ...rest };
}

function described({ description: _before, ...rest }: JsonObject, text: string): JsonObject {
  return text === "" ? rest : { ...rest, description: text };
}
