import { type ApprovalAbout, type Json, type JsonObject, LIMITS } from "@millrace/contract";
import { describe, jsonBytes, TerminalError, textOf } from "@millrace/engine";
import { type ApprovalConfig, actionsOf } from "#approval/config";
import { spec } from "#approval/spec";
import { definePure } from "#kit/executor";
import { momentOf } from "#kit/moment";

export const executor = definePure<ApprovalConfig>(spec, (config) => {
  const about = aboutOf(config);
  const needs = Object.fromEntries(about.actions.map(({ name, needed }) => [name, needed]));
  return { verb: "ask", question: { about: bounded(about as unknown as JsonObject), needs }, ...timeoutOf(config) };
});

function aboutOf(config: ApprovalConfig): ApprovalAbout {
  const { message, details, form, approvers = {} } = config;
  const people = approvers.people === undefined ? null : peopleOf(approvers.people);
  return {
    title: titleOf(config.title),
    ...(message !== undefined && { message: textOf(message) }),
    ...(details !== undefined && { details }),
    ...(form !== undefined && { form }),
    actions: actionsOf(config, neededOf(approvers, people)),
    approvers: { ...(people && { people }), ...(approvers.roles && { roles: [...approvers.roles] }) },
  };
}

function titleOf(value: Json): string {
  const title = textOf(value).replace(/\s+/g, " ").trim();
  const most = LIMITS.approvalTitleCharacters.value;
  if (title === "") throw new TerminalError("type_error", "title: the text is empty.");
  const characters = [...title];
  return characters.length <= most ? title : `${characters.slice(0, most - 1).join("")}…`;
}

/** Each once, however it is written: a person counts once. */
function peopleOf(value: Json): string[] {
  const names = typeof value === "string" ? [value] : value;
  if (!Array.isArray(names))
    throw new TerminalError("type_error", `approvers.people must be a list of texts, and it is ${describe(value)}.`);
  const people = new Map<string, string>();
  for (const name of names as readonly Json[]) {
    const person = typeof name === "string" ? name.trim() : "";
    if (person === "" || [...person].length > LIMITS.approverCharacters.value)
      throw new TerminalError(
        "type_error",
        `approvers.people: each is a text of 1 to ${LIMITS.approverCharacters.value} characters, and one is ${describe(name)}.`,
      );
    people.set(person.toLowerCase(), people.get(person.toLowerCase()) ?? person);
  }
  const most = LIMITS.approvers.value;
  if (people.size === 0 || people.size > most)
    throw new TerminalError("type_error", `approvers.people names ${people.size} people; 1 to ${most} may be asked.`);
  return [...people.values()];
}

function neededOf({ needed = "any", roles }: NonNullable<ApprovalConfig["approvers"]>, people: readonly string[] | null): number {
  if (needed === "any") return 1;
  if (needed === "all") return people?.length ?? 1;
  if (people && roles === undefined && needed > people.length)
    throw new TerminalError("type_error", `approvers.needed: ${needed} have to agree, and ${people.length} may.`);
  return needed;
}

function timeoutOf({ timeout }: ApprovalConfig) {
  if (!timeout) return {};
  const { afterMs, until } = timeout;
  return afterMs === undefined ? { until: momentOf("timeout.until", until ?? null) } : { forMs: afterMs };
}

function bounded(about: JsonObject): JsonObject {
  const most = LIMITS.approvalBytes.value;
  if (jsonBytes(about, most) > most)
    throw new TerminalError("limit_exceeded", `What the approval shows exceeds ${most} bytes: give \`details\` less, or a link to it.`);
  return about;
}
