import type { Json, JsonObject, WorkflowNode } from "@millrace/contract";
import type { MemberMode } from "@millrace/engine";
import { useSet } from "#pages/editor/fields/form-context.tsx";
import { MemberField, SchemaField } from "#pages/editor/fields/schema-field.tsx";
import { membersOf } from "#pages/editor/fields/schema-kind.ts";
import { specOf } from "#pages/editor/model/document.ts";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import { tellingMember } from "#pages/editor/summary.ts";
import { useText } from "#pages/editor/text.ts";
import { Field, TextArea } from "#ui/field.tsx";

/** Types that read `inputs`: their code cannot read other nodes by name. */
const WITH_INPUTS: ReadonlySet<string> = new Set(["code"]);

const ANY_MAP: JsonObject = { type: "object", patternProperties: { "^.*$": {} } };

/** The node's own members, as its schema has them. */
export function SetupTab({ node }: { node: WorkflowNode }) {
  const t = useText();
  const texts = useNodeTexts();
  const spec = specOf(node);
  const set = useSet();
  if (!spec) return <p className="text-quiet">{t("setup.unknown", { type: node.type })}</p>;
  if (node.type === "comment") {
    return (
      <Field label={t("note.text")}>
        {(control) => (
          <TextArea {...control} rows={8} value={String(node["text"] ?? "")} onChange={(event) => set(["text"], event.target.value)} />
        )}
      </Field>
    );
  }
  const first = tellingMember(node.type);
  const members = membersOf(spec.config as unknown as JsonObject)
    .filter(({ name }) => modeOf(spec.members, name) !== "graph")
    .toSorted((left, right) => Number(right.name === first) - Number(left.name === first));
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-quiet">{texts.summary(node.type)}</p>
      {(WITH_INPUTS.has(node.type) || node.inputs !== undefined) && (
        <Field label={t("inputs")} hint={t("inputs.help")}>
          {() => (
            <SchemaField schema={ANY_MAP} value={node.inputs as Json | undefined} path={["inputs"]} literal={false} label={t("inputs")} />
          )}
        </Field>
      )}
      {members.map((member) => (
        <MemberField
          key={member.name}
          member={member}
          value={node[member.name] as Json | undefined}
          path={[]}
          literal={modeOf(spec.members, member.name) === "literal"}
        />
      ))}
      {members.length === 0 && node.type !== "code" && <p className="text-sm text-quiet">{t("setup.nothing")}</p>}
    </div>
  );
}

function modeOf(members: { readonly [member: string]: MemberMode }, name: string): MemberMode {
  return members[name] ?? "node";
}
