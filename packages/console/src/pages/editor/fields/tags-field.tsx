import { LIMITS } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { workflowTagsQuery } from "#api/workflows.ts";
import { isComposing } from "#app/shortcuts.ts";
import { useText } from "#pages/editor/text.ts";
import { IconButton } from "#ui/button.tsx";
import { Field, TextInput } from "#ui/field.tsx";

interface TagsFieldProps {
  readonly value: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (tags: readonly string[]) => void;
}

/** Tags as chips; what is typed is offered from those of other workflows, so that one thing has one name. */
export function TagsField({ value, error, onChange }: TagsFieldProps) {
  const t = useText();
  const list = useId();
  const [typed, setTyped] = useState("");
  const { data: known = [] } = useQuery(workflowTagsQuery);
  const add = () => {
    const tag = typed.trim();
    if (tag !== "" && !value.includes(tag)) onChange([...value, tag]);
    setTyped("");
  };
  const press = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" || event.key === ",") add();
    else if (event.key === "Backspace" && typed === "" && value.length > 0) onChange(value.slice(0, -1));
    else return;
    event.preventDefault();
  };
  const most = LIMITS.workflowTags.value;
  return (
    <Field label={t("workflow.tags")} hint={t("workflow.tags.help", { count: most })} error={error}>
      {(control) => (
        <div className="flex flex-col gap-2">
          {value.length > 0 && (
            <ul className="flex flex-wrap gap-1.5">
              {value.map((tag) => (
                <li key={tag} className="inline-flex max-w-full items-center rounded-full border border-line ps-2.5">
                  <span className="truncate">{tag}</span>
                  <IconButton
                    size="small"
                    icon={X}
                    label={t("workflow.tags.remove", { tag })}
                    onClick={() => onChange(value.filter((one) => one !== tag))}
                  />
                </li>
              ))}
            </ul>
          )}
          <TextInput
            {...control}
            list={list}
            value={typed}
            maxLength={LIMITS.tagCharacters.value}
            disabled={value.length >= most}
            onKeyDown={press}
            onBlur={add}
            onChange={(event) => setTyped(event.target.value)}
          />
          <datalist id={list}>
            {known
              .filter(({ tag }) => !value.includes(tag))
              .map(({ tag }) => (
                <option key={tag} value={tag} />
              ))}
          </datalist>
        </div>
      )}
    </Field>
  );
}
