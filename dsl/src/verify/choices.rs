//! Answers to what nobody knows: every one of them, one after the other.

use super::fan_out;
use super::slice;
use crate::interpret::{FaultKind, Host, Value};
use crate::model::{FanOut, Function};
use std::collections::BTreeMap;

/// What to answer.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// The answers to try, by the name of the guard or fn.
    pub(super) of: BTreeMap<String, Vec<Value>>,
    /// The fan-outs as they were declared, each with what makes its lists short.
    pub(super) lists: BTreeMap<String, FanOut>,
}

/// Something that was asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) function: String,
    pub(super) args: Vec<Value>,
    /// Where those come from that stand for many values: two that are alike may be different.
    from: Vec<Value>,
    /// When it was asked, if what it is asked about may change.
    moment: Option<u32>,
    /// Index into the answers.
    pub(super) answer: u8,
    /// How many answers there are.
    answers: u8,
}

/// Gives the answers of one step. The same question has the same answer: one about values that are known
/// throughout the step, one about what stands for many until something changes.
pub(super) struct Choices<'a> {
    answers: &'a Answers,
    /// Which answer each question gets, in the order of asking.
    pub(super) path: Vec<u8>,
    pub(super) asked: Vec<Question>,
    moment: u32,
}

impl<'a> Choices<'a> {
    pub(super) fn new(answers: &'a Answers, path: &[u8]) -> Self {
        Self { answers, path: path.to_vec(), asked: Vec::new(), moment: 0 }
    }

    /// Goes on to the next answers; false if all have been tried.
    pub(super) fn next(&mut self) -> bool {
        while let Some(last) = self.asked.pop() {
            if last.answer + 1 < last.answers {
                self.path.truncate(self.asked.len());
                self.path.push(last.answer + 1);
                self.asked.clear();
                self.moment = 0;
                return true;
            }
        }
        false
    }
}

impl Host for Choices<'_> {
    fn answer(&mut self, function: &Function, args: &[Value]) -> Result<Value, FaultKind> {
        let name = &function.name.text;
        if let (Some(of), [list]) = (self.answers.lists.get(name), args) {
            return Ok(fan_out::short(of, list));
        }
        let unanswered = || FaultKind::Unanswered(name.clone());
        let answers = self.answers.of.get(name).ok_or_else(unanswered)?;
        let (args, from) = args.split_at(function.params.len().min(args.len()));
        let is_known = !slice::stands_in(name) && !args.iter().chain(from).any(slice::is_stand_in);
        let moment = (!is_known).then_some(self.moment);
        let is_same = |q: &&Question| {
            q.function == *name && q.args == args && q.from == from && q.moment == moment
        };
        let known = self.asked.iter().find(is_same);
        let answer = match known {
            Some(question) => question.answer,
            None => {
                let at = self.asked.len();
                if at == self.path.len() {
                    self.path.push(0);
                }
                let answer = self.path[at];
                let (function, args, from) = (name.clone(), args.to_vec(), from.to_vec());
                let answers = answers.len() as u8;
                self.asked.push(Question { function, args, from, moment, answer, answers });
                answer
            }
        };
        answers.get(usize::from(answer)).cloned().ok_or_else(unanswered)
    }

    fn moved(&mut self) {
        self.moment += 1;
    }
}
