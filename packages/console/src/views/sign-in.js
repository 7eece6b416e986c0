// @ts-check
import { ApiError, getJson } from "../api.js";
import { h } from "../dom.js";
import { logo } from "../icons.js";
import { t, withNodes } from "../language.js";
import { command, problem } from "../parts.js";
import { isKey, signIn } from "../session.js";

/** @import { Whoami } from "@millrace/contract" */

/**
 * Asks for an admin key, and takes it when the server does.
 * @param {import("../main.js").App} app
 * @param {string | null} reason why a session ended, or null
 * @returns {import("../main.js").View}
 */
export function signInView(app, reason) {
  const field = h("input", {
    id: "key",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
    autofocus: true,
    "aria-describedby": "key-said",
  });
  const said = h("div", { id: "key-said", class: "said", role: "alert" }, reason);
  const button = h("button", { type: "submit", class: "button primary" }, t("app.sign_in"));
  const form = h("form", { class: "form", novalidate: true }, h("label", { for: "key" }, t("sign_in.key")), field, said, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });

  async function submit() {
    const key = field.value.trim();
    button.disabled = true;
    said.replaceChildren(h("span", { class: "quiet" }, t("sign_in.checking")));
    const refusal = await refusalOf(key, app.signal);
    if (app.signal.aborted) return;
    button.disabled = false;
    said.replaceChildren(refusal ?? "");
    field.setAttribute("aria-invalid", String(refusal !== null));
    if (refusal !== null) return field.focus();
    signIn(key);
    app.go(location.href);
  }

  return { title: t("app.sign_in"), element: page(form), show: () => {} };
}

/** @param {HTMLElement} form */
function page(form) {
  const lead = h("p", { class: "lead" }, withNodes("sign_in.lead", { scope: h("code", {}, "admin") }));
  const where = withNodes("sign_in.where", { command: h("code", {}, "millrace dev"), file: h("code", {}, ".millrace/admin.key") });
  const help = h(
    "div",
    { class: "help" },
    h("p", {}, where),
    command("cat .millrace/admin.key"),
    h("p", { class: "quiet" }, t("sign_in.kept")),
  );
  return h("section", { class: "sign-in card" }, logo(), h("h1", { tabindex: "-1" }, t("app.sign_in")), lead, form, help);
}

/** Why the key cannot be taken, or null. @param {string} key @param {AbortSignal} signal @returns {Promise<string | HTMLElement | null>} */
async function refusalOf(key, signal) {
  if (key === "") return t("sign_in.missing");
  if (!isKey(key)) return t("sign_in.malformed");
  try {
    const { scopes } = /** @type {Whoami} */ (await getJson("/api/v1/whoami", { key, signal }));
    return scopes.includes("admin") ? null : t("sign_in.scope", { scopes: scopes.join(", ") });
  } catch (error) {
    if (signal.aborted) return null;
    return error instanceof ApiError && error.status === 401 ? t("sign_in.refused") : problem(error);
  }
}
