// @ts-check
import { h } from "./dom.js";
import { icon, logo } from "./icons.js";
import { chooseLanguage, currentLanguage, LANGUAGE_NAMES, LANGUAGES, t } from "./language.js";
import { currentWho } from "./session.js";
import { chooseTheme, currentTheme, nextTheme } from "./theme.js";

/** The frame around every page: brand, pages, language, theme, sign-out; version and time zone at the foot. */

/** @param {{ languageChanged: () => void, signedOut: () => void }} on */
export function createShell(on) {
  const skip = h("a", { class: "skip", href: "#main" });
  const header = h("header", { class: "top" });
  const main = h("main", { id: "main", tabindex: "-1" });
  const footer = h("footer", { class: "foot" });
  let version = "";
  void readVersion().then((known) => {
    version = known;
    footer.replaceChildren(...footerParts(version));
  });
  return {
    elements: [skip, header, main, footer],
    main,
    /** @param {import("./routes.js").Route} route @param {boolean} signingIn */
    update(route, signingIn) {
      skip.textContent = t("app.skip");
      footer.replaceChildren(...footerParts(version));
      const pages = signingIn ? null : navigation(route);
      keepingFocus(header, () => header.replaceChildren(...present([brand(), pages, tools(on, signingIn)])));
    },
  };
}

/** @param {readonly (HTMLElement | null)[]} elements */
function present(elements) {
  return elements.filter((element) => element !== null);
}

/** The bar is made anew with each page; a control that has the focus keeps it. @param {HTMLElement} parent @param {() => void} change */
function keepingFocus(parent, change) {
  const name = parent.contains(document.activeElement) ? document.activeElement?.id : "";
  change();
  if (name) document.getElementById(name)?.focus({ preventScroll: true });
}

function brand() {
  return h("a", { class: "brand", href: "/workflows", id: "brand" }, logo(), "Millrace");
}

/** @param {import("./routes.js").Route} route */
function navigation(route) {
  const links = /** @type {const} */ (["workflows", "runs"]).map((page) => {
    const current = route.page === page ? "page" : page === "runs" && route.page === "run" ? "true" : null;
    return h("a", { href: `/${page}`, id: `to-${page}`, "aria-current": current }, icon(page), h("span", {}, t(`app.${page}`)));
  });
  return h("nav", { class: "pages", "aria-label": t("app.pages") }, links);
}

/** @param {Parameters<typeof createShell>[0]} on @param {boolean} signingIn */
function tools(on, signingIn) {
  const who = currentWho();
  const session = who === null ? [signInLink(signingIn)] : [identity(who), signOutButton(on.signedOut)];
  return h("div", { class: "tools" }, languageChoice(on.languageChanged), themeSwitch(), session);
}

/** @param {() => void} changed */
function languageChoice(changed) {
  const options = LANGUAGES.map((language) =>
    h("option", { value: language, lang: language, selected: language === currentLanguage() }, LANGUAGE_NAMES[language]),
  );
  const select = h("select", { id: "language", "aria-label": t("app.language"), title: t("app.language") }, options);
  select.addEventListener("change", () => {
    chooseLanguage(select.value);
    changed();
  });
  return h("span", { class: "language" }, icon("language"), select);
}

function themeSwitch() {
  const button = h("button", { type: "button", id: "theme", class: "icon-button" });
  const show = () => {
    const label = t("app.theme", { theme: t(`app.theme.${currentTheme()}`) });
    button.setAttribute("aria-label", label);
    button.title = label;
    button.replaceChildren(icon(currentTheme()));
  };
  button.addEventListener("click", () => {
    chooseTheme(nextTheme());
    show();
  });
  show();
  return button;
}

/** @param {import("@millrace/contract").Whoami} who */
function identity({ email, name, keyId, role }) {
  const called = name ?? email ?? keyId ?? "";
  return h("span", { class: "identity", title: t("app.signed_in", { name: email ?? called, role: role ?? "" }) }, called);
}

/** @param {() => void} signedOut */
function signOutButton(signedOut) {
  const label = t("app.sign_out");
  return h(
    "button",
    { type: "button", id: "sign-out", class: "icon-button", title: label, "aria-label": label, onclick: signedOut },
    icon("signOut"),
  );
}

/** Pages for everyone lead to the form; the form does not lead to itself. @param {boolean} signingIn */
function signInLink(signingIn) {
  return signingIn ? null : h("a", { class: "button", href: "/workflows", id: "sign-in" }, t("app.sign_in"));
}

/** @param {string} version empty while unknown */
function footerParts(version) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const parts = [h("span", {}, t("app.time_zone", { zone }))];
  return version === "" ? parts : [h("span", {}, t("app.version", { version })), ...parts];
}

/** Decoration: without an answer the foot goes without. @returns {Promise<string>} */
async function readVersion() {
  try {
    const answer = await (await fetch("/version")).json();
    return typeof answer.version === "string" ? answer.version : "";
  } catch {
    return "";
  }
}
