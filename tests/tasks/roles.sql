-- Who works with the database app.
CREATE ROLE app_owner LOGIN;
CREATE ROLE app_rw LOGIN;
CREATE ROLE auditor LOGIN;
