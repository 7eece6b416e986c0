import en from "#parts/templates/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("parts/templates", en);
