import en from "#pages/usage/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/usage", en);
