export default {
  missing: "There is no error named {type}.",
  english: "This page is in English only.",
} as const;
