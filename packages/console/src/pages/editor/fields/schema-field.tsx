import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type Path, type SchemaFieldProps, useFaults, useForm, useSet } from "#pages/editor/fields/form-context.tsx";
import { JsonField } from "#pages/editor/fields/json-field.tsx";
import { NameField } from "#pages/editor/fields/name-field.tsx";
import { NameInput } from "#pages/editor/fields/name-input.tsx";
import { namedKind } from "#pages/editor/fields/named.ts";
import { ParametersField } from "#pages/editor/fields/parameters-field.tsx";
import { PlainField } from "#pages/editor/fields/plain-field.tsx";
import { emptyValue, kindOf, type Member, takesExpression, variantValue } from "#pages/editor/fields/schema-kind.ts";
import { TemplateField } from "#pages/editor/fields/template-field.tsx";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Field, Select, TextInput } from "#ui/field.tsx";

/** Members that are JSON Schemas themselves: of what is asked, given and answered. */
const SCHEMAS: ReadonlySet<string> = new Set(["input", "schema", "form", "parameters"]);

/** Texts that are written over several lines. */
const LONG: ReadonlySet<string> = new Set(["prompt", "system", "text", "message", "instructions", "description", "sql", "code"]);

/** A member with its name, help and faults. */
export function MemberField({ member, value, path, literal }: { member: Member; value: Json | undefined; path: Path; literal: boolean }) {
  const t = useText();
  const texts = useNodeTexts();
  const { type } = useForm();
  const set = useSet();
  const dotted = [...path, member.name].filter((step) => typeof step === "string").join(".");
  const known = texts.member(type, dotted);
  const here = [...path, member.name];
  const format = useFormat();
  const faults = useFaults(here, kindOf(member.schema).kind !== "text");
  const label = known?.label ?? member.name;
  const optional = !member.required && value === undefined;
  const isCompound = ["group", "list", "map", "variants"].includes(kindOf(member.schema).kind);
  if (optional && isCompound) {
    return (
      <div className="flex items-center justify-between gap-2">
        <span className="min-w-0">
          <span className="block text-sm font-medium">{label}</span>
          <span className="block text-xs text-quiet">{known?.help}</span>
        </span>
        <Button size="small" icon={Plus} onClick={() => set(here, initial(member))}>
          {t("field.add")}
        </Button>
      </div>
    );
  }
  return (
    <Field
      label={label}
      hint={known?.help}
      required={member.required}
      error={
        faults.length > 0 &&
        faults.map(({ message, hint }) => (
          <span key={message} className="block">
            {hint ? format.aside(message, hint) : message}
          </span>
        ))
      }
    >
      {() => (
        <div className="flex items-start gap-1" data-field={here.join(".")}>
          <div className="min-w-0 grow">
            <SchemaField schema={member.schema} value={value} path={here} literal={literal} label={label} />
          </div>
          {!member.required && isCompound && (
            <IconButton size="small" icon={Trash2} label={t("field.remove", { name: label })} onClick={() => set(here, undefined)} />
          )}
        </div>
      )}
    </Field>
  );
}

function initial({ name, schema }: Member): Json {
  return SCHEMAS.has(name) ? { type: "object", properties: {} } : emptyValue(schema);
}

export function SchemaField(props: SchemaFieldProps) {
  const { schema, value, path, literal, label } = props;
  const set = useSet();
  const kind = kindOf(schema);
  const name = String(path.at(-1) ?? "");
  if (SCHEMAS.has(name) && literal) return <ParametersField label={label} value={value} onChange={(next) => set(path, next)} />;
  switch (kind.kind) {
    case "text":
      return <TextField {...props} />;
    case "group":
      return (
        <Nested>
          {kind.members.map((member) => (
            <MemberField
              key={member.name}
              member={member}
              value={isJsonObject(value) ? value[member.name] : undefined}
              path={path}
              literal={literal}
            />
          ))}
        </Nested>
      );
    case "map":
      return <MapField {...props} item={kind.value} />;
    case "list":
      return takesExpression(schema) && !Array.isArray(value) ? <AnyField {...props} /> : <ListField {...props} item={kind.item} />;
    case "variants":
      return <VariantsField {...props} by={kind.by} variants={kind.variants} />;
    case "any":
      return <AnyField {...props} />;
    default:
      return <PlainField {...props} />;
  }
}

