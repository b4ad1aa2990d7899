//! What roles and functions may do, beside the audit tables and around them.

use crate::posture::check::{Ask, Check, capped};
use crate::posture::need::Need;

pub(super) const CHECKS: &[Check] = &[
    Check {
        item: "password_encryption",
        right: "passwords are stored as SCRAM-SHA-256",
        reference: "CD16-00-003800",
        needs: &[],
        ask: Ask::Query(capped!("password_encryption")),
    },
    Check {
        item: "role_md5",
        right: "no password is stored as MD5",
        reference: "CD16-00-003800",
        needs: &[Need::Passwords],
        ask: Ask::Query(capped!("role_md5")),
    },
    Check {
        item: "role_forever",
        right: "each password has an end, or none is meant",
        reference: "",
        needs: &[Need::Passwords],
        ask: Ask::Query(capped!("role_forever")),
    },
    Check {
        item: "superusers",
        right: "one superuser may log in, and no other",
        reference: "CIS 4.3",
        needs: &[],
        ask: Ask::Query(capped!("superusers")),
    },
    Check {
        item: "create_role",
        right: "CREATEROLE is nobody's who is no superuser",
        reference: "CIS 4.3",
        needs: &[],
        ask: Ask::Query(capped!("create_role")),
    },
    Check {
        item: "replication_roles",
        right: "roles that replicate do nothing else",
        reference: "CIS 7.1",
        needs: &[],
        ask: Ask::Query(capped!("replication_roles")),
    },
    Check {
        item: "server_roles",
        right: "nobody reads or writes the server's files, or all tables",
        reference: "CIS 4.9",
        needs: &[],
        ask: Ask::Query(capped!("server_roles")),
    },
    Check {
        item: "file_functions",
        right: "functions that reach the server's files are the superusers'",
        reference: "CIS 4.5",
        needs: &[],
        ask: Ask::Query(capped!("file_functions")),
    },
    Check {
        item: "languages",
        right: "there is no language that acts as the server's user",
        reference: "CIS 4.5",
        needs: &[],
        ask: Ask::Query(capped!("languages")),
    },
    Check {
        item: "dblink",
        right: "dblink is not everybody's",
        reference: "CIS 4.5",
        needs: &[],
        ask: Ask::Query(capped!("dblink")),
    },
    Check {
        item: "foreign_servers",
        right: "foreign servers and wrappers are the superusers'",
        reference: "CIS 4.5",
        needs: &[],
        ask: Ask::Query(capped!("foreign_servers")),
    },
    Check {
        item: "adminpack",
        right: "there is no adminpack",
        reference: "CIS 4.5",
        needs: &[],
        ask: Ask::Query(capped!("adminpack")),
    },
    Check {
        item: "security_definer",
        right: "each superuser's SECURITY DEFINER function has its search path",
        reference: "CIS 4.5; CD16-00-006900",
        needs: &[],
        ask: Ask::Query(capped!("security_definer")),
    },
    Check {
        item: "public_on_logs",
        right: "no audit table is everybody's",
        reference: "CD16-00-002000",
        needs: &[],
        ask: Ask::Query(capped!("public_on_logs")),
    },
    Check {
        item: "public_creates",
        right: "the schemas of audit tables are not everybody's",
        reference: "CIS 4.10",
        needs: &[],
        ask: Ask::Query(capped!("public_creates")),
    },
];
