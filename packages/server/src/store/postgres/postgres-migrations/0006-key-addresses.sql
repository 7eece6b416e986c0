-- Where a key was used from last. Not in the checksum, as the time is not: a late or lost note of it matters to nobody.
ALTER TABLE api_keys ADD COLUMN last_used_from TEXT COLLATE "C";
