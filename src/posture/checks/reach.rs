//! Who can reach the server, as whom.

use network::Flaw;

use crate::posture::addresses;
use crate::posture::check::{Ask, Check, capped};
use crate::posture::need::{Need, SETTINGS};

const HBA: &[Need] = &[
    Need::Select("pg_catalog.pg_hba_file_rules"),
    Need::Execute("pg_catalog.pg_hba_file_rules()"),
];
const IDENT: &[Need] = &[
    Need::Select("pg_catalog.pg_ident_file_mappings"),
    Need::Execute("pg_catalog.pg_ident_file_mappings()"),
];
const FILES: &[Need] = &[
    SETTINGS,
    Need::Role("pg_read_server_files"),
    Need::Execute("pg_catalog.pg_stat_file(text, boolean)"),
];
const FILE_SETTINGS: &[Need] = &[
    Need::Select("pg_catalog.pg_file_settings"),
    Need::Execute("pg_catalog.pg_show_all_file_settings()"),
];

pub(super) const CHECKS: &[Check] = &[
    Check {
        item: "listen_addresses",
        right: "the server listens inside alone",
        reference: "CIS 5.2; CD16-00-003500, CD16-00-008000",
        needs: &[],
        ask: Ask::Judge(addresses::listen),
    },
    Check {
        item: "unix_socket_permissions",
        right: "the socket is not everybody's",
        reference: "CIS 5.3",
        needs: &[],
        ask: Ask::Query(capped!("unix_socket_permissions")),
    },
    Check {
        item: "hba_trust",
        right: "no rule lets anybody in unproved",
        reference: "CIS 5.3, CIS 5.4; CD16-00-003900",
        needs: HBA,
        ask: Ask::Rules(Flaw::Trust),
    },
    Check {
        item: "hba_password",
        right: "no rule takes passwords as they are",
        reference: "CIS 5.4; CD16-00-003900",
        needs: HBA,
        ask: Ask::Rules(Flaw::Password),
    },
    Check {
        item: "hba_md5",
        right: "no rule takes MD5",
        reference: "CIS 5.4; CD16-00-003900",
        needs: HBA,
        ask: Ask::Rules(Flaw::Md5),
    },
    Check {
        item: "hba_ident",
        right: "no rule believes the client's machine",
        reference: "CIS 5.4; CD16-00-003900",
        needs: HBA,
        ask: Ask::Rules(Flaw::Ident),
    },
    Check {
        item: "hba_open",
        right: "no rule lets every address in",
        reference: "CIS 5.4; CD16-00-003500",
        needs: HBA,
        ask: Ask::Rules(Flaw::Open),
    },
    Check {
        item: "hba_wide",
        right: "no rule lets in more than the trusted networks",
        reference: "CIS 5.4; CD16-00-003500",
        needs: HBA,
        ask: Ask::Rules(Flaw::Wide),
    },
    Check {
        item: "hba_name",
        right: "no rule depends on the name service",
        reference: "CIS 5.4",
        needs: HBA,
        ask: Ask::Rules(Flaw::Name),
    },
    Check {
        item: "hba_samenet",
        right: "no rule depends on the server's interfaces",
        reference: "CIS 5.4",
        needs: HBA,
        ask: Ask::Rules(Flaw::SameNet),
    },
    Check {
        item: "hba_not_encrypted",
        right: "every rule for a network asks for TLS",
        reference: "CIS 6.8; CD16-00-008800, CD16-00-008900",
        needs: HBA,
        ask: Ask::Rules(Flaw::NotEncrypted),
    },
    Check {
        item: "hba_all_all",
        right: "no rule lets every role into every database",
        reference: "CIS 5.4",
        needs: HBA,
        ask: Ask::Rules(Flaw::AllAll),
    },
    Check {
        item: "hba_replication",
        right: "each rule for replication names its role",
        reference: "CIS 7.1",
        needs: HBA,
        ask: Ask::Rules(Flaw::Replication),
    },
    Check {
        item: "hba_error",
        right: "every line of pg_hba.conf can be read",
        reference: "CIS 5.4",
        needs: HBA,
        ask: Ask::Query(capped!("hba_error")),
    },
    Check {
        item: "ident_map",
        right: "no line of pg_ident.conf stands for everybody",
        reference: "CIS 5.4",
        needs: IDENT,
        ask: Ask::Query(capped!("ident_map")),
    },
    Check {
        item: "files_not_loaded",
        right: "the files of the configuration were loaded as they are",
        reference: "CIS 6.4",
        needs: FILES,
        ask: Ask::Query(capped!("files_not_loaded")),
    },
    Check {
        item: "settings_in_error",
        right: "every line of the configuration was taken",
        reference: "CIS 6.4",
        needs: FILE_SETTINGS,
        ask: Ask::Query(capped!("settings_in_error")),
    },
    Check {
        item: "pending_restart",
        right: "no setting waits for a restart",
        reference: "CIS 6.3",
        needs: &[SETTINGS],
        ask: Ask::Query(capped!("pending_restart")),
    },
    Check {
        item: "trusted_networks",
        right: "not everybody is trusted",
        reference: "CD16-00-003500",
        needs: &[],
        ask: Ask::Judge(addresses::trusted),
    },
    Check {
        item: "untrusted",
        right: "connections from elsewhere are refused",
        reference: "CD16-00-003500",
        needs: &[],
        ask: Ask::Query(capped!("untrusted")),
    },
    Check {
        item: "connection_limits",
        right: "no role can take every connection",
        reference: "CIS 5.5; CD16-00-000100",
        needs: &[],
        ask: Ask::Query(capped!("connection_limits")),
    },
    Check {
        item: "reserved_connections",
        right: "a connection is left for the administrator",
        reference: "CD16-00-000100",
        needs: &[],
        ask: Ask::Query(capped!("reserved_connections")),
    },
    Check {
        item: "timeouts",
        right: "what is left alone ends",
        reference: "",
        needs: &[],
        ask: Ask::Query(capped!("timeouts")),
    },
];
