-- Who attacks, and who is attacked.
CREATE ROLE attacker LOGIN;
CREATE ROLE app_owner LOGIN;
CREATE ROLE app_rw LOGIN;
CREATE ROLE auditor LOGIN;
