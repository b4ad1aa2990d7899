//! Calls of our C functions by PostgreSQL's function manager.

use pgrx::pg_sys::{self, NodeTag};

use super::column::Value;
use super::parse_tree::Statement;
use super::table::Table;

/// A call that is under way.
pub(crate) struct Call(pg_sys::FunctionCallInfo);

/// What a trigger is called for: `TRIGGER_EVENT_` and further bits, and on which table.
pub(crate) struct TriggerCall<'a> {
    pub(crate) event: u32,
    pub(crate) table: &'a Table,
}

impl TriggerCall<'_> {
    /// Whether it is called for a row, and not for the statement.
    pub(crate) fn is_for_row(&self) -> bool {
        self.event & pg_sys::TRIGGER_EVENT_ROW != 0
    }
}

impl Call {
    /// # Safety
    /// `call` is the function manager's, and not over while the answer is used.
    pub(crate) unsafe fn of(call: pg_sys::FunctionCallInfo) -> Call {
        Call(call)
    }

    /// The command that an event trigger is called for; None for a call by hand.
    pub(crate) fn event_trigger(&self) -> Option<Statement<'_>> {
        // SAFETY: the tag tells which structure the context is; it has the command's parse tree.
        unsafe {
            let data: &pg_sys::EventTriggerData = self.context(NodeTag::T_EventTriggerData)?;
            Some(Statement::of(data.parsetree))
        }
    }

    /// What a trigger is called for; None for a call by hand.
    pub(crate) fn trigger(&self) -> Option<TriggerCall<'_>> {
        // SAFETY: the tag tells which structure the context is; its table is open.
        unsafe {
            let data: &pg_sys::TriggerData = self.context(NodeTag::T_TriggerData)?;
            Some(TriggerCall { event: data.tg_event, table: Table::of(data.tg_relation) })
        }
    }

    /// The row that a trigger is called for before it is inserted; None for any other call.
    pub(crate) fn row_to_insert(&self) -> Option<pg_sys::Datum> {
        const EVENT: u32 =
            pg_sys::TRIGGER_EVENT_INSERT | pg_sys::TRIGGER_EVENT_ROW | pg_sys::TRIGGER_EVENT_BEFORE;
        // SAFETY: the tag tells which structure the context is.
        let data: &pg_sys::TriggerData = unsafe { self.context(NodeTag::T_TriggerData)? };
        let known = pg_sys::TRIGGER_EVENT_OPMASK
            | pg_sys::TRIGGER_EVENT_ROW
            | pg_sys::TRIGGER_EVENT_TIMINGMASK;
        (data.tg_event & known == EVENT).then(|| pg_sys::Datum::from(data.tg_trigtuple))
    }

    /// # Safety
    /// A context with this tag is a `T`.
    unsafe fn context<T>(&self, tag: NodeTag) -> Option<&T> {
        // SAFETY: null, or a node; by the caller's promise.
        unsafe {
            let context = (*self.0).context;
            let is_meant = context.as_ref()?.type_ == tag;
            is_meant.then(|| &*context.cast())
        }
    }

    /// The memory that an aggregate's state lives in; None where no aggregate is computed.
    pub(crate) fn aggregate_context(&self) -> Option<pg_sys::MemoryContext> {
        let mut context = std::ptr::null_mut();
        // SAFETY: the pointer is valid.
        let kind = unsafe { pg_sys::AggCheckCallContext(self.0, &mut context) };
        (kind != 0).then_some(context)
    }

    /// An argument, counted from 0; None for NULL.
    ///
    /// # Safety
    /// The function has such an argument, of this type.
    pub(crate) unsafe fn argument<T: Value>(&self, index: usize) -> Option<T> {
        // SAFETY: by the caller's promise.
        unsafe { T::from_datum(self.datum(index)?, false) }
    }

    /// An argument of type `internal`; None for NULL.
    ///
    /// # Safety
    /// The function has such an argument, and whoever made it made a `T`, which nobody else uses as long as
    /// `'a`.
    pub(crate) unsafe fn state<'a, T>(&self, index: usize) -> Option<&'a mut T> {
        // SAFETY: by the caller's promise.
        unsafe { self.datum(index)?.cast_mut_ptr::<T>().as_mut() }
    }

    /// # Safety
    /// The function has such an argument.
    unsafe fn datum(&self, index: usize) -> Option<pg_sys::Datum> {
        // SAFETY: by the caller's promise.
        let argument = unsafe { &*(*self.0).args.as_ptr().add(index) };
        (!argument.isnull).then_some(argument.value)
    }

    /// The call's answer; NULL for None.
    pub(crate) fn answer(&self, value: Option<pg_sys::Datum>) -> pg_sys::Datum {
        // SAFETY: the call is under way.
        unsafe { (*self.0).isnull = value.is_none() };
        value.unwrap_or(pg_sys::Datum::null())
    }
}
