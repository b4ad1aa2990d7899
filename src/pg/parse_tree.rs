//! Parse trees of utility statements: what they name, and what that stands for now.

use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr;

use pgrx::pg_sys::{self, NodeTag};

use super::ffi;

/// A utility statement, its parse tree whole as long as `'a`.
#[derive(Clone, Copy)]
pub(crate) struct Statement<'a> {
    node: *mut pg_sys::Node,
    tree: PhantomData<&'a pg_sys::Node>,
}

/// The statements that are looked into.
pub(crate) enum Utility<'a> {
    AlterTable(Tree<'a, pg_sys::AlterTableStmt>),
    CreateIndex(Tree<'a, pg_sys::IndexStmt>),
    DependsOnExtension(Tree<'a, pg_sys::AlterObjectDependsStmt>),
    Drop(Tree<'a, pg_sys::DropStmt>),
    DropOwned,
    ExtensionContents(Tree<'a, pg_sys::AlterExtensionContentsStmt>),
    CreateTable(Tree<'a, pg_sys::CreateStmt>),
    CreateTableAs,
    Other,
}

impl<'a> Statement<'a> {
    /// # Safety
    /// `node` is the parse tree of a utility statement, whole as long as `'a`.
    pub(super) unsafe fn of(node: *mut pg_sys::Node) -> Statement<'a> {
        Statement { node, tree: PhantomData }
    }

    /// Which statement it is.
    pub(crate) fn tag(self) -> NodeTag {
        // SAFETY: a node.
        unsafe { (*self.node).type_ }
    }

    /// The statement, as the structure it is.
    pub(crate) fn utility(self) -> Utility<'a> {
        // SAFETY: the tag tells which structure the node is.
        unsafe {
            match self.tag() {
                NodeTag::T_AlterTableStmt => Utility::AlterTable(Tree::of(self.node)),
                NodeTag::T_IndexStmt => Utility::CreateIndex(Tree::of(self.node)),
                NodeTag::T_AlterObjectDependsStmt => {
                    Utility::DependsOnExtension(Tree::of(self.node))
                }
                NodeTag::T_DropStmt => Utility::Drop(Tree::of(self.node)),
                NodeTag::T_DropOwnedStmt => Utility::DropOwned,
                NodeTag::T_AlterExtensionContentsStmt => {
                    Utility::ExtensionContents(Tree::of(self.node))
                }
                NodeTag::T_CreateStmt => Utility::CreateTable(Tree::of(self.node)),
                NodeTag::T_CreateTableAsStmt => Utility::CreateTableAs,
                _ => Utility::Other,
            }
        }
    }
}

/// A node of a parse tree, everything below it whole as long as `'a`.
pub(crate) struct Tree<'a, T>(&'a T);

impl<T> Deref for Tree<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

impl<'a, T> Tree<'a, T> {
    /// # Safety
    /// The node is a `T` of a parse tree that is whole as long as `'a`.
    unsafe fn of(node: *mut pg_sys::Node) -> Tree<'a, T> {
        // SAFETY: by the caller's promise.
        Tree(unsafe { &*node.cast() })
    }
}

impl<'a> Tree<'a, pg_sys::AlterTableStmt> {
    /// The table it names.
    pub(crate) fn table(&self) -> pg_sys::Oid {
        // SAFETY: a whole parse tree.
        unsafe { relation(self.relation) }
    }

    /// Its subcommands.
    pub(crate) fn commands(&self) -> impl Iterator<Item = Tree<'a, pg_sys::AlterTableCmd>> {
        // SAFETY: a list of such.
        unsafe { Nodes::of(self.cmds).map(|node| Tree::of(node)) }
    }
}

impl Tree<'_, pg_sys::AlterTableCmd> {
    /// The column, trigger or constraint it names; empty for none.
    pub(crate) fn object(&self) -> String {
        // SAFETY: null or terminated.
        unsafe { ffi::text(self.name) }
    }

    /// Whether ALTER COLUMN TYPE says how: USING, with anything but the column or its cast to the type.
    pub(crate) fn has_using(&self) -> bool {
        if self.subtype != pg_sys::AlterTableType::AT_AlterColumnType {
            return false;
        }
        // SAFETY: null or a node; of this subcommand, a column's definition.
        let column = unsafe { self.def.cast::<pg_sys::ColumnDef>().as_ref() };
        // SAFETY: a whole parse tree.
        column.is_some_and(|column| unsafe {
            !column.raw_default.is_null() && !self.is_itself(column, column.raw_default)
        })
    }

    /// Whether an expression is the column, or its cast to the type it gets.
    ///
    /// # Safety
    /// Both are of this parse tree.
    unsafe fn is_itself(&self, column: &pg_sys::ColumnDef, expression: *mut pg_sys::Node) -> bool {
        // SAFETY: by the caller's promise; the tag tells which structure a node is.
        unsafe {
            match (*expression).type_ {
                NodeTag::T_ColumnRef => {
                    let fields = (*expression.cast::<pg_sys::ColumnRef>()).fields;
                    let names: Vec<_> = Nodes::of(fields).map(|node| string(node)).collect();
                    names == [self.object()]
                }
                NodeTag::T_TypeCast => {
                    let cast = &*expression.cast::<pg_sys::TypeCast>();
                    let is_column = (*cast.arg).type_ == NodeTag::T_ColumnRef;
                    is_column
                        && self.is_itself(column, cast.arg)
                        && pg_sys::equal(cast.typeName.cast(), column.typeName.cast())
                }
                _ => false,
            }
        }
    }

    /// The partition it attaches or detaches.
    pub(crate) fn partition(&self) -> Option<pg_sys::Oid> {
        // SAFETY: a whole parse tree.
        self.of_partition().map(|command| unsafe { relation(command.name) })
    }

    /// Whether it detaches one CONCURRENTLY.
    pub(crate) fn is_concurrent(&self) -> bool {
        self.of_partition().is_some_and(|command| command.concurrent)
    }

    fn of_partition(&self) -> Option<&pg_sys::PartitionCmd> {
        // SAFETY: null or a node; the tag tells which structure it is.
        unsafe {
            let is_partition = self.def.as_ref()?.type_ == NodeTag::T_PartitionCmd;
            is_partition.then(|| &*self.def.cast::<pg_sys::PartitionCmd>())
        }
    }
}

