//! Rules for what an instance waits for: timers, events put off or delayed, activities, actions.

use super::fields::was;
use super::{
    Comparison, Difference, FieldShape, MessageShape, StateShape, TimerShape, state_name, target,
};

/// What timers are for. One stays what it is: nobody was told that the end is what was a reminder.
const KINDS: [&str; 5] = ["after", "every", "timeout", "escalate after", "remind every"];

/// How many of its kind stand in front of a timer.
fn rank(timers: &[TimerShape], at: usize) -> usize {
    timers[..at].iter().filter(|timer| timer.kind == timers[at].kind).count()
}

impl Comparison {
    /// The number that a timer has now; `None` if its state has it no more.
    pub(crate) fn timer(&self, number: u16) -> Result<Option<u16>, Difference> {
        let Some(old) = self.old.state_of_timer(number) else { return Ok(None) };
        let Some(new) = self.new_of(old) else { return Ok(None) };
        let at = usize::from(number - self.old.states[old].first_timer);
        let found = self.timers(old, new)?.into_iter().find(|(before, _)| *before == at);
        Ok(found.map(|(_, now)| self.new.states[new].first_timer + now as u16))
    }

    /// The timers of a state that instances in it do not have yet.
    pub(crate) fn new_timers(&self, new: usize) -> Vec<u16> {
        let shape = &self.new.states[new];
        let known = self.old_of(new).map_or_else(Vec::new, |old| {
            // What cannot be told apart is refused where one is pending.
            self.timers(old, new).unwrap_or_default()
        });
        let fresh = (0..shape.timers.len()).filter(|at| known.iter().all(|(_, now)| now != at));
        fresh.map(|at| shape.first_timer + at as u16).collect()
    }

    /// Which timers of a state are the same, by their places in it: those that wait as long as they
    /// did, in order; then, if only one of a kind is left on both sides, and is the same of all of its
    /// kind, counted from the first, these.
    pub(super) fn timers(&self, old: usize, new: usize) -> Result<Vec<(usize, usize)>, Difference> {
        let (old, new) = (&self.old.states[old], &self.new.states[new]);
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (at, timer) in old.timers.iter().enumerate() {
            let free = |now: &usize| pairs.iter().all(|(_, taken)| taken != now);
            let same = (0..new.timers.len()).filter(free).find(|now| new.timers[*now] == *timer);
            pairs.extend(same.map(|now| (at, now)));
        }
        for kind in KINDS {
            let left = |timers: &[TimerShape], taken: Vec<usize>| -> Vec<usize> {
                let free = |at: &usize| timers[*at].kind == kind && !taken.contains(at);
                (0..timers.len()).filter(free).collect()
            };
            let before = left(&old.timers, pairs.iter().map(|(before, _)| *before).collect());
            let now = left(&new.timers, pairs.iter().map(|(_, now)| *now).collect());
            match (&*before, &*now) {
                ([before], [now]) if rank(&old.timers, *before) == rank(&new.timers, *now) => {
                    pairs.push((*before, *now));
                }
                ([], _) | (_, []) => {}
                _ => {
                    let what = format!("`{kind}` of {}", state_name(old));
                    let why = "stands there several times, and which is which cannot be told";
                    let name = target(old);
                    let way_out = format!(
                        "`state {name} -> {}` in `{} {{ .. }}` starts all of them anew",
                        target(new),
                        self.block()
                    );
                    return Err(Difference::refused(what, why, way_out));
                }
            }
        }
        Ok(pairs)
    }

    /// The name that an event has now that an instance has put off or delayed; `None` if only Rust
    /// knows its type, which is the same.
    pub(crate) fn event(&self, name: &str) -> Result<Option<&str>, Difference> {
        let what = format!("event `{name}`");
        let way_out = "run the version before until no instance waits with one, or change it in a `Migrate` in Rust";
        if self.old.external_events.is_some() || self.new.external_events.is_some() {
            return match self.old.external_events == self.new.external_events {
                true => Ok(None),
                false => Err(Difference::refused(what, "was of another type", way_out)),
            };
        }
        let old = self.old.events.iter().find(|event| event.name == name);
        let Some(old) = old else {
            return Err(Difference::refused(what, "is of no version", way_out));
        };
        match self.new_event(old) {
            None => {
                let why = "is gone, and instances have put it off or delayed it";
                Err(Difference::refused(what, why, way_out))
            }
            Some(new) if self.types().fields(&old.fields, &new.fields) => Ok(Some(&new.name)),
            Some(new) => {
                let why = format!(
                    "carried {} and carries {} now",
                    listed(&old.fields),
                    listed(&new.fields)
                );
                Err(Difference::refused(what, why, way_out))
            }
        }
    }

    fn new_event(&self, old: &MessageShape) -> Option<&MessageShape> {
        let new = &self.new.events;
        let renamed = new
            .iter()
            .find(|new| new.was.contains(&old.name) || (old.id.is_some() && new.id == old.id));
        renamed.or_else(|| new.iter().find(|new| new.name == old.name))
    }

    /// The number that the `invoke` of an activity has now that has not ended.
    pub(crate) fn invoke(&self, number: u16) -> Result<u16, Difference> {
        let unknown = || {
            let what = format!("activity number {number}");
            Difference::refused(what, "is of no state", "abandon the instance")
        };
        let old = self.old.state_of_invoke(number).ok_or_else(unknown)?;
        let new = self.place(old)?;
        self.invoked(old, new)?;
        let before = number - self.old.states[old].invoke_number;
        Ok(self.new.states[new].invoke_number + before)
    }

    /// Whether a state has a timer that ends its wait for a person.
    pub(crate) fn has_timeout(&self, new: usize) -> bool {
        self.new.states[new].timers.iter().any(|timer| timer.kind == "timeout")
    }

