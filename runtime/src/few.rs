//! A list that mostly has at most one item, and needs no memory of its own then.

use std::ops::{Deref, DerefMut};

/// A list that mostly has at most one item. Read as a slice.
#[derive(Debug, Default)]
pub enum Few<T> {
    /// Nothing.
    #[default]
    None,
    /// One item.
    One(T),
    /// There were two once.
    Many(Vec<T>),
}

impl<T> Few<T> {
    /// Puts an item at the end.
    pub(crate) fn push(&mut self, item: T) {
        self.push_with(|| item);
    }

    /// Puts an item at the end that is made where it stays: moving it costs more than all the rest. So
    /// nothing between making it and having it there may fail, or it would have to be dropped, and for that
    /// be somewhere; and what comes behind others is made in another place.
    #[inline(always)]
    pub(crate) fn push_with(&mut self, make: impl FnOnce() -> T) {
        match self {
            // There is nothing to drop, but whoever assigns looks.
            Self::None => std::mem::forget(std::mem::replace(self, Self::One(make()))),
            _ => self.push_behind(make()),
        }
    }

    #[inline(never)]
    fn push_behind(&mut self, item: T) {
        let mut items = match std::mem::take(self) {
            Self::None => Vec::new(),
            Self::One(first) => vec![first],
            Self::Many(items) => items,
        };
        items.push(item);
        *self = Self::Many(items);
    }

    /// Puts an item at a place, or at the end if the list is not so long.
    pub(crate) fn insert(&mut self, at: usize, item: T) {
        self.push(item);
        let end = self.len();
        if let Self::Many(items) = self {
            items[at.min(end - 1)..].rotate_right(1);
        }
    }

    /// Takes the item at a place, if there is one.
    #[inline]
    pub(crate) fn remove(&mut self, at: usize) -> Option<T> {
        if let Self::Many(items) = self {
            return (at < items.len()).then(|| items.remove(at));
        }
        match std::mem::take(self) {
            Self::One(item) if at == 0 => Some(item),
            other => {
                *self = other;
                None
            }
        }
    }

    /// Takes all items that are wanted, and gives them in their order.
    pub(crate) fn extract(&mut self, mut wanted: impl FnMut(&T) -> bool) -> Vec<T> {
        match self {
            Self::Many(items) => items.extract_if(.., |item| wanted(item)).collect(),
            Self::One(item) if wanted(item) => self.remove(0).into_iter().collect(),
            Self::None | Self::One(_) => Vec::new(),
        }
    }

    /// Empties the list; it keeps its room.
    pub(crate) fn clear(&mut self) {
        match self {
            Self::Many(items) => items.clear(),
            Self::None | Self::One(_) => *self = Self::None,
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::None => &[],
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }
}

impl<T> DerefMut for Few<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::None => &mut [],
            Self::One(item) => std::slice::from_mut(item),
            Self::Many(items) => items,
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(mut items: Vec<T>) -> Self {
        match (items.pop(), items.is_empty()) {
            (None, _) => Self::None,
            (Some(item), true) => Self::One(item),
            (Some(item), false) => {
                items.push(item);
                Self::Many(items)
            }
        }
    }
}

impl<T: Clone> Clone for Few<T> {
    fn clone(&self) -> Self {
        match self {
            Self::None => Self::None,
            Self::One(item) => Self::One(item.clone()),
            Self::Many(items) => Self::Many(items.clone()),
        }
    }

    fn clone_from(&mut self, source: &Self) {
        match (self, source) {
            (Self::One(item), Self::One(other)) => item.clone_from(other),
            (Self::Many(items), source) => {
                items.clear();
                items.extend_from_slice(source);
            }
            (this, source) => *this = source.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    /// Does the same to a list of both kinds.
    #[test]
    fn it_does_what_a_vec_does() {
        for mut list in [vec![], vec![1], vec![1, 2], vec![1, 2, 3]] {
            let mut few = Few::from(list.clone());
            assert_eq!(*few, *list);
            for at in [0, 1, 5] {
                let (mut list, mut few) = (list.clone(), few.clone());
                few.insert(at, 9);
                list.insert(at.min(list.len()), 9);
                assert_eq!(*few, *list);
                assert_eq!(few.remove(at), (at < list.len()).then(|| list.remove(at)));
                assert_eq!(*few, *list);
                let mut copy = Few::from(vec![7]);
                copy.clone_from(&few);
                assert_eq!(*copy, *list);
            }
            let taken: Vec<_> = list.extract_if(.., |item| *item != 2).collect();
            assert_eq!(few.extract(|item| *item != 2), taken);
            assert_eq!(*few, *list);
            list.push(4);
            few.push(4);
            assert_eq!(*few, *list);
            few.clear();
            assert!(few.is_empty());
        }
    }
}
