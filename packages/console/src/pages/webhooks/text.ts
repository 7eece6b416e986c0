import en from "#pages/webhooks/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/webhooks", en);
