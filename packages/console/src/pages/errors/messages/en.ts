export default {
  missing: "There is no error named {type}.",
} as const;
