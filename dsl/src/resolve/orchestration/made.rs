//! Activities that states make: nobody declares them, and they are like those that are declared.

use crate::model::{Activity, ActivityId, Declarations};
use crate::resolve::ctx::Ctx;
use crate::resolve::declarations::Callable;
use crate::resolve::names::{check_name, declared_twice};
use crate::span::Span;

impl Ctx<'_, '_> {
    /// Makes an activity. The second of two with one name is an error, and is made all the same.
    pub(super) fn make(&mut self, what: &str, activity: Activity) -> ActivityId {
        check_name(&activity.name, self.d);
        if let Some((_, first)) = self.callable(&activity.name.text) {
            self.error(declared_twice(what, &activity.name, first));
        }
        let id = ActivityId((self.declarations.activities.len() + self.outside.made.len()) as u32);
        self.outside.made.push((id, activity));
        self.used.activities.insert(id);
        id
    }

    /// What has this name and is declared as a function or an activity, or was made up to here.
    pub(in crate::resolve) fn callable(&self, name: &str) -> Option<(Callable, Span)> {
        self.symbols.functions.find(name).or_else(|| {
            let mut made = self.outside.made.iter();
            let (id, made) = made.find(|(_, made)| made.name.text == name)?;
            Some((Callable::Activity(*id), made.name.span))
        })
    }

    /// The declarations, with everything that was made.
    pub(in crate::resolve) fn with_made(&self) -> Declarations {
        let mut complete = self.declarations.clone();
        complete.activities.extend(self.outside.made.iter().map(|(_, made)| made.clone()));
        complete
    }
}