impl Tree<'_, pg_sys::IndexStmt> {
    /// The table it is for.
    pub(crate) fn table(&self) -> pg_sys::Oid {
        // SAFETY: a whole parse tree.
        unsafe { relation(self.relation) }
    }
}

impl Tree<'_, pg_sys::AlterObjectDependsStmt> {
    /// The name of the object that depends, without what it is on.
    pub(crate) fn name(&self) -> Option<String> {
        // SAFETY: null or a node; a list where the tag says so.
        unsafe {
            let is_list = self.object.as_ref()?.type_ == NodeTag::T_List;
            is_list.then(|| Nodes::of(self.object.cast()).last().map(|node| string(node)))?
        }
    }

    /// The table the object is on; InvalidOid for none.
    pub(crate) fn table(&self) -> pg_sys::Oid {
        // SAFETY: a whole parse tree.
        unsafe { relation(self.relation) }
    }
}

impl Tree<'_, pg_sys::DropStmt> {
    /// The objects that are named by a plain name, as an extension is.
    pub(crate) fn names(&self) -> Vec<String> {
        // SAFETY: a list of nodes.
        unsafe { Nodes::of(self.objects).map(|node| string(node)).collect() }
    }
}

impl Tree<'_, pg_sys::AlterExtensionContentsStmt> {
    /// The extension's name.
    pub(crate) fn extension(&self) -> String {
        // SAFETY: terminated.
        unsafe { ffi::text(self.extname) }
    }
}

impl Tree<'_, pg_sys::CreateStmt> {
    /// Whether the table is made as a partition of another.
    pub(crate) fn is_partition(&self) -> bool {
        !self.partbound.is_null()
    }

    /// The first table above it; InvalidOid for none.
    pub(crate) fn parent(&self) -> pg_sys::Oid {
        // SAFETY: a list of names of relations.
        unsafe {
            Nodes::of(self.inhRelations)
                .next()
                .map_or(pg_sys::InvalidOid, |name| relation(name.cast()))
        }
    }

    /// The access method that it is stored by.
    pub(crate) fn access_method(&self) -> String {
        // SAFETY: both are terminated, where they are.
        unsafe {
            let default = pg_sys::default_table_access_method;
            ffi::text(if self.accessMethod.is_null() { default } else { self.accessMethod })
        }
    }

    /// The names of the columns that are written out in the command's text.
    pub(crate) fn written_columns(&self) -> Vec<String> {
        // SAFETY: a list of nodes; the tag tells which structure one is. Names are terminated.
        unsafe {
            Nodes::of(self.tableElts)
                .filter(|node| (**node).type_ == NodeTag::T_ColumnDef)
                .map(|node| &*node.cast::<pg_sys::ColumnDef>())
                .filter(|column| column.location >= 0)
                .map(|column| ffi::text(column.colname))
                .collect()
        }
    }
}

/// The nodes of a list.
pub(super) struct Nodes {
    list: *const pg_sys::List,
    next: i32,
}

impl Nodes {
    /// # Safety
    /// `list` is null or a list of nodes that outlives the iterator.
    pub(super) unsafe fn of(list: *const pg_sys::List) -> Nodes {
        Nodes { list, next: 0 }
    }
}

impl Iterator for Nodes {
    type Item = *mut pg_sys::Node;

    fn next(&mut self) -> Option<*mut pg_sys::Node> {
        // SAFETY: by the promise of `of`; the index is below the list's length.
        unsafe {
            if self.list.is_null() || self.next >= (*self.list).length {
                return None;
            }
            let node = pg_sys::list_nth(self.list, self.next).cast();
            self.next += 1;
            Some(node)
        }
    }
}

/// The text of a string node; empty for any other.
///
/// # Safety
/// `node` is a node.
unsafe fn string(node: *mut pg_sys::Node) -> String {
    // SAFETY: by the caller's promise; the tag tells which structure it is.
    unsafe {
        if (*node).type_ != NodeTag::T_String {
            return String::new();
        }
        ffi::text((*node.cast::<pg_sys::String>()).sval)
    }
}

/// The relation a name stands for now; InvalidOid for none.
///
/// # Safety
/// `name` is null or a node of its type.
unsafe fn relation(name: *const pg_sys::RangeVar) -> pg_sys::Oid {
    if name.is_null() {
        return pg_sys::InvalidOid;
    }
    // SAFETY: by the caller's promise; without a callback, and without a lock: whoever acts on the
    // answer takes one.
    unsafe {
        pg_sys::RangeVarGetRelidExtended(
            name,
            pg_sys::NoLock as pg_sys::LOCKMODE,
            pg_sys::RVROption::RVR_MISSING_OK,
            None,
            ptr::null_mut(),
        )
    }
}
