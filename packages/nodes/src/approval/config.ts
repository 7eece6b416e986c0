import { type ApprovalAction, type ApprovalStyle, isJsonObject, type Json, type JsonObject, type Role } from "@millrace/contract";

/** The node's config, evaluated. */
export interface ApprovalConfig {
  readonly title: Json;
  readonly message?: Json;
  readonly details?: Json;
  readonly form?: JsonObject;
  readonly actions?: readonly ConfiguredAction[];
  readonly timeout?: { readonly afterMs?: number; readonly until?: Json };
  readonly approvers?: { readonly people?: Json; readonly roles?: readonly Role[]; readonly needed?: "any" | "all" | number };
}

export interface ConfiguredAction {
  readonly name: string;
  readonly label?: string;
  readonly style?: ApprovalStyle;
  readonly form?: boolean;
}

const DEFAULT_ACTIONS: readonly ConfiguredAction[] = [
  { name: "approve", style: "primary" },
  { name: "reject", style: "danger" },
];

/** The actions of a config in the order in which they are shown: the first is the one that people have to agree on. */
export function actionsOf({ actions = DEFAULT_ACTIONS }: Pick<ApprovalConfig, "actions">, needed: number): ApprovalAction[] {
  return actions.map(({ name, label, style, form }, index) => ({
    name,
    ...(label !== undefined && { label }),
    style: style ?? (index === 0 ? "primary" : "plain"),
    form: form ?? index === 0,
    needed: index === 0 ? needed : 1,
  }));
}

/** Names of the actions of a document's config, whether it is well formed or not. */
export function actionNames(config: JsonObject): readonly string[] {
  const { actions } = config;
  if (!Array.isArray(actions)) return DEFAULT_ACTIONS.map(({ name }) => name);
  return actions.flatMap((action: Json) => (isJsonObject(action) && typeof action["name"] === "string" ? [action["name"]] : []));
}
