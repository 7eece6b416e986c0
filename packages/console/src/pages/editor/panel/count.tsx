import { Field, TextInput } from "#ui/field.tsx";

interface CountProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** A whole number; empty where it is not set. Full-width digits count as digits. */
export function Count({ label, hint, value, onChange }: CountProps) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          inputMode="numeric"
          value={value === undefined ? "" : String(value)}
          onChange={(event) => {
            const text = event.target.value.normalize("NFKC").trim();
            if (text === "") onChange(undefined);
            else if (Number.isFinite(Number(text))) onChange(Number(text));
          }}
        />
      )}
    </Field>
  );
}
