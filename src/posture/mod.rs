//! How the server is set up around its audit tables: what `audit_immutable.network_findings()` looks at.
//!
//! Each check is a query in `sql/queries/posture`, of the check's name, and its entry in `checks`. All is read as the
//! caller, and nothing is changed: what he may not read is said to be skipped. What has to be judged over networks is
//! judged by `crates/network`.

mod addresses;
mod check;
mod checks;
mod finding;
mod functions;
mod need;
mod rules;
