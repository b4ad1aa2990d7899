//! Whether a statement that would change rows is refused for what it is, or for the first row it finds.
//!
//! An UPDATE or DELETE that finds no row changes nothing, and applications issue such: an ORM that deletes a user
//! first takes the user's name out of tables where the user never was.

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting, PostgresGucEnum};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
enum RefuseAt {
    /// The first row is refused.
    #[name = c"row"]
    Row,
    /// The statement is refused, whatever rows there are.
    #[name = c"statement"]
    Statement,
}

static REFUSE_AT: GucSetting<RefuseAt> = GucSetting::<RefuseAt>::new(RefuseAt::Row);

/// Declares the setting.
pub(super) fn declare() {
    GucRegistry::define_enum_guc(
        c"audit_immutable.refuse_at",
        c"When UPDATE, DELETE and ON CONFLICT DO UPDATE of an audit table are refused.",
        c"At the first row they would change, or as statements, whether or not they find a row.",
        &REFUSE_AT,
        GucContext::Suset,
        GucFlags::default(),
    );
}

/// Whether statements are refused for what they are.
pub(super) fn statement() -> bool {
    REFUSE_AT.get() == RefuseAt::Statement
}
