import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { FunctionSquare } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { isComposing, SHORTCUTS } from "#app/shortcuts.ts";
import { useStore } from "#pages/editor/context.ts";
import { type SchemaFieldProps, useForm, useSet } from "#pages/editor/fields/form-context.tsx";
import { kindOf, takesExpression } from "#pages/editor/fields/schema-kind.ts";
import { TemplateField } from "#pages/editor/fields/template-field.tsx";
import { useText } from "#pages/editor/text.ts";
import { IconButton } from "#ui/button.tsx";
import { Check, Select, TextInput } from "#ui/field.tsx";

const [EXPRESSION] = SHORTCUTS["field.expression"].keys;
const EMPTY_EXPRESSION = "{{  }}";

/** Numbers, choices and yes or no; where an expression may stand in their place, a button asks for it. */
export function PlainField({ schema, value, path, label, literal }: SchemaFieldProps) {
  const t = useText();
  const set = useSet();
  const dynamic = takesExpression(schema) && !literal;
  const [asked, setAsked] = useState(false);
  // Yes or no without a usual answer is asked of something: a condition.
  const isAsked = kindOf(schema).kind === "boolean" && value === undefined && schemaDefault(schema) === undefined;
  const isExpression = dynamic && (asked || isAsked || (typeof value === "string" && value.includes("{{")));
  const store = useStore();
  const { nodeId } = useForm();
  const toExpression = () => {
    setAsked(true);
    set(path, EMPTY_EXPRESSION);
    store.focus(nodeId, path.map(String));
  };
  /** At the start of the field it asks for an expression; within a value it is a letter. */
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isAtStart = !(event.target instanceof HTMLInputElement) || event.target.type === "checkbox" || event.target.selectionStart === 0;
    if (event.key !== EXPRESSION || isComposing(event.nativeEvent) || !dynamic || isExpression || !isAtStart) return;
    event.preventDefault();
    toExpression();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key is of the control inside
    <div className="flex items-start gap-1" onKeyDown={keyDown}>
      <div className="min-w-0 grow">
        {isExpression ? (
          <TemplateField label={label} path={path} value={String(value ?? "")} onChange={(next) => set(path, next)} single />
        ) : (
          <FixedField schema={schema} value={value} path={path} label={label} />
        )}
      </div>
      {dynamic && (
        <IconButton
          size="small"
          icon={FunctionSquare}
          label={isExpression ? t("mode.fixed") : t("mode.expression")}
          aria-pressed={isExpression}
          onClick={() => {
            if (!isExpression) return toExpression();
            setAsked(false);
            set(path, undefined);
          }}
        />
      )}
    </div>
  );
}

function FixedField({ schema, value, path, label }: Omit<SchemaFieldProps, "literal">) {
  const t = useText();
  const set = useSet();
  const kind = kindOf(schema);
  if (kind.kind === "boolean")
    return (
      <Check
        label={t("field.yes")}
        aria-label={label}
        checked={value === true || (value === undefined && schemaDefault(schema) === true)}
        onChange={(event) => set(path, event.target.checked)}
      />
    );
  if (kind.kind === "choice") {
    const usual = schemaDefault(schema);
    return (
      <Select
        aria-label={label}
        value={String(value ?? "")}
        onChange={(event) => set(path, event.target.value === "" ? undefined : event.target.value)}
      >
        <option value="">{usual === undefined ? t("field.unset") : t("field.default", { value: String(usual) })}</option>
        {kind.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </Select>
    );
  }
  return <NumberField label={label} value={value} placeholder={String(schemaDefault(schema) ?? "")} onChange={(next) => set(path, next)} />;
}

/** Full-width digits count as digits; what is no number yet stays in the field. */
function NumberField({
  label,
  value,
  placeholder,
  onChange,
}: {
  label: string;
  value: Json | undefined;
  placeholder: string;
  onChange: (value: number | undefined) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <TextInput
      inputMode="decimal"
      aria-label={label}
      placeholder={placeholder}
      value={draft ?? String(value ?? "")}
      onChange={(event) => {
        const text = event.target.value.normalize("NFKC").trim();
        const number = Number(text);
        setDraft(event.target.value);
        if (text === "") onChange(undefined);
        else if (Number.isFinite(number)) onChange(number);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}

function schemaDefault(schema: JsonObject): Json | undefined {
  if (schema["default"] !== undefined) return schema["default"];
  const branches = schema["anyOf"];
  return Array.isArray(branches) ? branches.flatMap((branch) => (isJsonObject(branch) ? (branch["default"] ?? []) : []))[0] : undefined;
}
