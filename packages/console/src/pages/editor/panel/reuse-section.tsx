import type { JsonObject, NodeEnvelope, WorkflowNode } from "@millrace/contract";
import { useFaults, useSet } from "#pages/editor/fields/form-context.tsx";
import { membersOf } from "#pages/editor/fields/schema-kind.ts";
import { TemplateField } from "#pages/editor/fields/template-field.tsx";
import { specOf } from "#pages/editor/model/document.ts";
import { Count } from "#pages/editor/panel/count.tsx";
import { useText } from "#pages/editor/text.ts";
import { Check, Field } from "#ui/field.tsx";

/** Envelope members: when the node is passed over, how long its results are kept, and how many attempts of it there are at once. */
export function ReuseSection({ node }: { node: WorkflowNode }) {
  const t = useText();
  const spec = specOf(node);
  if (!spec || (spec.role !== "step" && spec.role !== "container")) return null;
  const isOutside = spec.effect !== "none";
  // A batch has a member of this name itself.
  const hasOwn = membersOf(spec.config as unknown as JsonObject).some(({ name }) => name === "concurrency");
  return (
    <details className="rounded-md border border-line">
      <summary className="px-3 py-2 text-sm font-medium">{t("reuse")}</summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        <SkipField node={node} />
        {(isOutside || node.cache) && <CacheFields node={node} />}
        {!hasOwn && (isOutside || node["concurrency"] !== undefined) && <LimitFields node={node} />}
      </div>
    </details>
  );
}

function SkipField({ node: { skipIf } }: { node: WorkflowNode }) {
  const t = useText();
  const set = useSet();
  const faults = useFaults(["skipIf"]);
  const isOff = skipIf === true;
  return (
    <>
      <Check label={t("reuse.off")} checked={isOff} onChange={(event) => set(["skipIf"], event.target.checked ? true : undefined)} />
      {!isOff && (
        <Field label={t("reuse.skipIf")} hint={t("reuse.skipIf.help")} error={faults[0]?.message}>
          {() => (
            <TemplateField
              label={t("reuse.skipIf")}
              path={["skipIf"]}
              value={typeof skipIf === "string" ? skipIf : ""}
              onChange={(text) => set(["skipIf"], text === "" ? undefined : text)}
              single
            />
          )}
        </Field>
      )}
    </>
  );
}

const HOUR_MS = 3_600_000;

function CacheFields({ node: { cache } }: { node: WorkflowNode }) {
  const t = useText();
  const set = useSet();
  return (
    <div className="flex flex-col gap-3">
      <Check
        label={t("reuse.cache")}
        checked={cache !== undefined}
        onChange={(event) => set(["cache"], event.target.checked ? { ttlMs: HOUR_MS } : undefined)}
      />
      {!cache && <p className="text-xs text-quiet">{t("reuse.cache.help")}</p>}
      {cache && (
        <>
          <Count label={t("reuse.ttl")} value={cache.ttlMs} onChange={(next) => set(["cache", "ttlMs"], next)} />
          <KeyField member="cache" value={cache.key} label={t("reuse.cache.key")} hint={t("reuse.cache.key.help")} />
        </>
      )}
    </div>
  );
}

function LimitFields({ node }: { node: WorkflowNode }) {
  const t = useText();
  const set = useSet();
  const limited = node["concurrency"] as NodeEnvelope["concurrency"];
  return (
    <div className="flex flex-col gap-3">
      <Check
        label={t("reuse.limit")}
        checked={limited !== undefined}
        onChange={(event) => set(["concurrency"], event.target.checked ? { limit: 1 } : undefined)}
      />
      {!limited && <p className="text-xs text-quiet">{t("reuse.limit.help")}</p>}
      {limited && (
        <>
          <Count label={t("reuse.limit.count")} value={limited.limit} onChange={(next) => set(["concurrency", "limit"], next)} />
          <KeyField member="concurrency" value={limited.key} label={t("reuse.limit.key")} hint={t("reuse.limit.key.help")} />
        </>
      )}
    </div>
  );
}

interface KeyFieldProps {
  readonly member: "cache" | "concurrency";
  readonly value: string | undefined;
  readonly label: string;
  readonly hint: string;
}

function KeyField({ member, value, label, hint }: KeyFieldProps) {
  const set = useSet();
  const path = [member, "key"];
  const faults = useFaults(path);
  return (
    <Field label={label} hint={hint} error={faults[0]?.message}>
      {() => (
        <TemplateField
          label={label}
          path={path}
          value={value ?? ""}
          onChange={(text) => set(path, text === "" ? undefined : text)}
          single
        />
      )}
    </Field>
  );
}
