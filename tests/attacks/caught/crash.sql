-- The server is gone.
-- role: postgres
-- rings: ring3
-- says: lost
-- verify: intact
-- complains: the server was lost
COPY (SELECT 1) TO PROGRAM 'kill -s KILL $PPID';
