export default {
  form: "Form",
  json: "JSON",
  "json.bad": "This is no JSON: {reason}",
  "json.object": "The input is an object: {example}",
  "number.bad": "A number is needed.",
  "integer.bad": "A whole number is needed.",
  true: "true",
  false: "false",
  none: "The workflow takes no input.",
} as const;
