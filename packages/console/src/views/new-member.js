// @ts-check
import { postJson } from "../api.js";
import { h } from "../dom.js";
import { t } from "../language.js";
import { command } from "../parts.js";
import { currentToken, dropToken } from "../session.js";
import { createForm, FormError, formPage } from "./form.js";
import { enter } from "./sign-in.js";

/** The server's own limit, LIMITS.passwordCharacters; it judges, this only says so. */
const PASSWORD_CHARACTERS = 12;

/** Makes the first owner, with the token of the link that the server printed. @param {import("../main.js").App} app @returns {import("../main.js").View} */
export function setupView(app) {
  const title = t("setup.title");
  if (currentToken() === null) {
    const hint = [h("p", {}, t("setup.no_link")), command("millrace members create-owner you@example.com")];
    return { title, element: formPage(title, ...hint), show: () => {} };
  }
  const email = { name: "email", label: t("sign_in.email"), type: "email", autocomplete: "username" };
  const form = memberForm(app, title, "/api/v1/setup", [email]);
  return { title, element: formPage(title, h("p", { class: "lead" }, t("setup.lead")), form), show: () => {} };
}

/** Accepts an invitation. @param {import("../main.js").App} app @returns {import("../main.js").View} */
export function joinView(app) {
  const title = t("join.title");
  if (currentToken() === null) return { title, element: formPage(title, h("p", {}, t("join.no_link"))), show: () => {} };
  const form = memberForm(app, title, "/api/v1/invitations/accept", []);
  return { title, element: formPage(title, h("p", { class: "lead" }, t("join.lead")), form), show: () => {} };
}

/** @param {import("../main.js").App} app @param {string} submit @param {string} path @param {readonly import("./form.js").Field[]} first */
function memberForm(app, submit, path, first) {
  const { signal } = app;
  return createForm(signal, {
    fields: [
      ...first,
      { name: "name", label: t("member.name"), autocomplete: "name", optional: true },
      {
        name: "password",
        label: t("member.password", { count: PASSWORD_CHARACTERS }),
        type: "password",
        autocomplete: "new-password",
      },
    ],
    submit,
    focus: true,
    send: async ({ name = "", ...values }) => {
      const least = t("member.password", { count: PASSWORD_CHARACTERS });
      if ([...(values["password"] ?? "")].length < PASSWORD_CHARACTERS) throw new FormError(least);
      const body = { token: currentToken(), ...(name !== "" && { name }), ...values };
      const whoami = await postJson(path, body, { signal });
      dropToken();
      enter(app, whoami);
    },
  });
}
