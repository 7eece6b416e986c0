import assert from "node:assert/strict";
import { test } from "node:test";
import { WIRE_ERROR_TYPES } from "#errors";
import { LANGUAGES } from "#language";
import { MESSAGES_EN, type MessageKey, PHRASES_EN, type PhraseKey } from "#messages/en";
import { errorMessage, errorTitle, phrase } from "#messages/messages";

const messageKeys = Object.keys(MESSAGES_EN) as MessageKey[];
const phraseKeys = Object.keys(PHRASES_EN) as PhraseKey[];
const placeholders = (text: string): string[] => (text.match(/\{[a-z]+\}/g) ?? []).sort();

test("every language has the same parameters in every message and phrase", () => {
  for (const language of LANGUAGES) {
    for (const key of messageKeys)
      assert.deepEqual(placeholders(errorMessage(key, language)), placeholders(MESSAGES_EN[key]), `${language} ${key}`);
    for (const key of phraseKeys)
      assert.deepEqual(placeholders(phrase(key, language)), placeholders(PHRASES_EN[key]), `${language} ${key}`);
  }
});

test("every error type has a message of its own, and every message belongs to an error type", () => {
  for (const type of WIRE_ERROR_TYPES) assert.ok(messageKeys.some((key) => key === type));
  for (const key of messageKeys)
    assert.ok(
      WIRE_ERROR_TYPES.some((type) => key === type || key.startsWith(`${type}.`)),
      key,
    );
});

test("titles are translated", () => {
  for (const type of WIRE_ERROR_TYPES) {
    const titles = LANGUAGES.map((language) => errorTitle(type, language));
    assert.ok(titles.every((title) => title.length > 0));
    assert.equal(titles.filter((title) => title === titles[0]).length, 1, type);
  }
});

test("zh-TW is written in traditional characters, zh-CN in simplified ones", () => {
  assert.match(errorMessage("body_too_large", "zh-TW", { limit: 1 }), /請求內容超過 1 位元組/);
  assert.match(errorMessage("body_too_large", "zh-CN", { limit: 1 }), /请求体超过 1 字节/);
});
