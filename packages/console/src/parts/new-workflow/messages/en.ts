export default {
  blank: "Blank",
  name: "Name",
  "name.hint": "A name that no other workflow has.",
  create: "Create",
} as const;
