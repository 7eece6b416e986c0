import { type ApprovalAbout, compileStart, type ErrorItem, isJsonObject, type JsonObject, type Language } from "@millrace/contract";
import { invalidMember, RequestError } from "#request-error";

/** A decision as somebody sends it. */
export interface GivenDecision {
  readonly action: string;
  readonly form?: JsonObject | undefined;
  readonly comment?: string | undefined;
}

export interface CheckedDecision {
  readonly action: string;
  /** Every field, those that were left out as null; empty where the action takes no form. */
  readonly form: JsonObject;
  readonly comment: string | null;
}

/** RequestError `invalid_request`, which names the field. */
export function checkDecision(about: ApprovalAbout, given: GivenDecision, language: Language): CheckedDecision {
  const action = about.actions.find(({ name }) => name === given.action);
  const names = about.actions.map(({ name }) => name).join(", ");
  if (!action) throw invalidMember("/action", `action: there is no action "${given.action.slice(0, 64)}"; there is ${names}`);
  const comment = given.comment?.trim() || null;
  if (!action.form || !about.form) {
    if (Object.keys(given.form ?? {}).length > 0)
      throw invalidMember("/form", `form: the action "${action.name}" takes none; say it in the comment`);
    return { action: action.name, form: {}, comment };
  }
  return { action: action.name, form: checkForm(about.form, given.form ?? {}, language), comment };
}

function checkForm(schema: object, form: JsonObject, language: Language): JsonObject {
  if (!isJsonObject(schema)) throw new Error("a form is a schema");
  const compiled = compileStart(schema, { patterns: noPatterns, member: "form", strictInput: true });
  if (!compiled.ok) throw new Error("a form that cannot be read was published");
  const checked = compiled.check(form, language);
  if (checked.ok) return checked.values;
  const errors: readonly ErrorItem[] = checked.faults;
  throw new RequestError("invalid_request", { message: checked.faults[0]?.message ?? "", errors });
}

/** Never asked: a form has no patterns. */
function noPatterns(): never {
  throw new Error("a form has no patterns");
}
