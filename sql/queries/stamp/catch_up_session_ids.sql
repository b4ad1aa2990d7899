-- Moves the numbering of sessions behind the last one, as after a restore that did not bring the sequence.
SELECT pg_catalog.setval('audit_immutable.session_id_seq', max(id))
FROM audit_immutable.session
