// @ts-check
import { h } from "../dom.js";
import { t } from "../language.js";
import { problem } from "../parts.js";

/** A line to fill in. @typedef {{ name: string, label: string, type?: string, autocomplete: string, optional?: boolean }} Field */

/**
 * A form that is sent by `send`, and says what it throws. The first field has the focus where `focus` says so.
 * @param {AbortSignal} signal of the page
 * @param {{ fields: readonly Field[], submit: string, reason?: string | null, focus?: boolean, send: (values: Record<string, string>) => Promise<void> }} parts
 */
export function createForm(signal, { fields, submit, reason = null, focus = false, send }) {
  const inputs = fields.map((field, n) => inputOf(field, focus && n === 0));
  const said = h("div", { class: "said", role: "alert" }, reason);
  const button = h("button", { type: "submit", class: "button primary" }, submit);
  const lines = inputs.flatMap((input, n) => [h("label", { for: input.id }, fields[n]?.label), input]);
  const form = h("form", { class: "form", novalidate: true }, lines, said, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submitted();
  });

  async function submitted() {
    const missing = inputs.find((input, n) => input.value === "" && !fields[n]?.optional);
    for (const input of inputs) input.setAttribute("aria-invalid", String(input === missing));
    if (missing) {
      said.replaceChildren(t("sign_in.missing"));
      return missing.focus();
    }
    button.disabled = true;
    said.replaceChildren(h("span", { class: "quiet" }, t("sign_in.checking")));
    try {
      await send(Object.fromEntries(inputs.map((input, n) => [fields[n]?.name ?? "", input.value])));
    } catch (error) {
      if (!signal.aborted) said.replaceChildren(error instanceof FormError ? error.message : problem(error));
    }
    button.disabled = false;
  }

  return form;
}

/** What the page itself finds wrong. */
export class FormError extends Error {}

/** @param {Field} field @param {boolean} autofocus */
function inputOf({ name, type = "text", autocomplete }, autofocus) {
  return h("input", { id: `field-${name}`, name, type, autocomplete, autofocus, spellcheck: "false", autocapitalize: "off" });
}

/** A page that is a form. @param {string} title @param {readonly import("../dom.js").Child[]} parts */
export function formPage(title, ...parts) {
  return h("section", { class: "sign-in card" }, h("h1", { tabindex: "-1" }, title), parts);
}