    /// The number that a fan-out has now whose join is not decided; none if its state is gone.
    pub(crate) fn fan_out(&self, number: u64) -> Option<(usize, u16)> {
        let is_it = |s: &StateShape| s.fan_out_number.map(u64::from) == Some(number);
        let old = self.old.states.iter().position(is_it)?;
        let new = self.new_of(old)?;
        Some((new, self.new.states[new].fan_out_number?))
    }

    /// What a state invokes, where an instance in it may have asked for it.
    pub(super) fn invoked(&self, old: usize, new: usize) -> Result<(), Difference> {
        let (old, new) = (&self.old.states[old], &self.new.states[new]);
        let Some(before) = &old.invoke else { return Ok(()) };
        let what = state_name(old);
        let again = format!(
            "`state {} -> {}` in `{} {{ .. }}` cancels it, and asks for what the state invokes now",
            target(old),
            target(new),
            self.block()
        );
        match &new.invoke {
            Some(now) if now == before && !self.gives_the_same(old, new) => {
                let (gave, gives) = (&old.gives, &new.gives);
                let why = match old.asks_person() {
                    true if gave == gives => {
                        format!("is answered by `{gives}`, and not every old answer is one now")
                    }
                    true => format!("was answered by `{gave}` and is by `{gives}` now"),
                    false => format!("has branches that gave `{gave}` and give `{gives}` now"),
                };
                Err(Difference::refused(what, why, again))
            }
            Some(now) if now == before && !self.has_the_same_branches(old, new) => {
                let (had, has) = (quoted(&old.branches), quoted(&new.branches));
                let why = format!("had the branches {had} and has {has} now");
                Err(Difference::refused(what, why, again))
            }
            Some(now) if now == before => {
                // One behind the other, each a fallback of the one in front.
                for name in old.chains().flat_map(|chain| chain.split(" fallback ")) {
                    let fields = |list: &[MessageShape]| {
                        let found = list.iter().find(|activity| activity.name == name);
                        found.map_or_else(Vec::new, |activity| activity.fields.clone())
                    };
                    let asked = fields(&self.old.activities);
                    let wanted = fields(&self.new.activities);
                    if !self.types().fields(&asked, &wanted) {
                        let what = format!("{} of {what}", asked_name(name));
                        let why =
                            format!("took {} and takes {} now", listed(&asked), listed(&wanted));
                        return Err(Difference::refused(what, why, again));
                    }
                }
                Ok(())
            }
            Some(now) => {
                let why = format!("invoked `{before}` and invokes `{now}` now");
                Err(Difference::refused(what, why, again))
            }
            None => {
                let why = format!("invokes `{before}` no more: nobody would wait for it");
                Err(Difference::refused(what, why, again))
            }
        }
    }

    /// Whether what has been given, or is known to be an answer, can be read as what is given now.
    pub(super) fn gives_the_same(&self, old: &StateShape, new: &StateShape) -> bool {
        match old.asks_person() {
            // It was not always written down.
            true => old.gives.is_empty() || self.types().text(&old.gives, &new.gives),
            false => old.gives == new.gives,
        }
    }

    /// Whether the branches of a fan-out are called the same, in the same order.
    fn has_the_same_branches(&self, old: &StateShape, new: &StateShape) -> bool {
        // It was not always written down.
        old.branches.is_empty() || old.branches == new.branches
    }

    /// What a state invokes that it did not invoke before: instances in it have not asked for it.
    pub(crate) fn not_asked(&self, new: usize) -> Option<Difference> {
        let old = &self.old.states[self.old_of(new)?];
        let new = &self.new.states[new];
        let activity = new.invoke.as_ref().filter(|_| old.invoke.is_none())?;
        let why = format!("invokes `{activity}` now, which instances in it have not asked for");
        let way_out = format!(
            "`state {} -> {}` in `{} {{ .. }}` asks for it",
            target(old),
            target(new),
            self.block()
        );
        Some(Difference::refused(state_name(old), why, way_out))
    }

    /// An action that was decided and may not have been called: whether it can be still.
    pub(crate) fn action(&self, name: &str) -> Result<(), Difference> {
        let find = |list: &'_ [MessageShape]| {
            list.iter().find(|action| action.name == name).map(|action| action.fields.clone())
        };
        let (old, new) = (find(&self.old.actions), find(&self.new.actions));
        let what = format!("action `{name}`");
        let way_out = "start the version before once more: it calls what it has decided";
        let (Some(old), Some(new)) = (old, new) else {
            let why = "is gone, and has been decided and not called";
            return Err(Difference::refused(what, why, way_out));
        };
        let same = old.len() == new.len()
            && old.iter().zip(&new).all(|(old, new)| self.types().field(old, new));
        if same {
            return Ok(());
        }
        let changed = old.iter().zip(&new).find(|(old, new)| !self.types().field(old, new));
        let why = match changed {
            Some((old, new)) => {
                format!("has been decided, and its `{}` {}", old.name, was(old, new))
            }
            None => {
                format!("has been decided with {}, and takes {} now", listed(&old), listed(&new))
            }
        };
        Err(Difference::refused(what, why, way_out))
    }
}

/// ``activity `charge` ``, or `` `human approve` ``
fn asked_name(name: &str) -> String {
    if name.contains(' ') { format!("`{name}`") } else { format!("activity `{name}`") }
}

/// `` `car`, `boat` ``
fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// `(total: u32, note: String)`
pub(super) fn listed(fields: &[FieldShape]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|field| format!("{}: {}", field.name, field.ty)).collect();
    match fields.is_empty() {
        true => "nothing".to_owned(),
        false => format!("`({})`", fields.join(", ")),
    }
}
