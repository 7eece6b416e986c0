// @ts-check
import { ApiError } from "./api.js";
import { currentLanguage, t } from "./language.js";
import { pageOfClick, routeOf } from "./routes.js";
import { currentWho, loadSession, setWho, signOut, takeTokenFromAddress } from "./session.js";
import { createShell } from "./shell.js";
import { errorView } from "./views/error.js";
import { joinView, setupView } from "./views/new-member.js";
import { runView } from "./views/run.js";
import { runsView } from "./views/runs.js";
import { signInView } from "./views/sign-in.js";
import { workflowsView } from "./views/workflows.js";

/** What a page is given. @typedef {{ signal: AbortSignal, go: (address: string) => void, refused: (error: unknown) => boolean }} App */

/**
 * A page: its element, its title, and what it does when only the query of the address changes.
 * @typedef {{ title: string, element: HTMLElement, show: (url: URL) => void }} View
 */

const shell = createShell({ languageChanged: rebuild, signedOut: leave });

/** @type {{ name: string, view: View, ends: AbortController } | null} */
let shown = null;

takeTokenFromAddress();
document.body.append(...shell.elements);
document.addEventListener("click", follow);
window.addEventListener("popstate", () => display());
window.addEventListener("hashchange", () => takeTokenFromAddress() && rebuild());
void begin();

/** Nothing is shown before it is known who is signed in; a server that cannot say so is told of by the page that asks it next. */
async function begin() {
  await loadSession(new AbortController().signal).catch(() => undefined);
  display();
}

/** Shows the page of the address; the one that is shown is kept when only its query changed. */
function display() {
  const url = new URL(location.href);
  const route = routeOf(url.pathname) ?? { page: "workflows" };
  const name = isPublic(route) || (currentWho() !== null && route.page !== "login") ? pageName(route) : "sign-in";
  if (shown?.name !== name) replaceView(name, (app) => (name === "sign-in" ? signInView(app, null) : viewOf(route, app)));
  shown?.view.show(url);
  shell.update(route, name === "sign-in" || route.page === "setup" || route.page === "join");
}

/** @param {string} name @param {(app: App) => View} make */
function replaceView(name, make) {
  const first = shown === null;
  shown?.ends.abort();
  const ends = new AbortController();
  const view = make({ signal: ends.signal, go, refused });
  shown = { name, view, ends };
  document.documentElement.lang = currentLanguage();
  document.title = `${view.title} · Millrace`;
  shell.main.replaceChildren(view.element);
  if (!first) focusStart(view.element);
}

/** A new page begins at its heading, for eyes and for readers. @param {HTMLElement} element */
function focusStart(element) {
  window.scrollTo(0, 0);
  /** @type {HTMLElement | null} */
  const start = element.querySelector("[autofocus], h1");
  start?.focus({ preventScroll: true });
}

/** @param {import("./routes.js").Route} route @param {App} app @returns {View} */
function viewOf(route, app) {
  switch (route.page) {
    case "workflows":
      return workflowsView(app);
    case "runs":
      return runsView(app);
    case "run":
      return runView(app, route.id);
    case "error":
      return errorView(app, route.type);
    case "setup":
      return setupView(app);
    case "join":
      return joinView(app);
    case "login":
      return signInView(app, null);
  }
}

/** @param {import("./routes.js").Route} route */
function isPublic(route) {
  return route.page === "error" || route.page === "setup" || route.page === "join";
}

/** @param {import("./routes.js").Route} route */
function pageName(route) {
  return JSON.stringify(route);
}

/** @param {MouseEvent} event */
function follow(event) {
  const url = pageOfClick(event);
  if (!url) return;
  event.preventDefault();
  go(url.href);
}

/** @param {string} address */
function go(address) {
  if (new URL(address, location.href).href !== location.href) history.pushState(null, "", address);
  display();
}

/** Everything anew: the language or the key is another one. */
function rebuild() {
  shown?.ends.abort();
  shown = null;
  display();
}

function leave() {
  // The page is left at once; the server hears of it all the same.
  void signOut(new AbortController().signal).catch(() => undefined);
  rebuild();
}

/** A session that the server no longer takes has ended, and the form says so. @param {unknown} error @returns {boolean} */
function refused(error) {
  if (!(error instanceof ApiError) || error.status !== 401) return false;
  setWho(null);
  replaceView("sign-in", (app) => signInView(app, t("sign_in.ended")));
  shell.update(routeOf(location.pathname) ?? { page: "workflows" }, true);
  return true;
}
