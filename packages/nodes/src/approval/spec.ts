import { APPROVAL_STYLES, isJsonObject, type JsonObject, LIMITS, ROLES, type Said, say } from "@millrace/contract";
import { ANY, arrayOf, dynamic, hasExpression, INTEGER, OBJECT, readDate, type SaidProblem, STRING, TIMEOUT_PORT } from "@millrace/engine";
import Type from "typebox";
import { actionNames } from "#approval/config";
import { formProblems } from "#approval/form";
import { exactlyOne } from "#kit/exactly-one";
import { anyValue, IDENTIFIER_PATTERN, orExpression, templateText } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const YEAR_MS = 365 * 86_400_000;
const closed = { additionalProperties: false };

const action = Type.Object(
  {
    name: Type.String({
      pattern: IDENTIFIER_PATTERN,
      maxLength: LIMITS.actionNameCharacters.value,
      description: "What a decision names, and the port that it takes.",
    }),
    label: Type.Optional(
      Type.String({ minLength: 1, maxLength: LIMITS.actionNameCharacters.value, description: "Text of its button; absent: its name." }),
    ),
    style: Type.Optional(Type.Enum(APPROVAL_STYLES, { description: "How its button looks; the first is `primary`, others `plain`." })),
    form: Type.Optional(Type.Boolean({ description: "Is the form filled in for it? Absent: for the first action alone." })),
  },
  closed,
);

const timeout = Type.Object(
  {
    afterMs: Type.Optional(dynamic(Type.Integer({ minimum: 0, maximum: YEAR_MS, description: "How long people have, ms." }))),
    until: Type.Optional(
      orExpression(
        Type.Union([Type.Integer(), Type.String()], { description: "Until when they may decide: ms since 1970, or a date as a text." }),
      ),
    ),
  },
  { ...closed, description: "When nobody has decided by then, the port `timeout` is taken. Absent: however long it takes." },
);

const approvers = Type.Object(
  {
    people: Type.Optional(
      orExpression(
        Type.Array(Type.String(), {
          maxItems: LIMITS.approvers.value,
          description: "Emails or ids of members, or names of people outside.",
        }),
      ),
    ),
    roles: Type.Optional(Type.Array(Type.Enum(ROLES), { minItems: 1, uniqueItems: true, description: "Members with one of these roles." })),
    needed: Type.Optional(
      Type.Union([Type.Enum(["any", "all"]), Type.Integer({ minimum: 1, maximum: LIMITS.approvers.value })], {
        description: "How many have to choose the first action: one, all of `people`, or this many.",
      }),
    ),
  },
  { ...closed, description: "Who may decide. Absent: every operator of the server, and everyone with a link." },
);

const config = Type.Object(
  {
    title: templateText("What is to be decided, in a line."),
    message: Type.Optional(templateText("What those who decide should know.")),
    details: Type.Optional(anyValue("A value to show them: what the decision is about.")),
    form: Type.Optional(
      Type.Object(
        { type: Type.Optional(Type.Literal("object")) },
        { additionalProperties: true, description: "JSON Schema of what they fill in: one member of `properties` a field." },
      ),
    ),
    actions: Type.Optional(
      Type.Array(action, {
        minItems: 1,
        maxItems: LIMITS.approvalActions.value,
        description: "What they may choose. Absent: approve, reject.",
      }),
    ),
    timeout: Type.Optional(timeout),
    approvers: Type.Optional(approvers),
  },
  closed,
);

function check(config: JsonObject): readonly SaidProblem[] {
  const { timeout, approvers, form } = config;
  return [
    ...nameProblems(actionNames(config)),
    ...(isJsonObject(form) ? formProblems(form) : []),
    ...(isJsonObject(timeout) ? timeoutProblems(timeout) : []),
    ...(isJsonObject(approvers) ? approverProblems(approvers) : []),
  ];
}

function nameProblems(names: readonly string[]): SaidProblem[] {
  return names.flatMap((name, index): SaidProblem[] => {
    const path = `/actions/${index}/name`;
    if (name === TIMEOUT_PORT || name === "error")
      return [
        { code: "reserved_name", level: "error", path, message: say`"${name}" is a port of every approval: call the action otherwise.` },
      ];
    return names.indexOf(name) < index
      ? [{ code: "duplicate", level: "error", path, message: say`There is another action "${name}".` }]
      : [];
  });
}

function timeoutProblems(timeout: JsonObject): readonly SaidProblem[] {
  const { until } = timeout;
  const unreadable = typeof until === "string" && !hasExpression(until) && readDate(until) === null;
  const message = say`The text is no date: 2030-01-31T09:00:00Z is one.`;
  const date: SaidProblem = { code: "not_a_date", level: "error", path: "/timeout/until", message };
  return [...exactlyOne(timeout, ["afterMs", "until"], "/timeout"), ...(unreadable ? [date] : [])];
}

/** `all` and a number are counts of those who are named: of those with a role nobody knows how many there will be. */
function approverProblems({ people, roles, needed }: JsonObject): readonly SaidProblem[] {
  const problem = (message: Said): SaidProblem => ({ code: "invalid_value", level: "error", path: "/approvers/needed", message });
  if (needed === "all" && (people === undefined || roles !== undefined))
    return [problem(say`"all" needs a list of people, and no roles: it says whose answers are waited for.`)];
  if (typeof needed === "number" && Array.isArray(people) && roles === undefined && needed > people.length)
    return [problem(say`${needed} have to agree, and ${people.length} may.`)];
  return [];
}

export const spec = defineSpec({
  type: "approval",
  config,
  members: { form: "literal", actions: "literal" },
  ports: (config) => [...actionNames(config), ...(config["timeout"] === undefined ? [] : [TIMEOUT_PORT])],
  result: () => ({
    fields: { action: STRING, form: OBJECT, comment: STRING, by: STRING, at: INTEGER, answers: arrayOf(ANY) },
    open: false,
  }),
  check,
});
