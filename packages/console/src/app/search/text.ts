import en from "#app/search/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("app/search", en);
