import { type ApprovalAction, type ErrorItem, isJsonObject, type Json, type Language } from "@millrace/contract";
import { drawFields, type FieldValues } from "#approvals/page/fields";
import { type Html, html, NOTHING, type Part } from "#approvals/page/html";
import { STYLE } from "#approvals/page/style";
import { fill, moment, PAGE_TEXTS, type PageTexts } from "#approvals/page/texts";
import type { ApprovalRow, StoredAnswer } from "#store/approval-store";

/** What the page shows of an approval, to one person. */
export interface PageInput {
  readonly row: ApprovalRow;
  /** As their link names them. */
  readonly person: string;
  /** What they have answered already. */
  readonly own: StoredAnswer | null;
  readonly language: Language;
  /** What the form sends back beside its fields. */
  readonly proof: string;
  readonly values: FieldValues;
  readonly comment: string;
  readonly faults: readonly ErrorItem[];
}

export function renderApproval(input: PageInput): string {
  const { row, person, language, own } = input;
  const texts = PAGE_TEXTS[language];
  const isOpen = row.status === "OPEN" && own === null;
  const until = isOpen && row.until !== null ? html`<p class="until">${fill(texts.until, { at: moment(row.until, language) })}</p>` : null;
  const head = html`<p class="from">${fill(texts.asked, { workflow: row.workflowName, person })}</p><h1 dir="auto">${row.about.title}</h1>${until}`;
  const body = html`${head}${isOpen ? open(input, texts) : outcome(input, texts)}`;
  return page(language, row.about.title, body, isOpen ? texts.footer : "");
}

/** The same for whatever is no link. */
export function renderUnknown(language: Language): string {
  const texts = PAGE_TEXTS[language];
  return page(language, texts.unknown, html`<h1>${texts.unknown}</h1><p>${texts.unknownText}</p>`, "");
}

function page(language: Language, title: string, body: Html, footer: string): string {
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title} · ${PAGE_TEXTS[language].page}</title>`;
  const shown = html`<main>${body}</main>${footer === "" ? null : html`<footer class="quiet">${footer}</footer>`}`;
  return `<!doctype html><html lang="${language}"><head>${head.text}<style>${STYLE}</style></head><body>${shown.text}</body></html>`;
}

function open(input: PageInput, texts: PageTexts): Html {
  const { row, proof, comment, values, faults } = input;
  const { message, details, form, actions } = row.about;
  const told = faults.map((fault) => ({ ...fault, message: inWordsOf(form, fault) }));
  const [first] = actions;
  const given = row.answers.filter(({ action }) => action === first?.name).length;
  return html`${message === undefined ? null : html`<p class="message" dir="auto">${message}</p>`}
${details === undefined ? null : html`<h2>${texts.details}</h2>${drawDetails(details as Json)}`}
${first && first.needed > 1 ? html`<p class="note">${fill(texts.agree, { count: first.needed, given })}</p>` : null}
${drawFaults(told, texts)}
<form method="post" accept-charset="utf-8"><input type="hidden" name="proof" value="${proof}">
${isJsonObject(form) ? html`${formNote(actions, texts)}${drawFields({ form, values, faults: told, texts })}` : null}
<div class="field"><label for="comment">${texts.comment} <small>${texts.optional}</small></label><textarea id="comment" name="comment" rows="2" maxlength="2000" dir="auto">${comment}</textarea></div>
<div class="buttons">${actions.map((action) => button(action, texts))}</div></form>`;
}

/** Fields are called on the page what their titles say. */
function inWordsOf(form: object | undefined, { path, message = "" }: ErrorItem): string {
  const properties = isJsonObject(form) ? form["properties"] : undefined;
  const name = path.slice("/form/".length);
  const field = isJsonObject(properties) ? properties[name] : undefined;
  const title = isJsonObject(field) ? field["title"] : undefined;
  return typeof title === "string" ? message.replace(`form.${name}`, title) : message.replace(/^form\./, "");
}

/** Only where some actions take the form and others do not is there anything to say. */
function formNote(actions: readonly ApprovalAction[], texts: PageTexts): Part {
  const takers = actions.filter(({ form }) => form);
  if (takers.length === actions.length) return NOTHING;
  return html`<p class="quiet">${fill(texts.onlyFor, { actions: takers.map((action) => labelOf(action, texts)).join(", ") })}</p>`;
}

function button(action: ApprovalAction, texts: PageTexts): Html {
  return html`<button class="${action.style}" name="action" value="${action.name}"${action.form ? null : html` formnovalidate`} dir="auto">${labelOf(action, texts)}</button>`;
}

function labelOf({ name, label }: Pick<ApprovalAction, "name" | "label">, texts: PageTexts): string {
  if (label !== undefined) return label;
  return name === "approve" ? texts.approve : name === "reject" ? texts.reject : name;
}

function drawFaults(faults: readonly ErrorItem[], texts: PageTexts): Part {
  if (faults.length === 0) return null;
  return html`<div class="note bad" role="alert"><p>${texts.faults}</p><ul>${faults.map(({ message }) => html`<li>${message ?? ""}</li>`)}</ul></div>`;
}

/** An object is a table, a text is a text, anything else is JSON. */
function drawDetails(details: Json): Html {
  if (isJsonObject(details) && Object.keys(details).length > 0)
    return html`<dl>${Object.entries(details).map(([name, value]) => html`<dt dir="auto">${name}</dt><dd dir="auto">${drawValue(value)}</dd>`)}</dl>`;
  return typeof details === "string"
    ? html`<pre class="alone" dir="auto">${details}</pre>`
    : html`<pre class="alone">${JSON.stringify(details, null, 2)}</pre>`;
}

function drawValue(value: Json): Part {
  if (value === null) return "–";
  return typeof value === "object" ? html`<pre>${JSON.stringify(value, null, 2)}</pre>` : String(value);
}

function outcome({ row, own, language }: PageInput, texts: PageTexts): Html {
  const { status, answers, endedAt, about } = row;
  const actionOf = ({ action }: StoredAnswer) => labelOf(about.actions.find(({ name }) => name === action) ?? { name: action }, texts);
  const at = moment(endedAt ?? 0, language);
  const last = answers.at(-1);
  const mine = own
    ? html`<p>${texts.thanks}</p><p class="quiet">${fill(texts.yours, { action: actionOf(own), at: moment(own.at, language) })}</p>`
    : null;
  if (status === "OPEN") {
    const [first] = about.actions;
    const given = answers.filter(({ action }) => action === first?.name).length;
    return html`<div class="note good">${mine}</div><p>${fill(texts.waiting, { count: first?.needed ?? 1, given })}</p>`;
  }
  const thanks = mine && html`<div class="note good">${mine}</div>`;
  if (status === "DECIDED" && last)
    return html`${thanks}<div class="note"><p><strong>${fill(texts.decided, { action: actionOf(last) })}</strong></p><p class="quiet">${fill(texts.decidedBy, { by: last.by, at: moment(last.at, language) })}</p></div>`;
  const [title, text] = status === "TIMED_OUT" ? [texts.timedOut, fill(texts.timedOutText, { at })] : [texts.closed, texts.closedText];
  return html`${thanks}<div class="note"><p><strong>${title}</strong></p><p>${text}</p></div>`;
}
