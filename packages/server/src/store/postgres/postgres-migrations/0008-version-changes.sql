-- JSON object: what differs from the version that was live, in numbers, where nobody wrote a note. Absent from the checksum where it is NULL.
ALTER TABLE versions ADD COLUMN changes TEXT COLLATE "C";
