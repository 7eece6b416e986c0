export default {
  form: "Form",
  json: "JSON",
  "json.object": "The input is an object: {example}",
  "fault.number": "A number is needed.",
  "fault.integer": "A whole number is needed.",
  "bool.true": "true",
  "bool.false": "false",
  none: "The workflow takes no input.",
} as const;
