import type { Json } from "@millrace/contract";
import { useState } from "react";
import { CodeField } from "#pages/editor/fields/code-field.tsx";
import { useText } from "#pages/editor/text.ts";

interface JsonFieldProps {
  readonly label: string;
  readonly value: Json | undefined;
  readonly onChange: (value: Json) => void;
}

/** A value as JSON. What is no JSON yet stays in the field, and the document keeps the last value that was. */
export function JsonField({ label, value, onChange }: JsonFieldProps) {
  const t = useText();
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? JSON.stringify(value ?? null, null, 2);
  const changed = (next: string) => {
    const parsed = parse(next);
    setDraft(next);
    if (parsed !== undefined) onChange(parsed);
  };
  const bad = draft !== null && parse(draft) === undefined;
  return (
    <>
      <CodeField label={label} value={text} onChange={changed} language="json" invalid={bad} />
      {bad && <p className="text-xs text-bad">{t("json.bad")}</p>}
    </>
  );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
