import { useState } from "react";
import { isComposing } from "#app/shortcuts.ts";
import { useText } from "#pages/editor/text.ts";
import { TextInput } from "#ui/field.tsx";

interface NameInputProps {
  readonly name: string;
  /** Names of its neighbours: they are refused. */
  readonly taken: readonly string[];
  readonly onRename: (to: string) => void;
  readonly className?: string;
}

/** Takes effect when it is left: half a name may be another's. */
export function NameInput({ name, taken, onRename, className = "" }: NameInputProps) {
  const t = useText();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft !== null && draft !== name && draft !== "" && !taken.includes(draft)) onRename(draft);
    setDraft(null);
  };
  return (
    <TextInput
      className={`w-28 font-mono text-sm ${className}`}
      aria-label={t("field.name")}
      value={draft ?? name}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !isComposing(event.nativeEvent)) commit();
      }}
    />
  );
}
