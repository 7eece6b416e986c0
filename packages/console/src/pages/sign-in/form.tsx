import { type SubmitEvent, useRef, useState } from "react";
import { useText } from "#pages/sign-in/text.ts";
import { Button } from "#ui/button.tsx";
import { Field, TextInput } from "#ui/field.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

export interface Line {
  readonly name: string;
  readonly label: string;
  readonly type?: "email" | "password" | "text";
  readonly autoComplete: string;
  readonly hint?: string;
  readonly optional?: boolean;
  /** What is wrong with the value, or null. */
  readonly check?: (value: string) => string | null;
}

type Values = Readonly<Record<string, string>>;

interface EntryFormProps {
  readonly lines: readonly Line[];
  readonly submit: string;
  readonly send: (values: Values) => Promise<void>;
  readonly focus?: boolean;
}

/** Lines to fill in and one button. What is missing is said beside its line, what the server refuses above the button. */
export function EntryForm({ lines, submit, send, focus = false }: EntryFormProps) {
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Values>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function submitted(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const values = Object.fromEntries(lines.map(({ name }) => [name, String(given.get(name) ?? "")]));
    const problems = problemsOf(lines, values, t("missing"));
    setWrong(problems);
    setFailure(null);
    const first = Object.keys(problems)[0];
    if (first !== undefined) return form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    setBusy(true);
    await send(values).catch(setFailure);
    setBusy(false);
  }

  return (
    <form ref={form} noValidate onSubmit={(event) => void submitted(event)} className="flex flex-col gap-4">
      {lines.map(({ name, label, type = "text", autoComplete, hint, optional = false }, n) => (
        <Field key={name} label={label} hint={hint} error={wrong[name]} required={!optional}>
          {(control) => (
            <TextInput
              {...control}
              name={name}
              type={type}
              autoComplete={autoComplete}
              autoCapitalize="off"
              spellCheck={false}
              autoFocus={focus && n === 0}
            />
          )}
        </Field>
      ))}
      {failure !== null && <ErrorNotice error={failure} />}
      <Button type="submit" kind="primary" disabled={busy}>
        {busy ? t("checking") : submit}
      </Button>
    </form>
  );
}

function problemsOf(lines: readonly Line[], values: Values, missing: string): Values {
  const found = lines.map(({ name, optional = false, check }) => {
    const value = values[name] ?? "";
    return [name, value === "" ? (optional ? null : missing) : (check?.(value) ?? null)] as const;
  });
  return Object.fromEntries(found.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}
