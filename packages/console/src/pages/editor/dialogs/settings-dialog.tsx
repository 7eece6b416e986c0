import type { Json } from "@millrace/contract";
import { useMemo } from "react";
import { useEditor, useStore } from "#pages/editor/context.ts";
import { ConcurrencySection } from "#pages/editor/dialogs/concurrency-section.tsx";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { JsonField } from "#pages/editor/fields/json-field.tsx";
import { TagsField } from "#pages/editor/fields/tags-field.tsx";
import { setSetting } from "#pages/editor/model/commands.ts";
import { isWithin } from "#pages/editor/model/problems.ts";
import { useText } from "#pages/editor/text.ts";
import { Dialog } from "#ui/dialog.tsx";
import { Check, Field, TextArea } from "#ui/field.tsx";

const MAX_DESCRIPTION = 10_000;

/** Members of the document itself: each change is a step that can be taken back, and is saved like every other. */
export function SettingsDialog({ ui }: { ui: EditorUi }) {
  const t = useText();
  return (
    <Dialog
      open={ui.dialog === "settings"}
      onClose={() => ui.openDialog(null)}
      place="side"
      title={t("workflow.settings")}
      description={t("workflow.settings.help")}
    >
      <Settings />
    </Dialog>
  );
}

function Settings() {
  const t = useText();
  const store = useStore();
  const { description = "", tags = [], env, strictInput = false, concurrency } = useEditor(({ edit }) => edit.document);
  const problems = useEditor((state) => state.problems.list);
  const set = (path: readonly string[], value: Json | undefined) =>
    store.run({ label: "settings", key: `document ${path.join(".")}` }, (document) => setSetting(document, path, value));
  const own = useMemo(() => problems.filter(({ nodeId }) => nodeId === undefined), [problems]);
  const faultOf = (name: string) => own.find((one) => isWithin(one, [name]))?.message;
  return (
    <div className="flex flex-col gap-5">
      <Field label={t("workflow.description")} hint={t("workflow.description.help")} error={faultOf("description")}>
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            maxLength={MAX_DESCRIPTION}
            value={description}
            onChange={(event) => set(["description"], event.target.value || undefined)}
          />
        )}
      </Field>
      <TagsField value={tags} error={faultOf("tags")} onChange={(next) => set(["tags"], next.length === 0 ? undefined : (next as Json))} />
      <section>
        <h3 className="mb-1 text-sm font-medium">{t("workflow.env")}</h3>
        <JsonField
          label={t("workflow.env")}
          value={(env ?? {}) as Json}
          onChange={(next) => set(["env"], isEmpty(next) ? undefined : next)}
        />
        <p className="mt-1 text-xs text-quiet">{t("workflow.env.help")}</p>
        {faultOf("env") !== undefined && <p className="text-xs text-bad">{faultOf("env")}</p>}
      </section>
      <Check
        label={t("workflow.strict")}
        checked={strictInput}
        onChange={(event) => set(["strictInput"], event.target.checked || undefined)}
      />
      <ConcurrencySection value={concurrency} problems={own} onChange={(path, value) => set(["concurrency", ...path], value)} />
    </div>
  );
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
