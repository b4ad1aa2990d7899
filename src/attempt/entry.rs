//! One refused attempt, as it lies in the queue: of a fixed size, without pointers.

use pgrx::pg_sys;

use crate::error::Error;
use crate::pg::{client, encoding, log, process, role};

/// A text in the encoding of its database, cut to fit.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<const BYTES: usize> {
    length: u16,
    bytes: [u8; BYTES],
}

impl<const BYTES: usize> Text<BYTES> {
    pub(super) fn new(text: &[u8]) -> Text<BYTES> {
        Text::fitting(encoding::cut(text, BYTES))
    }

    /// Of a text that fits.
    pub(super) fn fitting(text: &[u8]) -> Text<BYTES> {
        let mut bytes = [0; BYTES];
        bytes[..text.len()].copy_from_slice(text);
        Text { length: text.len() as u16, bytes }
    }

    /// The text.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// The length of a name, with its terminator.
const NAME: usize = pg_sys::NAMEDATALEN as usize;

/// The name of a role or an application.
pub(super) type Name = Text<NAME>;

/// Who tried what, and from where. Empty texts and zeros stand for what there was not.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) database: pg_sys::Oid,
    pub(super) at: pg_sys::TimestampTz,
    pub(super) session_user: Name,
    pub(super) current_user: Name,
    pub(super) application: Name,
    pub(super) client_address: Text<64>,
    pub(super) client_port: i32,
    pub(super) backend_pid: i32,
    pub(super) backend_start: pg_sys::TimestampTz,
    pub(super) state: Text<5>,
    pub(super) message: Text<512>,
    /// A schema's and a table's name.
    pub(super) object: Text<{ 2 * NAME }>,
    pub(super) statement: Text<1024>,
    /// How many attempts of this database before it were dropped and not yet reported.
    pub(super) dropped: i64,
}

impl Entry {
    /// What is known without a look-up.
    pub(super) fn new(error: &Error) -> Entry {
        let report = error.report();
        let object = error.refused_object().unwrap_or_default();
        Entry {
            database: process::database(),
            at: process::now(),
            session_user: Text::new(b""),
            current_user: Text::new(b""),
            application: client::with_application(Text::new),
            client_address: Text::new(b""),
            client_port: 0,
            backend_pid: process::id(),
            backend_start: process::start(),
            state: Text::new(&log::unpack(error.code() as i32)),
            message: Text::new(report.message().as_bytes()),
            object: Text::new(crate::error::in_any_encoding(object.into()).as_bytes()),
            statement: client::with_statement(Text::new),
            dropped: 0,
        }
    }

    /// Looks up who it is.
    pub(super) fn identify(&mut self) {
        if let Some(address) = client::address() {
            self.client_address = Text::new(&address);
            self.client_port = client::port().unwrap_or(0);
        }
        if process::is_in_transaction() {
            self.session_user = Text::new(&role::stored_name(role::session()));
            self.current_user = Text::new(&role::stored_name(role::current()));
        }
    }

    /// The log's line.
    pub(super) fn sentence(&self) -> Vec<u8> {
        let client = match self.client_address.bytes() {
            b"" => b"[local]",
            address => address,
        };
        let parts: [&[u8]; 10] = [
            b"refused attempt by \"",
            self.current_user.bytes(),
            b"\" (session user \"",
            self.session_user.bytes(),
            b"\", client ",
            client,
            b", application \"",
            self.application.bytes(),
            b"\"): ",
            self.message.bytes(),
        ];
        parts.concat()
    }
}
