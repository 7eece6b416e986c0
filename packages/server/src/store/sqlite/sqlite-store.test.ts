import { describe } from "node:test";
import { openFixture } from "#store/sqlite/testing/directory";
import { deedSuite } from "#store/testing/deed.testsuite";
import { storeSuite } from "#store/testing/store.testsuite";

storeSuite("SQLite", () => openFixture());
describe("SQLite: deeds", () => deedSuite(() => openFixture()));
