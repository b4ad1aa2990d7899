-- A superuser takes the row away that closes the door of restores, or has dumps carry it, so that a restored database
-- is live before it has anything.
-- role: postgres
-- says: 42501 / 42501 / 42501 / 2BP01
-- verify: intact
DELETE FROM audit_immutable.live;
TRUNCATE audit_immutable.live;
INSERT INTO audit_immutable.live (restored) VALUES (false);
DROP TABLE audit_immutable.live CASCADE;
