import { useState } from "react";
import { useText } from "#pages/editor/text.ts";
import { TextInput } from "#ui/field.tsx";

/** Takes effect when it is left: half a name may be another's. */
export function NameInput({ name, taken, onRename }: { name: string; taken: readonly string[]; onRename: (to: string) => void }) {
  const t = useText();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft !== null && draft !== name && draft !== "" && !taken.includes(draft)) onRename(draft);
    setDraft(null);
  };
  return (
    <TextInput
      className="w-28 font-mono text-sm"
      aria-label={t("field.name")}
      value={draft ?? name}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) commit();
      }}
    />
  );
}
