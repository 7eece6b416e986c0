import en from "#pages/sign-in/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/sign-in", en);
