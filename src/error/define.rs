//! One macro that says an error in one place.

use pgrx::PgSqlErrorCode as Code;

/// What PostgreSQL is told of an error. An empty DETAIL or HINT is none.
pub(super) struct Said {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) detail: String,
    pub(super) hint: String,
}

/// Declares an enum of errors, each with its fields, its SQLSTATE and its texts, in which `{field}` stands for a
/// field:
///
/// ```text
/// /// What it means.
/// Name { table: String }: Code::ERRCODE_…, "message about \"{table}\"", detail "A sentence.", hint "A sentence.";
/// ```
///
/// tests/lint/errors.py reads these declarations and compares them with docs/OPERATIONS.md.
macro_rules! errors {
    (
        $(#[$about:meta])*
        $visibility:vis enum $errors:ident {
            $(
                $(#[$doc:meta])*
                $name:ident $({ $($field:ident: $kind:ty),* $(,)? })?:
                    $code:expr, $message:literal $(, detail $detail:literal)? $(, hint $hint:literal)?;
            )*
        }
    ) => {
        $(#[$about])*
        $visibility enum $errors {
            $(
                $(#[$doc])*
                $name $({ $($field: $kind),* })?,
            )*
        }

        impl $errors {
            /// The SQLSTATE and the texts.
            #[allow(unused_variables, clippy::useless_format)]
            pub(super) fn said(&self) -> Said {
                use pgrx::PgSqlErrorCode as Code;
                match self {
                    $(
                        Self::$name $({ $($field),* })? => Said {
                            code: $code,
                            message: format!($message),
                            detail: String::new() $(+ &format!($detail))?,
                            hint: String::new() $(+ &format!($hint))?,
                        },
                    )*
                }
            }
        }
    };
}
pub(super) use errors;
