//! Letters from other instances.
//!
//! The store is their queue: a shard that hears that letters are owed to an instance fetches them in
//! order, as many as there is room for, and again when there is more room. So nobody who sends has to
//! wait, and what waits takes no memory. A letter is taken in the commit of the step that it causes.
//! After any trouble - no room, a store that fails, an instance that leaves memory - what is here is
//! forgotten and fetched again, from the first that is owed: that keeps the order.

use super::{PAUSE, Place, Shard};
use crate::engine::error::EngineError;
use crate::engine::family::{self, Parent};
use crate::engine::letters::cause_text;
use crate::engine::message::{Address, Job, LetterOrder, LetterReply, Message};
use crate::engine::meters;
use crate::engine::resident::Committing;
use crate::store::{
    Commit, Letter, LetterChange, LetterId, LetterKind, LetterRow, Outcome, Sender, StoreError,
};
use std::collections::BTreeSet;
use tokio::time::Instant;

/// How many more letters are asked for than an instance may have waiting: more than it takes in one
/// go, so that among them are some that are not here yet.
const BEYOND: usize = 512;

/// Letters for an instance that are to be fetched.
#[derive(Default)]
pub(super) struct Mail {
    /// The store has been asked.
    is_asked: bool,
    /// There are more since then.
    again: bool,
    /// Not before.
    at: Option<Instant>,
    /// What was done with since the store was asked, and may be in its answer.
    done: Vec<LetterId>,
}

/// What is done about a letter of a batch when the batch is durable.
pub(super) enum Track {
    /// It is owed: its receiver is told.
    Sent(Address),
    /// It is owed to a machine that is not registered.
    Stray(LetterId, String),
    /// It is owed no more.
    Gone(LetterId),
    /// Somebody waits for what becomes of it.
    Answer(LetterId, LetterReply),
}

impl Shard {
    /// Letters are owed to an instance.
    pub(super) fn owed(&mut self, address: Address) {
        let mail = self.mail.entry(address).or_default();
        mail.again |= mail.is_asked;
    }

    /// The same, but nothing can be done about it now.
    pub(super) fn owed_later(&mut self, address: Address) {
        let mail = self.mail.entry(address).or_default();
        mail.again |= mail.is_asked;
        mail.at = Some(Instant::now() + PAUSE);
    }

    /// When letters are asked for next that could not be had.
    pub(super) fn next_mail(&self) -> Option<Instant> {
        // What waits for room since is asked for when there is some.
        let now = Instant::now();
        let open = self.mail.values().filter(|mail| !mail.is_asked);
        open.filter_map(|mail| mail.at).filter(|at| *at > now).min()
    }

    /// Asks the store for letters where there is room for them.
    pub(super) fn ask_mail(&mut self) {
        if self.mail.is_empty() || self.stopping.is_some() {
            return;
        }
        let now = Instant::now();
        let half = (self.shared.settings.mailbox / 2).max(1);
        let (places, residents) = (&self.places, &self.residents);
        let mut asked = Vec::new();
        for (address, mail) in &mut self.mail {
            let waiting = match places.get(address) {
                Some(Place::Loading(jobs)) => jobs.len(),
                Some(Place::At(id)) => residents.get(id).map_or(0, |(_, r)| r.queue.len()),
                None => 0,
            };
            if !mail.is_asked && mail.at.is_none_or(|at| at <= now) && waiting < half {
                (mail.is_asked, mail.at) = (true, None);
                asked.push(address.clone());
            }
        }
        if !asked.is_empty() {
            self.shared.load_letters(self.number, asked, self.most_letters());
        }
    }

    fn most_letters(&self) -> usize {
        self.shared.settings.mailbox + BEYOND
    }