function Nested({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-3 border-s-2 border-line ps-3">{children}</div>;
}

function TextField(props: SchemaFieldProps) {
  const { type } = useForm();
  const { value, path, label } = props;
  const named = namedKind(type, path);
  if (named === null) return <WrittenField {...props} />;
  const text = typeof value === "string" ? value : "";
  return <NameField kind={named} value={text} path={path} label={label} written={<WrittenField {...props} />} />;
}

function WrittenField({ value, path, literal, label }: SchemaFieldProps) {
  const set = useSet();
  const name = String(path.at(-1) ?? "");
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const change = (next: string) => set(path, next === "" && value === undefined ? undefined : next);
  if (!literal) return <TemplateField label={label} path={path} value={text} onChange={change} single={!LONG.has(name)} />;
  if (name === "code") return <TemplateField label={label} path={path} value={text} onChange={change} language="javascript" />;
  if (LONG.has(name)) return <TemplateField label={label} path={path} value={text} onChange={change} language="text" />;
  return (
    <TextInput
      aria-label={label}
      value={text}
      onChange={(event) => set(path, event.target.value === "" ? undefined : event.target.value)}
    />
  );
}

/** Any value: a text with expressions, or JSON. */
function AnyField({ value, path, label, literal }: SchemaFieldProps) {
  const t = useText();
  const set = useSet();
  const [asked, ask] = useState<"text" | "json" | null>(null);
  const mode = asked ?? (value === undefined || typeof value === "string" ? "text" : "json");
  const choose = (next: "text" | "json") => {
    ask(next);
    if (next === "json" && typeof value === "string") set(path, value === "" ? null : value);
  };
  return (
    <div className="flex flex-col gap-1">
      {mode === "text" ? (
        <TemplateField
          label={label}
          path={path}
          value={typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value)}
          onChange={(next) => set(path, next)}
          language={literal ? "text" : "template"}
          placeholder={t("field.value")}
        />
      ) : (
        <JsonField label={label} value={value} onChange={(next) => set(path, next)} />
      )}
      <div className="flex gap-3 text-xs">
        {(["text", "json"] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={mode === each}
            onClick={() => choose(each)}
            className="text-quiet underline-offset-2 hover:text-text aria-pressed:font-medium aria-pressed:text-accent"
          >
            {t(`mode.${each}`)}
          </button>
        ))}
      </div>
    </div>
  );
}

function ListField({ value, path, literal, label, item }: SchemaFieldProps & { item: JsonObject }) {
  const t = useText();
  const set = useSet();
  const items = Array.isArray(value) ? value : [];
  return (
    <div className="flex flex-col gap-2">
      {items.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: elements have no other name than their place
        <div key={index} className="flex items-start gap-1">
          <div className="min-w-0 grow">
            <SchemaField schema={item} value={each} path={[...path, index]} literal={literal} label={`${label} ${index + 1}`} />
          </div>
          <IconButton
            size="small"
            icon={Trash2}
            label={t("field.remove", { name: `${label} ${index + 1}` })}
            onClick={() => set(path, items.toSpliced(index, 1))}
          />
        </div>
      ))}
      <Button size="small" icon={Plus} className="self-start" onClick={() => set(path, [...items, emptyValue(item)])}>
        {t("field.add")}
      </Button>
    </div>
  );
}

function MapField({ value, path, literal, item }: SchemaFieldProps & { item: JsonObject }) {
  const t = useText();
  const set = useSet();
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  const rename = (from: string, to: string) =>
    set(path, Object.fromEntries(entries.map(([name, each]) => [name === from ? to : name, each as Json])));
  const fresh = () => {
    let number = entries.length + 1;
    while (entries.some(([name]) => name === `name${number}`)) number += 1;
    return `name${number}`;
  };
  return (
    <div className="flex flex-col gap-2">
      {entries.map(([name, each], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name that is being written must not make the row another one
        <div key={index} className="flex items-start gap-1">
          <NameInput name={name} taken={entries.map(([other]) => other)} onRename={(to) => rename(name, to)} />
          <div className="min-w-0 grow">
            <SchemaField schema={item} value={each as Json} path={[...path, name]} literal={literal} label={name} />
          </div>
          <IconButton size="small" icon={Trash2} label={t("field.remove", { name })} onClick={() => set([...path, name], undefined)} />
        </div>
      ))}
      <Button size="small" icon={Plus} className="self-start" onClick={() => set([...path, fresh()], emptyValue(item))}>
        {t("field.add")}
      </Button>
    </div>
  );
}

interface VariantsProps extends SchemaFieldProps {
  readonly by: string;
  readonly variants: readonly { readonly key: string; readonly schema: JsonObject }[];
}

function VariantsField({ value, path, literal, label, by, variants }: VariantsProps) {
  const set = useSet();
  const current = variants.find(({ key }) => isJsonObject(value) && value[by] === key) ?? variants[0];
  if (!current) return null;
  const kind = kindOf(current.schema);
  return (
    <Nested>
      <Select
        aria-label={label}
        value={current.key}
        onChange={(event) => {
          const next = variants.find(({ key }) => key === event.target.value);
          if (next) set(path, variantValue(next.schema));
        }}
      >
        {variants.map(({ key }) => (
          <option key={key} value={key}>
            {key}
          </option>
        ))}
      </Select>
      {kind.kind === "group" &&
        kind.members
          .filter(({ name }) => name !== by)
          .map((member) => (
            <MemberField
              key={member.name}
              member={member}
              value={isJsonObject(value) ? value[member.name] : undefined}
              path={path}
              literal={literal}
            />
          ))}
    </Nested>
  );
}
