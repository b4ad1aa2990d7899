//! A store in memory, for tests, which answers lists in small pages and fails when it is told to.
#![allow(clippy::unwrap_used)]

use std::{
    cell::Cell,
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use super::{Name, Page, Put, Store, StoreError};

/// A store whose clones are the same store.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryStore {
    pub(crate) objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    /// Names in a page; 0 for all.
    pub(crate) page: usize,
    /// How often it was asked for a page.
    pub(crate) lists: Cell<u32>,
    /// After how many writes the next one fails.
    pub(crate) fails_after: Arc<Mutex<Option<u32>>>,
}

impl MemoryStore {
    fn write(&self) -> Result<(), StoreError> {
        match &mut *self.fails_after.lock().unwrap() {
            Some(0) => Err(StoreError::Failed("told to fail".into())),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Store for MemoryStore {
    fn put_new(&mut self, name: &Name, bytes: &[u8]) -> Result<Put, StoreError> {
        self.write()?;
        let mut objects = self.objects.lock().unwrap();
        match objects.get(name.as_str()) {
            Some(there) if there == bytes => Ok(Put::AlreadyThere),
            Some(_) => Err(StoreError::Conflict(name.clone())),
            None => {
                objects.insert(name.to_string(), bytes.to_vec());
                Ok(Put::Written)
            }
        }
    }

    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.objects.lock().unwrap().get(name.as_str()).cloned())
    }

    fn list(&self, folder: &Name, after: Option<&str>) -> Result<Page, StoreError> {
        self.lists.set(self.lists.get() + 1);
        let prefix = format!("{folder}/");
        let objects = self.objects.lock().unwrap();
        let mut names: Vec<String> = objects
            .keys()
            .filter(|name| {
                name.starts_with(&prefix) && after.is_none_or(|after| name.as_str() > after)
            })
            .cloned()
            .collect();
        let more = self.page > 0 && names.len() > self.page;
        if more {
            names.truncate(self.page);
        }
        Ok(Page { names, more })
    }

    fn replace(&mut self, name: &Name, bytes: &[u8]) -> Result<(), StoreError> {
        self.write()?;
        self.objects.lock().unwrap().insert(name.to_string(), bytes.to_vec());
        Ok(())
    }
}
