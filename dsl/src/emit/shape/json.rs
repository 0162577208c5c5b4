//! JSON without a crate for it.

use crate::render::literal::{join, string};

/// An object that is being written. What is empty or false is left out.
#[derive(Default)]
pub(super) struct Object {
    fields: Vec<String>,
}

impl Object {
    pub(super) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.field(name, &string(value))
    }

    pub(super) fn number(&mut self, name: &str, value: u64) -> &mut Self {
        self.field(name, &value.to_string())
    }

    pub(super) fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        if value { self.field(name, "true") } else { self }
    }

    pub(super) fn texts(&mut self, name: &str, values: &[String]) -> &mut Self {
        self.list(name, values.iter().map(|value| string(value)))
    }

    pub(super) fn list(&mut self, name: &str, items: impl Iterator<Item = String>) -> &mut Self {
        let items = join(items);
        if items.is_empty() { self } else { self.field(name, &format!("[{items}]")) }
    }

    fn field(&mut self, name: &str, value: &str) -> &mut Self {
        self.fields.push(format!("{}:{value}", string(name)));
        self
    }

    pub(super) fn finish(self) -> String {
        format!("{{{}}}", join(self.fields.into_iter()))
    }
}
