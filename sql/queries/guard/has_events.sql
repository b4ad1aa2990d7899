-- Whether log $1 has an event.
SELECT EXISTS (SELECT FROM audit_immutable.event WHERE log = $1)
