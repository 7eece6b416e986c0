import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { useMemo, useState } from "react";
import { type Parameter, parametersOf, read, write } from "#input/parameters.ts";
import { useText } from "#input/text.ts";
import { useFormat } from "#text/format.ts";
import { type JsonFault, jsonFault } from "#text/json-fault.ts";
import { classes } from "#ui/classes.ts";
import { Field, Select, TextArea, TextInput } from "#ui/field.tsx";
import { useJsonFault } from "#ui/json-fault.ts";

interface InputFormProps {
  /** JSON Schema of the Start node. */
  readonly schema: JsonObject;
  readonly value: JsonObject;
  /** null: what is typed is no input yet. */
  readonly onChange: (value: JsonObject | null) => void;
}

/** The input of a run: a field for each parameter of the Start node, or JSON. What the server says of a value is not guessed here. */
export function InputForm({ schema, value, onChange }: InputFormProps) {
  const t = useText();
  const [asJson, setAsJson] = useState(false);
  const tab = "rounded-md px-2.5 py-1 text-sm aria-pressed:bg-raised aria-pressed:font-medium";
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-1">
        <button type="button" aria-pressed={!asJson} className={tab} onClick={() => setAsJson(false)}>
          {t("form")}
        </button>
        <button type="button" aria-pressed={asJson} className={tab} onClick={() => setAsJson(true)}>
          {t("json")}
        </button>
      </div>
      {asJson ? <JsonInput value={value} onChange={onChange} /> : <Fields schema={schema} value={value} onChange={onChange} />}
    </div>
  );
}

function JsonInput({ value, onChange }: Omit<InputFormProps, "schema">) {
  const t = useText();
  const jsonFaultText = useJsonFault();
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const parsed = useMemo(() => parse(text), [text]);
  const fault =
    parsed.fault === null
      ? null
      : parsed.fault === "object"
        ? t("json.object", { example: '{"topic": "News"}' })
        : jsonFaultText(parsed.fault);
  const change = (next: string) => {
    setText(next);
    onChange(parse(next).value);
  };
  return (
    <Field label={t("json")} error={fault}>
      {(control) => (
        <TextArea
          {...control}
          rows={8}
          spellCheck={false}
          className="w-full font-mono text-sm"
          value={text}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}

function parse(text: string): { readonly value: JsonObject | null; readonly fault: JsonFault | "object" | null } {
  const fault = jsonFault(text);
  if (fault) return { value: null, fault };
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? { value, fault: null } : { value: null, fault: "object" };
}

function Fields({ schema, value, onChange }: InputFormProps) {
  const t = useText();
  const parameters = useMemo(() => parametersOf(schema), [schema]);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(parameters.map((one) => [one.name, write(one, value[one.name])])),
  );
  if (parameters.length === 0) return <p className="text-quiet">{t("none")}</p>;
  const change = (name: string, text: string) => {
    const next = { ...texts, [name]: text };
    setTexts(next);
    onChange(inputOf(parameters, next));
  };
  return (
    <div className="flex flex-col gap-3">
      {parameters.map((one) => (
        <ParameterField key={one.name} parameter={one} text={texts[one.name] ?? ""} onChange={(text) => change(one.name, text)} />
      ))}
    </div>
  );
}

/** null where a field has something that is no value of its kind. */
function inputOf(parameters: readonly Parameter[], texts: Readonly<Record<string, string>>): JsonObject | null {
  const input: { [name: string]: Json } = {};
  for (const parameter of parameters) {
    const result = read(parameter, texts[parameter.name] ?? "");
    if ("fault" in result) return null;
    if (result.value !== undefined) input[parameter.name] = result.value;
  }
  return input;
}

interface ParameterFieldProps {
  readonly parameter: Parameter;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function ParameterField({ parameter, text, onChange }: ParameterFieldProps) {
  const t = useText();
  const jsonFaultText = useJsonFault();
  const format = useFormat();
  const { label, name, description, required, kind, choices } = parameter;
  const result = read(parameter, text);
  const fault = !("fault" in result) ? null : result.fault === "json" ? jsonFaultText(result.at) : t(`fault.${result.fault}`);
  return (
    <Field label={label === name ? name : format.aside(label, name)} hint={description} error={fault} required={required}>
      {(control) => {
        const bound = { ...control, value: text, onChange: (event: { target: { value: string } }) => onChange(event.target.value) };
        if (kind === "boolean" || kind === "choice") {
          const options = kind === "boolean" ? [true, false] : choices;
          return (
            <Select {...bound}>
              <option value="" />
              {options.map((option) => (
                <option key={JSON.stringify(option)} value={JSON.stringify(option)}>
                  {typeof option === "string" ? option : typeof option === "boolean" ? t(`bool.${option}`) : JSON.stringify(option)}
                </option>
              ))}
            </Select>
          );
        }
        if (kind === "long" || kind === "json") {
          return (
            <TextArea {...bound} rows={kind === "json" ? 4 : 3} className={classes("w-full", kind === "json" && "font-mono text-sm")} />
          );
        }
        return <TextInput {...bound} inputMode={kind === "text" ? "text" : "decimal"} />;
      }}
    </Field>
  );
}
