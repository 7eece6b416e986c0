-- A step that no release has, for the tests of upgrades.
CREATE TABLE upgraded (id INTEGER NOT NULL PRIMARY KEY) STRICT;
