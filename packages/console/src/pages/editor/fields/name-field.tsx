import type { Json } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { connectionsQuery } from "#api/connections.ts";
import { allBasesQuery } from "#api/knowledge.ts";
import { modelsQuery } from "#api/models.ts";
import { workflowsQuery } from "#api/workflows.ts";
import { useEditor } from "#pages/editor/context.ts";
import { estimateOf } from "#pages/editor/fields/estimate.ts";
import { type Path, useForm, useSet } from "#pages/editor/fields/form-context.tsx";
import { fits, type NamedKind, serves } from "#pages/editor/fields/named.ts";
import { nodeOf } from "#pages/editor/model/document.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Select } from "#ui/field.tsx";

interface NameFieldProps {
  readonly kind: NamedKind;
  readonly value: string;
  readonly path: Path;
  readonly label: string;
  /** Where the name is written instead of chosen. */
  readonly written: ReactNode;
}

/** Where things of a kind are made. */
const MADE_AT = { model: "/connections", connection: "/connections", workflow: "/workflows", base: "/knowledge" } as const;

/** Not in any list: `written` is shown. No name has a line feed. */
const OTHER = "\n";

/** A name, chosen of those that there are. One that is not there stays chosen, and any other can be written. */
export function NameField({ kind, value, path, label, written }: NameFieldProps) {
  const t = useText();
  const set = useSet();
  const [writes, setWrites] = useState(value.includes("{{"));
  const names = useNames(kind);
  const choose = (next: string) => {
    if (next === OTHER) setWrites(true);
    else set(path, next === "" ? undefined : next);
  };
  return (
    <div className="flex flex-col gap-1">
      {writes ? (
        written
      ) : (
        <Select aria-label={label} value={value} onChange={(event) => choose(event.target.value)}>
          <option value="">{t("field.unset")}</option>
          {value !== "" && !names.includes(value) && <option value={value}>{t("named.absent", { name: value })}</option>}
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          <option value={OTHER}>{t("named.other")}</option>
        </Select>
      )}
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-quiet">
        {writes && (
          <button type="button" className="text-accent hover:underline touch-target" onClick={() => setWrites(false)}>
            {t("named.choose")}
          </button>
        )}
        <Link to={MADE_AT[kind]} className="text-accent hover:underline">
          {t(`named.create.${kind}`)}
        </Link>
        {kind === "model" && path.at(-1) === "model" && <Cost model={value} />}
      </p>
    </div>
  );
}

/** What there is of a kind, as far as the node can use it. */
function useNames(kind: NamedKind): readonly string[] {
  const { type } = useForm();
  const models = useQuery({ ...modelsQuery, enabled: kind === "model" }).data ?? [];
  const connections = useQuery({ ...connectionsQuery, enabled: kind === "connection" }).data ?? [];
  const workflows = useQuery({ ...workflowsQuery, enabled: kind === "workflow" }).data ?? [];
  const bases = useQuery({ ...allBasesQuery, enabled: kind === "base" }).data ?? [];
  switch (kind) {
    case "model":
      return models.filter(({ capabilities }) => serves(type, capabilities)).map(({ model }) => model);
    case "connection":
      return connections.filter(({ provider }) => fits(type, provider)).map(({ name }) => name);
    case "workflow":
      return workflows.map(({ name }) => name);
    default:
      return bases.map(({ name }) => name);
  }
}

/** What a call will cost, about; of the server's own model where none is named. */
function Cost({ model }: { model: string }) {
  const t = useText();
  const format = useFormat();
  const { nodeId, lastPaid } = useForm();
  const node = useEditor(({ edit }) => nodeOf(edit.document, nodeId));
  const { data: models } = useQuery(modelsQuery);
  const named = models?.find((one) => (model === "" ? one.isDefault : one.model === model));
  if (!named) return null;
  if (!named.price) return <span>{t("estimate.free")}</span>;
  const { credits, inputTokens, outputTokens, measured } = estimateOf(named.price, lastPaid, askedOf(node as Json | undefined));
  const basis = { input: inputTokens, output: outputTokens };
  return (
    <span title={t(measured ? "estimate.measured" : "estimate.guessed", basis)}>
      {t("estimate", { credits: format.credits(Number(credits.toPrecision(2))) })}
    </span>
  );
}

/** The texts that a model is to read. */
function askedOf(node: Json | undefined): string {
  const { system, prompt, messages, instructions, text } = (node ?? {}) as Readonly<Record<string, Json>>;
  return JSON.stringify([system, prompt, messages, instructions, text]);
}
