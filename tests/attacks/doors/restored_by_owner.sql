-- Somebody without superuser's rights opens the door of restores for himself, or closes it for good where a restore is
-- under way: only a row that the extension stamps does.
-- role: app_owner
-- says: 42501 / 42501 / 42501
-- verify: intact
INSERT INTO audit_immutable.live (restored) VALUES (true);
DELETE FROM audit_immutable.live;
TRUNCATE audit_immutable.live;
