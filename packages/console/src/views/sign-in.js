// @ts-check
import { getJson, postJson } from "../api.js";
import { h } from "../dom.js";
import { t, withNodes } from "../language.js";
import { command } from "../parts.js";
import { currentToken, dropToken, setWho } from "../session.js";
import { createForm, FormError, formPage } from "./form.js";

/** @import { SetupView, SignInLink, Whoami } from "@millrace/contract" */

const KEY = /^mr_[A-Za-z0-9_-]{40}$/;

/**
 * Asks for email and password, or an admin key. A link that the address carried signs in by itself; a server without an owner is set up
 * first.
 * @param {import("../main.js").App} app
 * @param {string | null} reason why a session ended, or null
 * @returns {import("../main.js").View}
 */
export function signInView(app, reason) {
  const { signal } = app;
  const form = createForm(signal, {
    fields: [
      { name: "email", label: t("sign_in.email"), type: "email", autocomplete: "username" },
      { name: "password", label: t("sign_in.password"), type: "password", autocomplete: "current-password" },
    ],
    submit: t("app.sign_in"),
    reason,
    focus: true,
    send: async ({ email, password }) => enter(app, await postJson("/api/v1/sign-in", { email, password }, { signal })),
  });
  const byLink = currentToken() === null ? null : createForm(signal, { fields: [], submit: t("app.sign_in"), send: () => useLink(app) });
  const element = byLink ? formPage(t("app.sign_in"), byLink) : formPage(t("app.sign_in"), form, keyForm(app));
  if (byLink) queueMicrotask(() => byLink.requestSubmit());
  else void toSetup(app);
  return { title: t("app.sign_in"), element, show: () => {} };
}

/** @param {import("../main.js").App} app */
function keyForm(app) {
  const { signal } = app;
  const form = createForm(signal, {
    fields: [{ name: "key", label: t("sign_in.key"), type: "password", autocomplete: "off" }],
    submit: t("app.sign_in"),
    send: async ({ key = "" }) => {
      if (!KEY.test(key.trim())) throw new FormError(t("sign_in.malformed"));
      const { url } = /** @type {SignInLink} */ (await postJson("/api/v1/sign-in-links", null, { signal, key: key.trim() }));
      enter(app, await postJson("/api/v1/sign-in/link", { token: url.split("#link=")[1] }, { signal }));
    },
  });
  const where = withNodes("sign_in.where", { command: h("code", {}, "millrace dev"), file: h("code", {}, ".millrace/admin.key") });
  return h(
    "details",
    { class: "help" },
    h("summary", {}, t("sign_in.by_key")),
    form,
    h("p", { class: "quiet" }, t("sign_in.kept")),
    h("p", {}, where),
    command("millrace open"),
  );
}

/** @param {import("../main.js").App} app */
async function useLink(app) {
  const token = currentToken();
  dropToken();
  // A second try would find it used: the form below takes its place with the next display.
  enter(app, await postJson("/api/v1/sign-in/link", { token }, { signal: app.signal }));
}

/** @param {import("../main.js").App} app @param {unknown} whoami */
export function enter(app, whoami) {
  setWho(/** @type {Whoami} */ (whoami));
  const here = new URL(location.href);
  app.go(["/login", "/setup", "/join"].includes(here.pathname) ? "/workflows" : here.href);
}

/** Where nobody can sign in yet, the page says what to do instead. @param {import("../main.js").App} app */
async function toSetup(app) {
  const { needed } = /** @type {SetupView} */ (await getJson("/api/v1/setup", { signal: app.signal }).catch(() => ({ needed: false })));
  if (needed && !app.signal.aborted && location.pathname === "/login") app.go("/setup");
}
