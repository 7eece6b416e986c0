import en from "#pages/api/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/api", en);
