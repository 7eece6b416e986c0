import en from "#pages/versions/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/versions", en);
