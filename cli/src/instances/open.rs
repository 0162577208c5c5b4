//! Stores and instances by name, and what is said when there is none.

use super::words::{named, quoted};
use crate::args::InstanceArgs;
use crate::outcome::Failure;
use serde_json::Value;
use statewright::store::{Filter, InstanceId, Sqlite, Store, StoreError, Summary};
use statewright_dsl::spelling::nearest;
use std::collections::BTreeSet;

/// An unknown key is compared with so many others, those that were started last: a store may have
/// millions.
const COMPARED: u64 = 10_000;

/// So many keys that are nearly right are named.
const NAMED: usize = 3;

/// A store that is looked at.
pub(crate) struct Opened {
    pub(crate) store: Sqlite,
    /// As the user wrote it.
    pub(crate) file: String,
}

impl Opened {
    pub(crate) fn new(file: &str) -> Result<Self, Failure> {
        let unreadable = |error| Failure::Io(format!("cannot open the store `{file}`"), error);
        // SQLite would not say that it is the rights that are missing.
        let opened = std::fs::File::open(file).and_then(|file| file.metadata());
        if opened.map_err(unreadable)?.is_dir() {
            let text = format!("`{file}` is a folder; a store is one file in it");
            return Err(Failure::Refused(text));
        }
        let store = Sqlite::open_read_only(file).map_err(refused)?;
        Ok(Self { store, file: file.to_owned() })
    }

    /// The names of all machines that there are or were instances of, in order.
    pub(crate) fn machines(&self) -> Result<BTreeSet<String>, Failure> {
        let shapes = self.store.shapes().map_err(refused)?;
        Ok(shapes.into_iter().map(|(_, shape)| shape.machine).collect())
    }

    /// Makes sure that a machine that was named is there.
    pub(crate) fn check_machine(&self, name: Option<&str>) -> Result<(), Failure> {
        let Some(name) = name else { return Ok(()) };
        let machines = self.machines()?;
        if machines.contains(name) {
            return Ok(());
        }
        let has = if machines.is_empty() { "none yet".to_owned() } else { listed(&machines) };
        let file = &self.file;
        Err(Failure::Refused(format!("`{file}` has no machine `{name}`; it has {has}")))
    }

    /// Makes sure that a state that was named is one of a machine.
    pub(crate) fn check_state(
        &self,
        state: Option<&str>,
        machine: Option<&str>,
    ) -> Result<(), Failure> {
        let Some(state) = state else { return Ok(()) };
        let mut known = BTreeSet::new();
        for (_, shape) in self.store.shapes().map_err(refused)? {
            if machine.is_none_or(|machine| machine == shape.machine) {
                // A shape that cannot be read names none.
                let shape: Value = serde_json::from_str(&shape.body).unwrap_or_default();
                let states = shape["states"].as_array().into_iter().flatten();
                known.extend(states.filter_map(|state| Some(state["path"].as_str()?.to_owned())));
            }
        }
        if known.contains(state) {
            return Ok(());
        }
        let text = format!("no machine in `{}` has a state {}", self.file, named(state));
        let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
        let same = known.iter().filter(|path| last(path) == last(&state.replace("::", ".")));
        let near = nearest(state, known.iter().map(String::as_str));
        let meant: Vec<String> = match near {
            Some(near) => vec![named(near)],
            None => same.take(NAMED).map(|path| named(path)).collect(),
        };
        let hint = match meant.is_empty() {
            true => String::new(),
            false => format!("\nhelp: did you mean {}?", meant.join(" or ")),
        };
        Err(Failure::Refused(text + &hint))
    }

    /// The instance with a key.
    pub(crate) fn find(&self, args: &InstanceArgs) -> Result<Summary, Failure> {
        self.check_machine(args.machine.as_deref())?;
        let machines = match &args.machine {
            Some(name) => BTreeSet::from([name.clone()]),
            None => self.machines()?,
        };
        let mut found = Vec::new();
        for machine in machines {
            if let Some(id) = self.store.find(&machine, &args.key).map_err(refused)? {
                found.push((machine, id));
            }
        }
        match found.as_slice() {
            [(machine, id)] => self.summary(machine, *id, &args.key),
            [] => Err(self.unknown(args)),
            several => {
                let machines = several.iter().map(|(machine, _)| machine.clone()).collect();
                Err(Failure::Refused(format!(
                    "`{}` has a {} of several machines, {}; name one with `--machine`",
                    self.file,
                    named(&args.key),
                    listed(&machines)
                )))
            }
        }
    }

    /// What lists say of an instance.
    pub(crate) fn summary(
        &self,
        machine: &str,
        id: InstanceId,
        key: &str,
    ) -> Result<Summary, Failure> {
        let machine = Some(machine.to_owned());
        let filter = Filter { machine, after: id.saturating_sub(1), limit: 1, ..Filter::default() };
        let found = self.store.list(&filter).map_err(refused)?;
        let gone = || {
            let text = format!(
                "{} has just been deleted, as instances are that ended long ago",
                named(key)
            );
            Failure::Refused(text)
        };
        found.into_iter().find(|summary| summary.id == id).ok_or_else(gone)
    }

    fn unknown(&self, args: &InstanceArgs) -> Failure {
        let of = args.machine.as_ref().map(|name| format!(" of `{name}`")).unwrap_or_default();
        let text = format!("`{}` has no instance{of} with key {}", self.file, named(&args.key));
        let hint = match self.similar(args) {
            Ok(keys) if !keys.is_empty() => {
                let keys: Vec<String> = keys.iter().map(|key| named(key)).collect();
                format!("did you mean {}?", keys.join(" or "))
            }
            _ => format!("`statewright ls {}` lists those that are there", quoted(&self.file)),
        };
        Failure::Refused(format!("{text}\nhelp: {hint}"))
    }

    /// Keys that are nearly the one that was asked for.
    fn similar(&self, args: &InstanceArgs) -> Result<Vec<String>, StoreError> {
        let after = self.store.next_instance()?.saturating_sub(COMPARED + 1);
        let filter = Filter { machine: args.machine.clone(), after, ..Filter::default() };
        let mut keys: BTreeSet<String> =
            self.store.list(&filter)?.into_iter().map(|summary| summary.key).collect();
        let mut similar = Vec::new();
        while let Some(key) = nearest(&args.key, keys.iter().map(String::as_str)) {
            let key = key.to_owned();
            keys.remove(&key);
            similar.push(key);
            if similar.len() == NAMED {
                break;
            }
        }
        Ok(similar)
    }
}

/// What is said of a store that cannot be read or written, and what can be done.
pub(crate) fn refused(error: StoreError) -> Failure {
    let help = match &error {
        StoreError::Foreign(_) => {
            "a store is the file that a program opens with `Sqlite::open`; docs/store.md says what \
             is in it"
        }
        StoreError::Corrupt(_) => {
            "end the program that runs it and copy its files before anything else; \
             `sqlite3 FILE .recover` saves what can be read"
        }
        StoreError::ReadOnly(_) => {
            "leaving messages takes the right to write the file; looking, while no program runs it, \
             that to write its folder: a copy elsewhere can be looked at"
        }
        // These say it themselves.
        _ => return Failure::Refused(error.to_string()),
    };
    Failure::Refused(format!("{error}\nhelp: {help}"))
}

fn listed(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
