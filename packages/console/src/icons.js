// @ts-check

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a field of 24 by 24. */
const PATHS = {
  workflows: "M5 4h5v5H5zM14 15h5v5h-5zM7.5 9v5a3 3 0 0 0 3 3H14",
  runs: "M4 6h16M4 12h10M4 18h7M17 14.5v6l4.5-3z",
  system: "M3 5h18v11H3zM9 20h6M12 16v4",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M4.9 4.9l1.8 1.8M17.3 17.3l1.8 1.8M4.9 19.1l1.8-1.8M17.3 6.7l1.8-1.8",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  signOut: "M10 4H5v16h5M14 8l4 4-4 4M9 12h9",
  language: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c2.8 2.6 4 5.6 4 9s-1.2 6.4-4 9c-2.8-2.6-4-5.6-4-9s1.2-6.4 4-9",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.5l3 1.5",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M9 6v12M15 6v12",
  retry: "M19 12a7 7 0 1 1-2.3-5.2M19 4v4h-4",
  minus: "M6 12h12",
  stop: "M7 7h10v10H7z",
  open: "M9 5l7 7-7 7",
  offline: "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * Decoration beside a word, or in a control that has its own label: hidden from readers.
 * @param {IconName} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** The water wheel of the product. */
export function logo() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("class", "logo");
  svg.setAttribute("aria-hidden", "true");
  for (const [d, part] of LOGO) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", part);
    svg.append(path);
  }
  return svg;
}

/** @type {readonly (readonly [string, string])[]} */
const LOGO = [
  ["M16 6a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M16 3v21M7 8.3l18 10.4M7 18.7L25 8.3", "logo-wheel"],
  ["M3 28c2.6 0 2.6-2 5.2-2s2.6 2 5.2 2 2.6-2 5.2-2 2.6 2 5.2 2 2.6-2 5.2-2", "logo-water"],
];
