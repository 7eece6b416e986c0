import { useState } from "react";
import { createWorkflow } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#parts/new-workflow/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, TextInput } from "#ui/field.tsx";

/** The least that can be run: a Start and an End, joined. */
function blank(name: string) {
  return {
    format: "millrace/1",
    name,
    nodes: [
      { id: "start", type: "start", input: { type: "object", properties: {} } },
      { id: "end", type: "end", output: {} },
    ],
    edges: ["start -> end"],
  };
}

/** Names a new workflow and makes it. */
export function NewWorkflow({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const t = useText();
  const [name, setName] = useState("");
  const create = useAction({
    run: (given: string) => createWorkflow(blank(given)),
    changes: [["workflows"], ["home"]],
    onDone: ({ id }) => onMade(id),
  });
  return (
    <Dialog open onClose={onClose} title={t("blank")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") create.mutate(name.trim());
        }}
      >
        <Field label={t("name")} hint={t("name.hint")} required>
          {(control) => <TextInput {...control} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Button type="submit" kind="primary" className="self-end" disabled={name.trim() === "" || create.isPending}>
          {t("create")}
        </Button>
      </form>
    </Dialog>
  );
}
