import { useMemo } from "react";
import { useStore } from "#pages/editor/context.ts";
import { CodeField, type CodeLanguage } from "#pages/editor/fields/code-field.tsx";
import { type Path, useFaults, useFocusWish, useOffers } from "#pages/editor/fields/form-context.tsx";
import { marksOf } from "#pages/editor/model/problems.ts";

interface TemplateFieldProps {
  readonly label: string;
  readonly path: Path;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly single?: boolean;
  readonly language?: CodeLanguage;
  readonly placeholder?: string;
}

/** A text of the document: with expressions, completion and faults where they lie. */
export function TemplateField({ label, path, value, onChange, single = false, language = "template", placeholder }: TemplateFieldProps) {
  const store = useStore();
  const complete = useOffers(path);
  const problems = useFaults(path);
  const focusAt = useFocusWish(path);
  // Faults that are the same objects leave the marks to the text, which moves them with its letters.
  const faults = useMemo(() => marksOf(problems), [problems]);
  return (
    <CodeField
      label={label}
      value={value}
      onChange={onChange}
      language={language}
      single={single}
      faults={faults}
      invalid={problems.some(({ level }) => level === "error")}
      onUndo={() => store.undo()}
      onRedo={() => store.redo()}
      focusAt={focusAt}
      {...(language === "template" && { complete })}
      {...(placeholder !== undefined && { placeholder })}
    />
  );
}
