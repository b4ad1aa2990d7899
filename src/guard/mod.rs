//! How a table comes under guard, and the rings that ask the policy: guard triggers, event triggers,
//! hooks.

mod acknowledge_all;
mod adopt;
mod ahead;
mod alter;
pub(crate) mod arm;
mod copied_index;
mod create;
mod created;
mod description;
mod detach;
mod drop;
mod dropping;
pub(crate) mod eligible;
pub(crate) mod events;
mod executor;
mod finish;
mod holders;
mod hooks;
pub(crate) mod installation;
pub(crate) mod losses;
mod membership;
mod object;
mod object_access;
mod open_log;
mod protect;
mod rearmed;
pub(crate) mod reason;
mod refuse_at;
mod restrict;
mod retire;
mod retype;
mod rewrite;
mod rules;
mod script;
mod skip_replicated;
mod statement;
mod subjects;
mod swapped;
mod touched;
mod tree;
mod trigger;
mod trigger_function;
mod unused;

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    refuse_at::declare();
    swapped::init();
    finish::init();
    hooks::init();
}
