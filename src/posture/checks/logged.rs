//! What the server's log says afterwards.

use crate::posture::check::{Ask, Check, capped};

pub(super) const CHECKS: &[Check] = &[
    Check {
        item: "log_connections",
        right: "log-ins are in the server's log",
        reference: "CIS 3.1.20; CD16-00-011200",
        needs: &[],
        ask: Ask::Query(capped!("log_connections")),
    },
    Check {
        item: "log_disconnections",
        right: "ends of sessions are in the server's log",
        reference: "CIS 3.1.21; CD16-00-011600",
        needs: &[],
        ask: Ask::Query(capped!("log_disconnections")),
    },
    Check {
        item: "log_hostname",
        right: "log-ins wait for no name service",
        reference: "",
        needs: &[],
        ask: Ask::Query(capped!("log_hostname")),
    },
    Check {
        item: "log_line_prefix",
        right: "each line says when, from where, who and in which database",
        reference: "CIS 3.1.24; CD16-00-000400",
        needs: &[],
        ask: Ask::Query(capped!("log_line_prefix")),
    },
    Check {
        item: "log_timezone",
        right: "the server's log is in UTC",
        reference: "CD16-00-007500",
        needs: &[],
        ask: Ask::Query(capped!("log_timezone")),
    },
    Check {
        item: "log_destination",
        right: "the server writes a log",
        reference: "CD16-00-012400",
        needs: &[],
        ask: Ask::Query(capped!("log_destination")),
    },
    Check {
        item: "log_file_mode",
        right: "the server's log is not everybody's",
        reference: "CD16-00-002000",
        needs: &[],
        ask: Ask::Query(capped!("log_file_mode")),
    },
    Check {
        item: "log_min_messages",
        right: "errors are in the server's log",
        reference: "",
        needs: &[],
        ask: Ask::Query(capped!("log_min_messages")),
    },
    Check {
        item: "log_min_error_statement",
        right: "errors are logged with their statement",
        reference: "",
        needs: &[],
        ask: Ask::Query(capped!("log_min_error_statement")),
    },
    Check {
        item: "log_error_verbosity",
        right: "errors are logged with their detail",
        reference: "",
        needs: &[],
        ask: Ask::Query(capped!("log_error_verbosity")),
    },
    Check {
        item: "log_statement",
        right: "commands that change roles and schemas are logged",
        reference: "CIS 3.1.25",
        needs: &[],
        ask: Ask::Query(capped!("log_statement")),
    },
    Check {
        item: "log_replication_commands",
        right: "replication is logged",
        reference: "CIS 7.2",
        needs: &[],
        ask: Ask::Query(capped!("log_replication_commands")),
    },
];
