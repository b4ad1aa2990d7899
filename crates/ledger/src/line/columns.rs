//! The columns of a log: what its opening line says of them, and a row's line once they have changed.

use super::cursor::Cursor;
use crate::json;

/// A column, without the stamps: a member of the list `columns`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as `format_type` prints it where only `pg_catalog` is searched.
    pub kind: String,
    /// Whether its values are stored as commitments, so that each can be erased and the row still proved.
    pub committed: bool,
}

impl Column {
    /// A column whose values stand in the rows.
    pub fn new(name: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { name: name.into(), kind: kind.into(), committed: false }
    }

    /// The list of `columns`, in this order: `[["id","bigint"],["actor","text"]]`.
    #[expect(clippy::expect_used, reason = "made of strings and ASCII only, so it is UTF-8")]
    pub fn list(columns: &[Self]) -> String {
        let mut out = Vec::new();
        write(&mut out, columns);
        String::from_utf8(out).expect("a list of columns is UTF-8")
    }

    /// The columns of a [`list`](Self::list); `None` for what is none, to the letter.
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        let mut cursor = Cursor::new(text);
        read(&mut cursor).filter(|columns| cursor.is_at_end() && Self::list(columns) == text)
    }
}

/// Appends the list.
pub(super) fn write(out: &mut Vec<u8>, columns: &[Column]) {
    out.push(b'[');
    for (i, Column { name, kind, committed }) in columns.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"[" } else { b",[" });
        json::string(out, name.as_bytes());
        out.push(b',');
        json::string(out, kind.as_bytes());
        out.extend_from_slice(if *committed { b",\"committed\"]" } else { b"]" });
    }
    out.push(b']');
}

/// As many columns as a PostgreSQL table can have: else a line could make its reader remember far more than it is long.
const MAX_COLUMNS: usize = 1600;

/// Counts members that stand for a column each, up to as many as there can be.
pub(super) struct Counted(usize);

impl Counted {
    /// None yet.
    pub(super) fn new() -> Self {
        Self(0)
    }

    /// One more, if there can be one.
    pub(super) fn more(&mut self) -> Option<()> {
        self.0 += 1;
        (self.0 <= MAX_COLUMNS).then_some(())
    }
}

/// Reads the list.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Vec<Column>> {
    let mut counted = Counted::new();
    cursor.list(|cursor| {
        counted.more()?;
        cursor.literal("[")?;
        let name = cursor.string()?;
        cursor.literal(",")?;
        let kind = cursor.string()?;
        let committed = cursor.literal(",\"committed\"").is_some();
        cursor.literal("]")?;
        Some(Column { name, kind, committed })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_written_to_the_letter() {
        assert_eq!(Column::list(&[]), "[]");
        let email = Column { committed: true, ..Column::new("e\"mail", "text") };
        assert_eq!(
            Column::list(&[Column::new("id", "bigint"), email]),
            r#"[["id","bigint"],["e\"mail","text","committed"]]"#
        );
    }

    #[test]
    fn a_list_is_read_back_and_nothing_else() {
        let columns = [Column::new("id", "bigint"), Column::new("é\n", "text")];
        let list = Column::list(&columns);
        assert_eq!(Column::parse_list(&list).as_deref(), Some(columns.as_slice()));
        for no_list in [
            "",
            "[",
            "[] ",
            " []",
            r#"[["id"]]"#,
            r#"[["id", "bigint"]]"#,
            r#"[["\u0069d","int"]]"#,
        ] {
            assert_eq!(Column::parse_list(no_list), None, "{no_list}");
        }
    }
}
