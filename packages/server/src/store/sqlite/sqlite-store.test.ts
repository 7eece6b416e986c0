import { openFixture } from "#store/sqlite/testing/directory";
import { storeSuite } from "#store/testing/store.testsuite";

storeSuite("SQLite", () => openFixture());
