import type { FormProperty, FormValues } from "#parts/approval/form.ts";
import { useText } from "#parts/approval/text.ts";
import { Check, Field, type FieldControl, Select, TextArea, TextInput } from "#ui/field.tsx";

interface FieldsProps {
  readonly properties: readonly FormProperty[];
  readonly values: FormValues;
  readonly onChange: (values: FormValues) => void;
}

/** The fields of an approval's form; the server checks what comes of them. */
export function ApprovalFields({ properties, values, onChange }: FieldsProps) {
  return properties.map((property) => (
    <Field key={property.name} label={property.title} hint={property.description} required={property.required}>
      {(control) => (
        <Control
          property={property}
          control={control}
          value={values[property.name] ?? property.initial}
          onChange={(value) => onChange({ ...values, [property.name]: value })}
        />
      )}
    </Field>
  ));
}

interface ControlProps {
  readonly property: FormProperty;
  readonly control: FieldControl;
  readonly value: FormProperty["initial"];
  readonly onChange: (value: FormProperty["initial"]) => void;
}

const TYPES: Readonly<Record<string, string>> = { date: "date", email: "email", uri: "url" };

function Control({ property: { type, choices, format, multiline }, control, value, onChange }: ControlProps) {
  const t = useText();
  if (type === "boolean")
    return <Check {...control} label={t("yes")} checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
  if (type === "array") return <Many choices={choices ?? []} value={value as readonly string[]} onChange={onChange} />;
  if (choices) {
    return (
      <Select {...control} value={String(value)} onChange={(event) => onChange(event.target.value)}>
        <option value="" />
        {choices.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </Select>
    );
  }
  if (multiline) return <TextArea {...control} value={String(value)} onChange={(event) => onChange(event.target.value)} />;
  const isNumber = type === "number" || type === "integer";
  return (
    <TextInput
      {...control}
      type={TYPES[format ?? ""] ?? "text"}
      inputMode={isNumber ? "decimal" : undefined}
      value={String(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface ManyProps {
  readonly choices: readonly string[];
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}

/** Several of a few; without a list of them one a line. */
function Many({ choices, value, onChange }: ManyProps) {
  if (choices.length === 0) {
    return (
      <TextArea
        rows={3}
        value={value.join("\n")}
        onChange={(event) => onChange(event.target.value.split("\n").filter((line) => line !== ""))}
      />
    );
  }
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1">
      {choices.map((one) => (
        <Check
          key={one}
          label={one}
          checked={value.includes(one)}
          onChange={(event) => onChange(event.target.checked ? [...value, one] : value.filter((other) => other !== one))}
        />
      ))}
    </div>
  );
}
