import en from "#pages/compare/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/compare", en);
