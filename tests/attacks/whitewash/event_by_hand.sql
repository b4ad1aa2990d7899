-- The event that says a difference is known, written by hand.
-- role: postgres
-- says: 42501
-- verify: intact
INSERT INTO audit_immutable.event (kind, relation, role, reason, detail)
    VALUES ('difference_acknowledged', 's.a', 'auditor', 'known', '{"difference": "x"}');
