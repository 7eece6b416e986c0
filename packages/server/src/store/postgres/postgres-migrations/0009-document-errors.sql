-- What kind of failure `error` is. Absent from the checksum where it is NULL.
ALTER TABLE knowledge_documents ADD COLUMN error_type TEXT COLLATE "C";
