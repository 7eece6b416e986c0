export default {
  text: "Receivers verify signatures with it (Standard Webhooks).",
  since: "Made {when}.",
  previous: "The one before it signs too until {when}.",
  rotate: "Rotate",
  "rotate.hint": "For 24 hours both sign, so that receivers can change.",
  rotated: "A new secret signs",
} as const;
