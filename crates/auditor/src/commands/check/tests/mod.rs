//! Published logs, good ones and those of publishers who lie.
#![allow(clippy::unwrap_used)]

mod files;
mod history;
mod make;
mod server;
mod trees;