    /// What the store has for an instance.
    pub(super) fn letters(&mut self, address: Address, found: Result<Vec<LetterRow>, StoreError>) {
        let Some(mail) = self.mail.remove(&address) else { return };
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "letters cannot be read");
                return self.owed_later(address);
            }
        };
        // What could not be taken since is asked for again, and not at once.
        let (at, mut again) = (mail.at, mail.again || found.len() == self.most_letters());
        for LetterRow { letter, .. } in found {
            if mail.done.contains(&letter.id) || self.here.contains_key(&letter.id) {
                continue;
            }
            if !self.has_room(&address) {
                again = true;
                break;
            }
            self.here.insert(letter.id, address.clone());
            self.to(address.clone(), Job::Letter(letter));
        }
        if again {
            self.mail.insert(address, Mail { at, ..Mail::default() });
        }
    }

    fn has_room(&self, address: &Address) -> bool {
        let waiting = match self.places.get(address) {
            Some(Place::Loading(jobs)) => jobs.len(),
            Some(Place::At(id)) => self.residents.get(id).map_or(0, |(_, r)| r.queue.len()),
            None => 0,
        };
        waiting < self.shared.settings.mailbox
    }

    /// A letter that its instance cannot take, or cannot take now.
    pub(super) fn refuse_letter(&mut self, letter: &Letter, error: &EngineError) {
        match error {
            EngineError::Parked { .. } if letter.kind == LetterKind::Start => {
                let (machine, key) = (letter.machine.clone(), letter.key.clone());
                self.refuse_start(letter, &EngineError::Duplicate { machine, key });
            }
            // It is fetched by the next engine, or when the instance is tried again.
            EngineError::Stopped | EngineError::Parked { .. } => {
                self.here.remove(&letter.id);
            }
            EngineError::Store(_) | EngineError::Overloaded(_) => self.waits(letter.id),
            error => match letter.kind {
                LetterKind::Event => self.dead(letter.id, error),
                LetterKind::Start => {
                    let (machine, key) = (letter.machine.clone(), letter.key.clone());
                    self.refuse_start(letter, &EngineError::Duplicate { machine, key });
                }
                // Who has ended has no children to wait for, and need not be cancelled.
                LetterKind::Cancel | LetterKind::Ended => {
                    let now = self.shared.time.millis();
                    self.batch.push(of_letters(now, vec![LetterChange::Taken(letter.id)]));
                }
            },
        }
    }

    /// A letter for a new instance, which another one starts.
    pub(super) fn start_child(&mut self, address: Address, letter: Letter) {
        let (kind, now) = (&self.shared.kinds[address.kind], self.shared.time.millis());
        let most = self.shared.settings.depth;
        let begun = Parent::of(&letter).and_then(|(parent, start)| match parent.depth > most {
            true => Err(EngineError::TooDeep(most)),
            false => kind.begin(kind.start(&start)?, &address.key, now, Some(parent)),
        });
        match begun {
            Ok((live, step)) => {
                let letters = vec![LetterChange::Taken(letter.id)];
                self.begin(
                    address,
                    (live, step, now),
                    Committing { letters, ..Committing::default() },
                );
            }
            Err(error) => self.refuse_start(&letter, &error),
        }
    }

    /// Whoever wants to start an instance is told that it cannot be.
    fn refuse_start(&mut self, letter: &Letter, error: &EngineError) {
        let now = self.shared.time.millis();
        let taken = [LetterChange::Taken(letter.id)].into_iter();
        let changes = taken.chain(self.refusal(letter, error)).collect();
        self.batch.push(of_letters(now, changes));
    }

    fn refusal(&self, letter: &Letter, error: &EngineError) -> Option<LetterChange> {
        let (machine, key) = (letter.machine.clone(), letter.key.clone());
        let sender = Sender { machine, key, instance: 0 };
        let told = family::refused(letter, error)?;
        Some(LetterChange::Sent(self.shared.sent(told, sender, self.shared.time.millis())))
    }

    /// A letter that is not tried again before a person says so.
    pub(super) fn dead(&mut self, letter: LetterId, error: &EngineError) {
        tracing::error!(letter, %error, "a letter cannot be delivered");
        meters::dead_letter();
        self.batch.push(of_letters(
            self.shared.time.millis(),
            vec![LetterChange::Refused(letter, cause_text(error))],
        ));
    }

    /// Forgets a letter that is fetched again.
    pub(super) fn put_back(&mut self, letter: LetterId) {
        if let Some(address) = self.here.remove(&letter) {
            self.owed(address);
        }
    }

    /// Forgets a letter that cannot be taken now.
    pub(super) fn waits(&mut self, letter: LetterId) {
        if let Some(address) = self.here.remove(&letter) {
            self.owed_later(address);
        }
    }

    /// What is to be done about the letters of a commit behind it.
    pub(super) fn tracks(&self, commit: &Commit) -> Vec<Track> {
        let track = |change: &LetterChange| match change {
            LetterChange::Sent(letter) => Some(match self.shared.receiver(letter) {
                Some(address) => Track::Sent(address),
                None => Track::Stray(letter.id, letter.machine.clone()),
            }),
            LetterChange::Taken(id) | LetterChange::Refused(id, _) => Some(Track::Gone(*id)),
            LetterChange::Resent(..) | LetterChange::Abandoned(_) => None,
        };
        commit.letters.iter().filter_map(track).collect()
    }

    /// What became of the letters of a batch.
    pub(super) fn tracked(
        &mut self,
        tracks: Vec<(usize, Track)>,
        result: Result<&[Outcome], &StoreError>,
    ) {
        let mut receivers = BTreeSet::new();
        for (at, track) in tracks {
            let outcome = result.map(|outcomes| outcomes.get(at).copied());
            match (track, outcome) {
                (Track::Answer(id, reply), outcome) => self.answer_letter(id, reply, outcome),
                // What the store denies it may have kept.
                (Track::Sent(address), Ok(Some(Outcome::Done)) | Err(_)) => {
                    receivers.insert(address);
                }
                (Track::Stray(id, machine), Ok(Some(Outcome::Done))) => {
                    self.dead(id, &EngineError::UnknownMachine(machine));
                }
                (Track::Gone(id), Ok(Some(Outcome::Done))) => self.gone(id),
                // The key of a child was taken in the meantime, which shows now.
                (Track::Gone(id), Ok(Some(Outcome::Duplicate))) => self.put_back(id),
                (Track::Gone(id), Err(_)) => self.waits(id),
                _ => {}
            }
        }
        for address in receivers {
            self.shared.tell(&address.clone(), Message::Owed(address));
        }
    }

    fn gone(&mut self, letter: LetterId) {
        let Some(address) = self.here.remove(&letter) else { return };
        if let Some(mail) = self.mail.get_mut(&address).filter(|mail| mail.is_asked) {
            mail.done.push(letter);
        }
    }

    // What a person decides about a dead letter.

    pub(super) fn order_letter(
        &mut self,
        id: LetterId,
        found: Option<Box<LetterRow>>,
        order: LetterOrder,
        reply: LetterReply,
    ) {
        let Some(row) = found.filter(|row| row.is_dead && self.stopping.is_none()) else {
            return self.answer_letter(id, reply, Ok(Some(Outcome::NotDead)));
        };
        let now = self.shared.time.millis();
        let receiver = self.shared.receiver(&row.letter);
        let mut tracks = Vec::new();
        let mut commit = match order {
            LetterOrder::Retry(body) => {
                tracks.push(match receiver {
                    Some(address) => Track::Sent(address),
                    None => Track::Stray(id, row.letter.machine.clone()),
                });
                of_letters(now, vec![LetterChange::Resent(id, body)])
            }
            LetterOrder::Abandon => {
                let is_start = row.letter.kind == LetterKind::Start;
                let told = self.refusal(&row.letter, &EngineError::NotStarted).filter(|_| is_start);
                let given_up = [LetterChange::Abandoned(id)].into_iter();
                of_letters(now, given_up.chain(told).collect())
            }
        };
        if let LetterReply::Left(left) = &reply {
            commit.taken.push((*left, "Handled".to_owned()));
        }
        tracks.push(Track::Answer(id, reply));
        let at = self.batch.len();
        self.batch.push(commit);
        self.ordered.extend(tracks.into_iter().map(|track| (at, track)));
    }

    pub(super) fn answer_letter(
        &mut self,
        id: LetterId,
        reply: LetterReply,
        outcome: Result<Option<Outcome>, &StoreError>,
    ) {
        let answer = match outcome {
            Ok(Some(Outcome::Done)) => Ok(()),
            Ok(_) => Err(EngineError::NotDead(id)),
            Err(error) => Err(EngineError::Store(error.clone())),
        };
        match (reply, answer) {
            (LetterReply::Answer(told), answer) => {
                // Who does not wait any more need not be told.
                let _ = told.send(answer);
            }
            (LetterReply::Left(_), Ok(())) => {}
            (LetterReply::Left(left), Err(EngineError::Store(_))) => self.not_taken(left),
            (LetterReply::Left(left), Err(error)) => {
                self.answer_left(left, format!("error: {error}"));
            }
        }
    }
}

/// A commit of letters alone.
fn of_letters(at: u64, letters: Vec<LetterChange>) -> Commit {
    Commit { letters, ..Commit::of(0, at) }
}
