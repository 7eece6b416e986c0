// @ts-check
// A classic script in the head: it runs before the first paint, so that a chosen theme never flashes the other one.
try {
  const chosen = localStorage.getItem("millrace.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
} catch {
  // Storage is switched off: the system's theme it is.
}
