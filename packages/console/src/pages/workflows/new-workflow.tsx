import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createWorkflow } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/workflows/text.ts";
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

/** Names a new workflow and goes to its editor. */
export function NewWorkflow({ onClose }: { onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const create = useAction({
    run: (given: string) => createWorkflow(blank(given)),
    changes: [["workflows"]],
    onDone: ({ id }) => void navigate({ to: "/workflows/$workflow/edit", params: { workflow: id } }),
  });
  return (
    <Dialog open onClose={onClose} title={t("new.blank")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") create.mutate(name.trim());
        }}
      >
        <Field label={t("new.name")} hint={t("new.name.hint")} required>
          {(control) => <TextInput {...control} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Button type="submit" kind="primary" className="self-end" disabled={name.trim() === "" || create.isPending}>
          {t("new.create")}
        </Button>
      </form>
    </Dialog>
  );
}
