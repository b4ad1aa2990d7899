//! A row in the executor's hands.

use std::marker::PhantomData;
use std::ptr;

use pgrx::pg_sys;

use super::tid::Tid;
use super::tuple::{RowValues, Tuple};

/// A slot that holds a row, ours as long as `'a`.
pub(crate) struct Slot<'a> {
    slot: *mut pg_sys::TupleTableSlot,
    borrowed: PhantomData<&'a mut ()>,
}

impl<'a> Slot<'a> {
    /// # Safety
    /// `slot` is valid and holds a row, and nobody else uses it as long as `'a`.
    pub(crate) unsafe fn of(slot: *mut pg_sys::TupleTableSlot) -> Slot<'a> {
        Slot { slot, borrowed: PhantomData }
    }

    /// Where the row was stored.
    pub(crate) fn tid(&self) -> Tid {
        // SAFETY: the slot is valid.
        unsafe { (*self.slot).tts_tid }.into()
    }

    /// The row's values as the executor has them.
    pub(crate) fn values(&self) -> RowValues<'_> {
        // SAFETY: after slot_getallattrs both arrays hold a value for each attribute.
        unsafe {
            pg_sys::slot_getallattrs(self.slot);
            let count = (*(*self.slot).tts_tupleDescriptor).natts as usize;
            RowValues {
                values: std::slice::from_raw_parts((*self.slot).tts_values, count),
                nulls: std::slice::from_raw_parts((*self.slot).tts_isnull, count),
            }
        }
    }

    /// The slot's tuple, if it has formed one that is its own to change.
    pub(crate) fn own_tuple(&self) -> Option<Tuple<'_>> {
        // SAFETY: the operations tell which structure the slot begins; the tuple is valid as long as the
        // slot is not changed.
        unsafe {
            let keeps_heap_tuple = self.has_operations(&raw const pg_sys::TTSOpsBufferHeapTuple)
                || self.has_operations(&raw const pg_sys::TTSOpsHeapTuple);
            if !keeps_heap_tuple || !self.should_free() {
                return None;
            }
            let tuple = (*self.slot.cast::<pg_sys::HeapTupleTableSlot>()).tuple;
            (!tuple.is_null()).then(|| Tuple::of(tuple))
        }
    }

    /// The bytes of that tuple, to be changed: values taken out of it before no longer count.
    ///
    /// # Safety
    /// What is changed leaves a tuple of the slot's columns.
    pub(crate) unsafe fn own_tuple_mut(&mut self) -> Option<&mut [u8]> {
        let size = self.own_tuple()?.bytes().len();
        // SAFETY: as in own_tuple; the memory is the slot's own.
        unsafe {
            let slot = self.slot.cast::<pg_sys::HeapTupleTableSlot>();
            (*self.slot).tts_nvalid = 0;
            (*slot).off = 0;
            Some(std::slice::from_raw_parts_mut((*(*slot).tuple).t_data.cast(), size))
        }
    }

    /// Puts other values in some columns, and forms the row with them. What the values point to is copied.
    ///
    /// # Safety
    /// The columns are the slot's, counted from 0, and the values of their types.
    pub(crate) unsafe fn replace(&mut self, columns: &[(usize, pg_sys::Datum)]) {
        // SAFETY: both arrays have an element for each attribute.
        unsafe {
            pg_sys::slot_getallattrs(self.slot);
            for (column, value) in columns {
                *(*self.slot).tts_values.add(*column) = *value;
                *(*self.slot).tts_isnull.add(*column) = false;
            }
            if self.has_operations(&raw const pg_sys::TTSOpsVirtual) && self.should_free() {
                self.materialize_again();
            } else if self.is_formed() {
                let tuple = pg_sys::heap_form_tuple(
                    (*self.slot).tts_tupleDescriptor,
                    (*self.slot).tts_values,
                    (*self.slot).tts_isnull,
                );
                pg_sys::ExecForceStoreHeapTuple(tuple, self.slot, true);
            } else {
                pg_sys::ExecMaterializeSlot(self.slot);
            }
        }
    }

    /// Makes a virtual slot that was materialized own its values again.
    fn materialize_again(&mut self) {
        // SAFETY: the data is the slot's own, allocated by the materialization before.
        unsafe {
            let data = &raw mut (*self.slot.cast::<pg_sys::VirtualTupleTableSlot>()).data;
            let before = ptr::replace(data, ptr::null_mut());
            (*self.slot).tts_flags &= !(pg_sys::TTS_FLAG_SHOULDFREE as u16);
            pg_sys::ExecMaterializeSlot(self.slot);
            if !before.is_null() {
                pg_sys::pfree(before.cast());
            }
        }
    }

    /// Whether the slot's values come out of a tuple, which would be stored in their place.
    fn is_formed(&self) -> bool {
        // SAFETY: the operations tell which structure the slot begins.
        unsafe {
            if self.has_operations(&raw const pg_sys::TTSOpsVirtual) {
                return false;
            }
            if self.has_operations(&raw const pg_sys::TTSOpsMinimalTuple) {
                return !(*self.slot.cast::<pg_sys::MinimalTupleTableSlot>()).mintuple.is_null();
            }
            !(*self.slot.cast::<pg_sys::HeapTupleTableSlot>()).tuple.is_null()
        }
    }

    fn has_operations(&self, operations: *const pg_sys::TupleTableSlotOps) -> bool {
        // SAFETY: the slot is valid.
        ptr::eq(unsafe { (*self.slot).tts_ops }, operations)
    }

    fn should_free(&self) -> bool {
        // SAFETY: the slot is valid.
        u32::from(unsafe { (*self.slot).tts_flags }) & pg_sys::TTS_FLAG_SHOULDFREE != 0
    }
}
